using System.Net;
using ActorTorrent.Wire.Bencode;
using ActorTorrent.Wire.Tests.Support;
using ActorTorrent.Wire.Trackers;
using FsCheck.Fluent;

namespace ActorTorrent.Wire.Tests.Trackers;

public class HttpAnnounceServerTests
{
    private const string Hash = "info_hash=aaaaaaaaaaaaaaaaaaaa";
    private const string Id = "peer_id=bbbbbbbbbbbbbbbbbbbb";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Answers_round_trip(bool compact) => Properties.Hold(
        from peers in (from peer in WireCases.EndPoints from id in WireCases.PeerIds select new TrackerPeer(peer, compact ? null : id)).ListOf()
        from numbers in Gen.Choose(0, 100_000).ArrayOf(4)
        from optional in Gen.Elements(true, false)
        from external in WireCases.EndPoints
        select new AnnounceResponse(
            TimeSpan.FromSeconds(numbers[0]),
            optional ? TimeSpan.FromSeconds(numbers[1]) : null,
            peers,
            optional ? numbers[2] : null,
            optional ? numbers[3] : null,
            optional ? "wärning" : null,
            optional ? "id" : null)
        {
            ExternalIp = optional ? external.Address : null,
        },
        response =>
        {
            var body = HttpAnnounceServer.WriteResponse(response, compact);
            BencodeScanner.Check(body, requireSortedKeys: true);
            var read = HttpAnnounce.ParseResponse(body);
            // Compact answers hold the IPv4 peers first.
            Assert.Equal(
                compact ? response.Peers.OrderBy(peer => peer.EndPoint.AddressFamily) : response.Peers,
                read.Peers);
            Assert.Equal(response with { Peers = [] }, read with { Peers = [] });
        });

    [Fact]
    public void Ids_are_left_out_on_request()
    {
        var response = new AnnounceResponse(
            TimeSpan.Zero, null, [new TrackerPeer(IPEndPoint.Parse("1.2.3.4:5"), default(ActorTorrent.Wire.Peers.PeerId))], null, null, null, null);
        Assert.Null(HttpAnnounce.ParseResponse(HttpAnnounceServer.WriteResponse(response, compact: false, noPeerId: true)).Peers[0].PeerId);
        Assert.NotNull(HttpAnnounce.ParseResponse(HttpAnnounceServer.WriteResponse(response, compact: false)).Peers[0].PeerId);
    }

    [Fact]
    public void Refusals_round_trip() =>
        Assert.Equal("nö", Assert.Throws<TrackerFailureException>(() => HttpAnnounce.ParseResponse(HttpAnnounceServer.WriteFailure("nö"))).Reason);

    [Theory]
    [InlineData("", "info_hash is missing")]
    [InlineData($"{Hash}&port=1", "peer_id is missing")]
    [InlineData($"{Hash}&{Id}", "port is missing")]
    [InlineData($"{Id}&port=1", "info_hash is missing")]
    [InlineData($"info_hash=abc&{Id}&port=1", "info_hash is not what it should be")]
    [InlineData($"{Hash}&peer_id=&port=1", "peer_id is not what it should be")]
    [InlineData($"{Hash}&{Id}&port=65536", "port is not what it should be")]
    [InlineData($"{Hash}&{Id}&port=-1", "port is not what it should be")]
    [InlineData($"{Hash}&{Id}&port=1x", "port is not what it should be")]
    [InlineData($"{Hash}&{Id}&port=1&left=-1", "left is not what it should be")]
    [InlineData($"{Hash}&{Id}&port=1&uploaded=", "uploaded is not what it should be")]
    [InlineData($"{Hash}&{Id}&port=1&event=gone", "event is not what it should be")]
    [InlineData($"{Hash}&{Id}&port=%4", "port is not escaped as it should be")]
    [InlineData($"{Hash}&{Id}&port=%zz", "port is not escaped as it should be")]
    public void Bad_queries_are_refused_with_the_reason(string query, string reason)
    {
        Assert.False(HttpAnnounceServer.TryParse(query, out var read, out var error));
        Assert.Null(read);
        Assert.Equal(reason, error);
    }

    [Fact]
    public void What_other_clients_send_is_read()
    {
        Assert.True(
            HttpAnnounceServer.TryParse($"?{Hash}&{Id}&port=1&numwant=-1&key=-123abcxyz&event=empty&compact=0&ip=10.0.0.1&supportcrypto=1&&x", out var query, out var error),
            error);
        Assert.Equal(-1, query.Request.NumWant);
        Assert.Equal(AnnounceEvent.None, query.Request.Event);
        Assert.False(query.Compact);
        Assert.Equal(IPAddress.Parse("10.0.0.1"), query.Ip);
        Assert.Equal(long.MaxValue, query.Request.Left);
    }

    [Fact]
    public void Any_text_is_read_or_refused() => Properties.Hold(
        Gen.Elements("info_hash=", "peer_id=", "port=", "event=", "&", "%", "%4", "%41", "a", "1", "=", "é", "?").ListOf(),
        parts =>
        {
            var isRead = HttpAnnounceServer.TryParse(string.Concat(parts), out var query, out var error);
            Assert.Equal(isRead, query is not null);
            Assert.Equal(isRead, error is null);
        },
        3000);
}
