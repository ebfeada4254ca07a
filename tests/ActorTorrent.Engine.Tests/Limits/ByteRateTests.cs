using ActorTorrent.Engine.Limits;

namespace ActorTorrent.Engine.Tests.Limits;

public sealed class ByteRateTests
{
    [Theory]
    [InlineData("5MiB/s", 5L << 20)]
    [InlineData("5MiB", 5L << 20)]
    [InlineData(" 500 kB/s ", 500_000)]
    [InlineData("1.5MiB/s", 3L << 19)]
    [InlineData("1", 1)]
    [InlineData("16384B/s", 16384)]
    [InlineData("1024GiB/s", ByteRate.Max)]
    [InlineData("off", 0)]
    [InlineData("OFF", 0)]
    public void A_rate_is_read(string text, long bytesPerSecond)
    {
        Assert.True(ByteRate.TryParse(text, out var rate));
        Assert.Equal(bytesPerSecond, rate.BytesPerSecond);
        Assert.Equal(bytesPerSecond == 0, rate.IsUnlimited);
        Assert.True(ByteRate.TryParse(rate.ToString(), out var again));
        Assert.Equal(rate, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0.5B/s")]
    [InlineData("-5MiB/s")]
    [InlineData("5MiB/m")]
    [InlineData("5 Mbit/s")]
    [InlineData("1025GiB/s")]
    [InlineData("99999999999999999999999999999999999GiB")]
    [InlineData("1,5MiB/s")]
    [InlineData("fast")]
    public void Anything_else_is_not(string text) => Assert.False(ByteRate.TryParse(text, out _));
}
