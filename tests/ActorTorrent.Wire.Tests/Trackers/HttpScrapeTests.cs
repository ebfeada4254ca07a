using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Tests.Support;
using ActorTorrent.Wire.Trackers;
using FsCheck.Fluent;

namespace ActorTorrent.Wire.Tests.Trackers;

public class HttpScrapeTests
{
    private static readonly InfoHash Hash = new("aaaaaaaaaaaaaaaaaa\0~"u8);

    [Theory]
    [InlineData("http://t/announce", "http://t/scrape?info_hash=aaaaaaaaaaaaaaaaaa%00~")]
    [InlineData("http://t/x/announce", "http://t/x/scrape?info_hash=aaaaaaaaaaaaaaaaaa%00~")]
    [InlineData("http://t/announce.php", "http://t/scrape.php?info_hash=aaaaaaaaaaaaaaaaaa%00~")]
    [InlineData("https://t:99/announce?x2%2F=y", "https://t:99/scrape?x2%2F=y&info_hash=aaaaaaaaaaaaaaaaaa%00~")]
    [InlineData("http://t/a", null)]
    [InlineData("http://t/x%064announce", null)]
    [InlineData("http://t/announce/x", null)]
    [InlineData("http://t/a?x=/announce", null)]
    public void The_url_follows_the_convention(string announce, string? expected)
    {
        Assert.Equal(expected is not null, HttpScrape.TryBuildUri(new Uri(announce), [Hash], out var uri));
        Assert.Equal(expected, uri?.AbsoluteUri);
    }

    [Fact]
    public void Questions_round_trip() => Properties.Hold(
        WireCases.InfoHashes.NonEmptyListOf(),
        hashes =>
        {
            Assert.True(HttpScrape.TryBuildUri(new Uri("http://t/announce?k=v"), hashes, out var uri));
            Assert.True(HttpScrape.TryParse(uri.Query, out var read, out _));
            Assert.Equal(hashes, read);
        });

    [Fact]
    public void Answers_round_trip() => Properties.Hold(
        from hashes in WireCases.InfoHashes.ListOf()
        from numbers in Gen.Choose(0, int.MaxValue).ArrayOf(3)
        select hashes.Distinct().ToDictionary(hash => hash, _ => new ScrapeEntry(numbers[0], numbers[1], numbers[2])),
        torrents => Assert.Equal(torrents, HttpScrape.ParseResponse(HttpScrape.WriteResponse(torrents))));

    [Theory]
    [InlineData("^de", "files")]
    [InlineData("d<files>^lee", "files")]
    [InlineData("d<files>^d<short>deee", "files")]
    [InlineData("d<files>^d<aaaaaaaaaaaaaaaaaaaa>i1eee", "files")]
    [InlineData("d<files>d^", "files")]
    public void Refuses_with_field_and_offset(string text, string field)
    {
        var body = Bencoded.Of(text, out var mark);
        var problem = Assert.Throws<TrackerResponseException>(() => HttpScrape.ParseResponse(body));
        Assert.Equal(field, problem.Field);
        Assert.Equal(mark, problem.Offset);
    }

    [Fact]
    public void Refusals_and_misuse()
    {
        Assert.Throws<TrackerFailureException>(() => HttpScrape.ParseResponse(HttpAnnounceServer.WriteFailure("no")));
        Assert.False(HttpScrape.TryParse("info_hash=abc", out _, out var error));
        Assert.Equal("info_hash is not what it should be", error);
        Assert.Throws<ArgumentException>(() => HttpScrape.TryBuildUri(new Uri("http://t/announce"), [], out _));
    }
}
