using ActorTorrent.Cli.Remote;

namespace ActorTorrent.Cli.Tests.Remote;

public sealed class TorrentNamesTests
{
    private static readonly Service.Api.TorrentResource[] Torrents =
    [
        SampleService.Torrent(1, "Debian", new string('1', 39) + "a"),
        SampleService.Torrent(2, "Debian 12", "beef" + new string('0', 36)),
        SampleService.Torrent(3, "2", "c0ffee" + new string('0', 34)),
        SampleService.Torrent(12, "öl", "cafe" + new string('0', 36)),
    ];

    [Theory]
    [InlineData("1", 1)]
    [InlineData("2", 2)]
    [InlineData("12", 12)]
    [InlineData("Debian", 1)]
    [InlineData("debian 1", 2)]
    [InlineData("BEEF", 2)]
    [InlineData("c0", 3)]
    [InlineData("Ö", 12)]
    [InlineData("111", 1)]
    public void One_is_meant(string text, int id) => Assert.Equal(id, TorrentNames.Find(text, Torrents).Id);

    [Theory]
    [InlineData("debian", "'debian' may be 1 (Debian, 11111111) or 2 (Debian 12, beef0000).")]
    [InlineData("c", "'c' may be 3 (2, c0ffee00) or 12 (öl, cafe0000).")]
    [InlineData("", "There is no torrent ''")]
    [InlineData("99", "There is no torrent '99'; 'actortorrent list' shows which there are.")]
    [InlineData("ebian", "There is no torrent 'ebian'")]
    public void None_or_more_than_one_is_said(string text, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<InputException>(() => TorrentNames.Find(text, Torrents)).Message, StringComparison.Ordinal);

    [Fact]
    public void Each_counts_once() => Assert.Equal([2, 1], TorrentNames.Find(["2", "Debian", "beef", "1"], Torrents).Select(static torrent => torrent.Id));
}
