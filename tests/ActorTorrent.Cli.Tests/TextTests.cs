using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Cli.Tests;

public sealed class TextTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1, "1 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1 KiB")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(102_400, "100 KiB")]
    [InlineData(1_048_576, "1 MiB")]
    [InlineData(3_221_225_472, "3 GiB")]
    [InlineData(1_099_511_627_776, "1 TiB")]
    [InlineData(long.MaxValue, "8192 PiB")]
    public void Sizes(long bytes, string text) => Assert.Equal(text, Text.Bytes(bytes));

    [Fact]
    public void Rates() => Assert.Equal("1.5 MiB/s", Text.Rate(1.5 * (1 << 20)));

    [Theory]
    [InlineData(0, "0:00")]
    [InlineData(59, "0:59")]
    [InlineData(245, "4:05")]
    [InlineData(3_723, "1:02:03")]
    [InlineData(360_000, "100:00:00")]
    [InlineData(8_640_000, ">100 days")]
    public void Times(int seconds, string text) => Assert.Equal(text, Text.Time(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void No_time() => Assert.Equal("-", Text.Time(null));

    [Fact]
    public void Counts() => Assert.Equal(["0 pieces", "1 piece", "2 pieces"], [Text.Count(0, "piece"), Text.Count(1, "piece"), Text.Count(2, "piece")]);

    [Theory]
    [InlineData("übung – 日本", "übung – 日本")]
    [InlineData("a\nb", @"a\u000ab")]
    [InlineData("\u001b[31m", @"\u001b[31m")]
    [InlineData("x\u202egpj", @"x\u202egpj")]
    [InlineData("\u0085", @"\u0085")]
    public void Foreign_texts(string text, string shown) => Assert.Equal(shown, Text.Printable(text));

    [Fact]
    public void Whatever_comes_nothing_that_steers_a_terminal_is_left() =>
        Prop.ForAll(Gen.Choose(0, char.MaxValue).Select(static code => (char)code).ListOf().ToArbitrary(), letters =>
        {
            var shown = Text.Printable(string.Concat(letters));
            Assert.DoesNotContain(shown, c => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format);
        }).Check(Config.QuickThrowOnFailure);
}
