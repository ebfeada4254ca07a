using System.Globalization;
using ActorTorrent.Cli.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Cli.Tests;

public sealed class FileSelectionTests
{
    [Fact]
    public void Nothing_said_selects_everything() => Assert.Null(FileSelection.Parse(null, SampleTorrent.Files(3)));

    [Theory]
    [InlineData("1", 0)]
    [InlineData("5", 4)]
    [InlineData("1,3-5", 0, 2, 3, 4)]
    [InlineData(" 2 , 4 - 4 ", 1, 3)]
    [InlineData("2-3,3-4,2", 1, 2, 3)]
    [InlineData("1-5", 0, 1, 2, 3, 4)]
    [InlineData("001", 0)]
    public void Numbers_and_ranges_select_files(string text, params int[] files) =>
        Assert.Equal(files, FileSelection.Parse(text, SampleTorrent.Files(5))!.Order());

    [Theory]
    [InlineData("", "''")]
    [InlineData("1,", "''")]
    [InlineData(",", "''")]
    [InlineData("a", "'a'")]
    [InlineData("1-", "'1-'")]
    [InlineData("-3", "'-3'")]
    [InlineData("3-1", "'3-1'")]
    [InlineData("1-2-3", "'1-2-3'")]
    [InlineData("+1", "'+1'")]
    [InlineData("1.5", "'1.5'")]
    [InlineData("99999999999", "'99999999999'")]
    public void What_is_no_number_or_range_is_named(string text, string named)
    {
        var refusal = Assert.Throws<InputException>(() => FileSelection.Parse(text, SampleTorrent.Files(5)));

        Assert.StartsWith("--select: " + named, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("6")]
    [InlineData("0-3")]
    [InlineData("4-6")]
    [InlineData("1-2147483647")]
    public void A_file_that_is_not_there_is_named_with_the_range_that_is(string text)
    {
        var refusal = Assert.Throws<InputException>(() => FileSelection.Parse(text, SampleTorrent.Files(5)));

        Assert.Contains($"'{text}' names no file; the torrent has files 1 to 5", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_list_of_ranges_selects_their_union()
    {
        const int Count = 40;
        var range = Gen.Choose(1, Count).Two().Select(ends => (First: Math.Min(ends.Item1, ends.Item2), Last: Math.Max(ends.Item1, ends.Item2)));
        Prop.ForAll(range.NonEmptyListOf().ToArbitrary(), ranges =>
        {
            var text = string.Join(',', ranges.Select(r => r.First == r.Last
                ? r.First.ToString(CultureInfo.InvariantCulture)
                : string.Create(CultureInfo.InvariantCulture, $"{r.First}-{r.Last}")));
            var expected = Enumerable.Range(1, Count).Where(n => ranges.Any(r => n >= r.First && n <= r.Last)).Select(n => n - 1);
            Assert.Equal(expected, FileSelection.Parse(text, SampleTorrent.Files(Count))!.Order());
        }).Check(Config.QuickThrowOnFailure);
    }
}
