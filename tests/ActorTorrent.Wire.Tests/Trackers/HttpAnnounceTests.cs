using System.Net;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Tests.Support;
using ActorTorrent.Wire.Trackers;
using FsCheck.Fluent;

namespace ActorTorrent.Wire.Tests.Trackers;

public class HttpAnnounceTests
{
    private static readonly AnnounceRequest Request = new(
        InfoHash.Parse("00ff207e2d2e5f7e41617a30394025262b3d3f23"),
        new PeerId("-AT0100-abc &=+%/~Zz"u8),
        6881,
        1,
        2,
        3,
        AnnounceEvent.Started,
        50,
        0xDEADBEEF);

    [Fact]
    public void The_query_is_escaped_byte_by_byte()
    {
        var uri = HttpAnnounce.BuildUri(new Uri("http://t.example:8080/announce"), Request);
        Assert.Equal(
            "http://t.example:8080/announce?info_hash=%00%FF%20~-._~Aaz09%40%25%26%2B%3D%3F%23&peer_id=-AT0100-abc%20%26%3D%2B%25%2F~Zz&port=6881&uploaded=1&downloaded=2&left=3&compact=1&no_peer_id=1&key=DEADBEEF&numwant=50&event=started",
            uri.AbsoluteUri);
        Assert.Equal("/announce?info_hash=%00%FF%20~-._~Aaz", uri.PathAndQuery[..37]);
    }

    [Theory]
    [InlineData("http://t/a?passkey=12%2F3", "http://t/a?passkey=12%2F3&info_hash=")]
    [InlineData("http://t/a?", "http://t/a?info_hash=")]
    [InlineData("http://t/a?x&", "http://t/a?x&info_hash=")]
    [InlineData("http://t", "http://t/?info_hash=")]
    [InlineData("https://t/announce.php#frag", "https://t/announce.php?info_hash=")]
    public void What_the_url_already_asks_stays(string tracker, string expected) =>
        Assert.StartsWith(expected, HttpAnnounce.BuildUri(new Uri(tracker), Request).AbsoluteUri, StringComparison.Ordinal);

    [Fact]
    public void A_tracker_id_that_no_request_could_carry_is_left_out_and_long_texts_are_cut()
    {
        Assert.Null(Parse($"d<interval>i5e<tracker id><{new string('t', HttpAnnounce.MaxIdLength + 1)}>e").TrackerId);
        Assert.Equal(HttpAnnounce.MaxIdLength, Parse($"d<interval>i5e<tracker id><{new string('t', HttpAnnounce.MaxIdLength)}>e").TrackerId!.Length);
        Assert.Equal(HttpAnnounce.MaxTextLength, Parse($"d<interval>i5e<warning message><{new string('w', 500_000)}>e").Warning!.Length);
    }

    [Fact]
    public void Other_schemes_are_refused() =>
        Assert.Throws<ArgumentException>(() => HttpAnnounce.BuildUri(new Uri("udp://t:1/"), Request));

    [Fact]
    public void What_a_client_asks_a_tracker_reads() => Properties.Hold(
        WireCases.Announces,
        request =>
        {
            var uri = HttpAnnounce.BuildUri(new Uri("http://t/announce?key2=x"), request);
            Assert.True(HttpAnnounceServer.TryParse(uri.Query, out var query, out var error), error);
            Assert.Equal(request, query.Request);
            Assert.True(query.Compact);
            Assert.True(query.NoPeerId);
            Assert.Null(query.Ip);
        },
        500);

    [Fact]
    public void Reads_a_compact_answer()
    {
        var answer = Parse("d<complete>i7e<external ip><\u0001\u0002\u0003\u0004><incomplete>i8e<interval>i1800e<min interval>i60e<peers><\u007f\0\0\u0001\u001a\u00e1\u000a\0\0\u0002\0\0><tracker id><id><warning message><hm>e");
        Assert.Equal(TimeSpan.FromMinutes(30), answer.Interval);
        Assert.Equal(TimeSpan.FromMinutes(1), answer.MinInterval);
        Assert.Equal([new TrackerPeer(IPEndPoint.Parse("127.0.0.1:6881"), null)], answer.Peers);
        Assert.Equal(1, answer.SkippedPeers);
        Assert.Equal((7, 8), (answer.Seeders, answer.Leechers));
        Assert.Equal("hm", answer.Warning);
        Assert.Equal("id", answer.TrackerId);
        Assert.Equal(IPAddress.Parse("1.2.3.4"), answer.ExternalIp);
    }

    [Fact]
    public void Reads_ipv6_peers()
    {
        var answer = Parse($"d<interval>i1e<peers>0:<peers6><{new string('\0', 15)}\u0001\u001a\u00e1>e");
        Assert.Equal([new TrackerPeer(IPEndPoint.Parse("[::1]:6881"), null)], answer.Peers);
    }

    [Fact]
    public void Reads_dictionary_peers_and_skips_host_names()
    {
        var answer = Parse(
            "d<interval>i1e<peers>ld<ip><1.2.3.4><peer id><aaaaaaaaaaaaaaaaaaaa><port>i5eed<ip><host.example><port>i6eed<ip><12345><port>i6eed<ip><::1><port>i7eed<ip><9.9.9.9><port>i0eeee");
        Assert.Equal(
            [
                new TrackerPeer(IPEndPoint.Parse("1.2.3.4:5"), new PeerId("aaaaaaaaaaaaaaaaaaaa"u8)),
                new TrackerPeer(IPEndPoint.Parse("[::1]:7"), null),
            ],
            answer.Peers);
        Assert.Equal(3, answer.SkippedPeers);
    }

