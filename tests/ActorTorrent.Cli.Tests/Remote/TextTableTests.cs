using ActorTorrent.Cli.Remote;

namespace ActorTorrent.Cli.Tests.Remote;

public sealed class TextTableTests
{
    private static readonly TextColumn[] Columns = [new("N", IsNumber: true), new("NAME", Shrinks: true), new("KIND"), new("MORE", Shrinks: true)];

    [Fact]
    public void Columns_are_as_wide_as_they_have_to_be() => Assert.Equal(
        [" N  NAME  KIND  MORE", "10  a     b     c", " 2  long  x"],
        TextTable.Lines(Columns, [["10", "a", "b", "c"], ["2", "long", "x", ""]]));

    [Fact]
    public void The_last_that_may_is_cut_first() => Assert.Equal(
        ["N  NAME        KIND  MORE", "1  0123456789  k     012345…"],
        TextTable.Lines(Columns, [["1", "0123456789", "k", "0123456789"]], width: 28));

    [Fact]
    public void No_line_is_wider_than_there_is_room() =>
        Assert.All(TextTable.Lines(Columns, [["1", "0123456789", "kind of", "0123456789"]], width: 12), static line => Assert.InRange(line.Length, 1, 12));

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "ab…")]
    [InlineData("映画館", 5, "映画…")]
    [InlineData("映画館", 4, "映…")]
    [InlineData("a😀😀", 4, "a😀…")]
    [InlineData("abc", 0, "")]
    public void Texts_are_cut_by_what_a_terminal_shows(string text, int width, string expected) => Assert.Equal(expected, TextTable.Cut(text, width));
}
