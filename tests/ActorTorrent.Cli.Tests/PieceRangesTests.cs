using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Cli.Tests;

public sealed class PieceRangesTests
{
    [Theory]
    [InlineData("")]
    [InlineData("0", 0)]
    [InlineData("0-3", 0, 1, 2, 3)]
    [InlineData("0-1,7,9-11", 0, 1, 7, 9, 10, 11)]
    public void Runs_are_drawn_together(string text, params int[] pieces) => Assert.Equal(text, PieceRanges.Of(pieces));

    [Theory]
    [InlineData("1,3,...", 1, 3, 5)]
    [InlineData("1-2,4", 1, 2, 4)]
    public void Too_many_runs_are_left_out(string text, params int[] pieces) => Assert.Equal(text, PieceRanges.Of(pieces, most: 2));

    [Fact]
    public void Read_back_they_are_the_same() =>
        Prop.ForAll(Gen.Choose(0, 60).ListOf().Select(static list => list.Distinct().Order().ToArray()).ToArbitrary(), pieces =>
        {
            var read = PieceRanges.Of(pieces).Split(',', StringSplitOptions.RemoveEmptyEntries).SelectMany(static run =>
            {
                var ends = run.Split('-').Select(static end => int.Parse(end, CultureInfo.InvariantCulture)).ToArray();
                return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
            });
            Assert.Equal(pieces, read);
        }).Check(Config.QuickThrowOnFailure);
}
