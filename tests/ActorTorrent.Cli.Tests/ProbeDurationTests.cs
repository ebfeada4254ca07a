using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Cli.Tests;

public sealed class ProbeDurationTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("1ms", 1)]
    [InlineData("5s", 5_000)]
    [InlineData("0.5s", 500)]
    [InlineData("1.25m", 75_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("24h", 86_400_000)]
    public void A_number_with_a_unit_is_a_duration(string text, int milliseconds)
    {
        Assert.True(ProbeDuration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("5")]
    [InlineData("5 s")]
    [InlineData("-5s")]
    [InlineData("0s")]
    [InlineData("0.5ms")]
    [InlineData("25h")]
    [InlineData("5S")]
    [InlineData("5d")]
    [InlineData("1,5s")]
    [InlineData("NaNs")]
    [InlineData("1e9s")]
    [InlineData("Infinitys")]
    public void Anything_else_is_none(string text) => Assert.False(ProbeDuration.TryParse(text, out _));

    [Fact]
    public void Whole_milliseconds_are_read_as_they_stand() =>
        Prop.ForAll(Gen.Choose(1, 86_400_000).ToArbitrary(), milliseconds =>
        {
            Assert.True(ProbeDuration.TryParse(milliseconds.ToString(CultureInfo.InvariantCulture) + "ms", out var duration));
            Assert.Equal(milliseconds, duration.TotalMilliseconds, 0.001);
        }).Check(Config.QuickThrowOnFailure);
}