    [Fact]
    public void Takes_two_thousand_peers_and_no_more()
    {
        var answer = HttpAnnounce.ParseResponse(
            (byte[])[.. "d8:intervali1e5:peers18000:"u8, .. Enumerable.Repeat((byte)1, 18000), (byte)'e']);
        Assert.Equal(2000, answer.Peers.Count);
        Assert.Equal(1000, answer.SkippedPeers);
    }

    [Theory]
    [InlineData("d<peers>0:e", 1800, null)]
    [InlineData("d<interval>i0e<min interval>i0ee", 0, 0)]
    [InlineData("d<interval>i9223372036854775807e<min interval>i9223372036854775807ee", int.MaxValue, int.MaxValue)]
    public void Intervals(string text, int interval, int? least)
    {
        var answer = Parse(text);
        Assert.Equal(TimeSpan.FromSeconds(interval), answer.Interval);
        Assert.Equal(least is { } seconds ? TimeSpan.FromSeconds(seconds) : null, answer.MinInterval);
        Assert.Empty(answer.Peers);
        Assert.Null(answer.Seeders);
    }

    [Theory]
    [InlineData("d<failure reason><go away>e", null, false)]
    [InlineData("d<failure reason><go away><interval>i1e<peers>i1ee", null, false)]
    [InlineData("d<failure reason><go away><retry in>i5ee", 5, false)]
    [InlineData("d<failure reason><go away><retry in><never>e", null, true)]
    public void A_refusal_is_told_by_its_reason(string text, int? minutes, bool never)
    {
        var problem = Assert.Throws<TrackerFailureException>(() => Parse(text));
        Assert.Equal("go away", problem.Reason);
        Assert.Equal(minutes is { } value ? TimeSpan.FromMinutes(value) : null, problem.RetryIn);
        Assert.Equal(never, problem.NeverRetry);
    }

    [Theory]
    [InlineData("^", "")]
    [InlineData("^<!DOCTYPE html", "")]
    [InlineData("^le", "")]
    [InlineData("^de", "")]
    [InlineData("d<interval>i1e^", "")]
    [InlineData("d<interval>^i-1ee", "interval")]
    [InlineData("d<interval>^i01ee", "interval")]
    [InlineData("d<interval>^<x>e", "interval")]
    [InlineData("d<interval>i1e<min interval>^i-1ee", "min interval")]
    [InlineData("d<peers>^<12345>e", "peers")]
    [InlineData("d<peers>^9:12345e", "peers")]
    [InlineData("d<peers>^i1ee", "peers")]
    [InlineData("d<peers6>^<123456789012>e", "peers6")]
    [InlineData("d<peers6>^lee", "peers6")]
    [InlineData("d<peers>l^i1eee", "peers[0]")]
    [InlineData("d<peers>l^d<port>i1eeee", "peers[0].ip")]
    [InlineData("d<peers>l^d<ip><1.2.3.4>eee", "peers[0].port")]
    [InlineData("d<peers>ld<ip><1.2.3.4><port>i1eed<ip><1.2.3.4><port>^i65536eeee", "peers[1].port")]
    [InlineData("d<peers>ld<ip>^i1e<port>i1eeee", "peers[0].ip")]
    [InlineData("d<failure reason>^i1ee", "failure reason")]
    [InlineData("d<interval>i1ee^x", "")]
    public void Refuses_with_field_and_offset(string text, string field)
    {
        var body = Bencoded.Of(text, out var mark);
        var problem = Assert.Throws<TrackerResponseException>(() => HttpAnnounce.ParseResponse(body));
        Assert.Equal(field, problem.Field);
        Assert.Equal(mark, problem.Offset);
    }

    [Fact]
    public void Changed_bytes_give_only_the_declared_exceptions()
    {
        var whole = Bencoded.Of("d<complete>i7e<interval>i1800e<peers>ld<ip><1.2.3.4><port>i5eed<ip><::1><port>i7eee<peers6>0:<retry in>i1ee");
        Properties.Hold(
            from changes in (from at in Gen.Choose(0, whole.Length - 1) from value in Gen.Choose(0, 255) select (at, value)).NonEmptyListOf()
            from length in Gen.Choose(whole.Length - 9, whole.Length)
            select (changes, length),
            test =>
            {
                var bytes = whole.ToArray();
                foreach (var (at, value) in test.changes.Take(3))
                    bytes[at] = (byte)value;
                try
                {
                    HttpAnnounce.ParseResponse(bytes.AsMemory(0, test.length));
                }
                catch (TrackerResponseException problem)
                {
                    Assert.InRange(problem.Offset, 0, bytes.Length);
                }
                catch (TrackerFailureException problem)
                {
                    Assert.NotNull(problem.Reason);
                }
            },
            3000);
    }

    private static AnnounceResponse Parse(string text) => HttpAnnounce.ParseResponse(Bencoded.Of(text));
}
