namespace ActorTorrent.Cli.Tests;

public sealed class PieceLengthOptionTests
{
    [Theory]
    [InlineData("16384", 16 << 10)]
    [InlineData("16K", 16 << 10)]
    [InlineData("256k", 256 << 10)]
    [InlineData("256KiB", 256 << 10)]
    [InlineData("1M", 1 << 20)]
    [InlineData("16mib", 16 << 20)]
    [InlineData("256M", 256 << 20)]
    public void Sizes(string text, int length)
    {
        Assert.True(PieceLengthOption.TryParse(text, out var parsed));
        Assert.Equal(length, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("K")]
    [InlineData("18")]
    [InlineData("8K")]
    [InlineData("48K")]
    [InlineData("512M")]
    [InlineData("1G")]
    [InlineData("-16K")]
    [InlineData("16 K")]
    [InlineData("1.5M")]
    [InlineData("256KB")]
    [InlineData("2147483647M")]
    [InlineData("99999999999")]
    public void No_sizes(string text) => Assert.False(PieceLengthOption.TryParse(text, out _));
}
