using System.Net;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Tests.Coordination;

public class ConnectionPolicyTests
{
    private static readonly IPEndPoint Own = IPEndPoint.Parse("80.1.1.1:6881");
    private static readonly TorrentOptions Options = new() { MaxPeersPerAddress = 2, EvictionGrace = TimeSpan.FromSeconds(60) };
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(10);
    private static readonly PeerId Small = new("-AT0100-aaaaaaaaaaaa"u8);
    private static readonly PeerId Great = new("-AT0100-bbbbbbbbbbbb"u8);

    private int _number;

    [Fact]
    public void While_there_is_room_everybody_is_let_in() =>
        Assert.True(Admit("90.1.1.1:5", maxPeers: 2, Peer("91.1.1.1:5")).IsWelcome);

    [Fact]
    public void One_address_gets_so_many_connections()
    {
        var first = Peer("90.1.1.1:5", PeerDirection.Incoming);
        var second = Peer("90.1.1.1:6", PeerDirection.Incoming);
        Assert.Contains("from this address", Admit("90.1.1.1:7", maxPeers: 10, first, second).Reason, StringComparison.Ordinal);
        Assert.True(Admit("90.1.1.2:7", maxPeers: 10, first, second).IsWelcome);
        Assert.True(Admit("90.1.1.1:7", maxPeers: 10, first, Peer("90.1.1.1:6")).IsWelcome);
    }

    [Fact]
    public void When_full_the_least_of_the_idle_makes_room_for_a_greater_one()
    {
        var (low, high) = Ordered("90.1.1.1:5", "91.2.2.2:5");
        var full = Admit(high, maxPeers: 1, Peer(low));
        Assert.Equal(low, full.Evicted!.EndPoint.ToString());
        Assert.True(full.IsWelcome);
        Assert.False(Admit(low, maxPeers: 1, Peer(high)).IsWelcome);
    }

    [Fact]
    public void Who_is_new_or_at_work_is_spared()
    {
        var (low, high) = Ordered("90.1.1.1:5", "91.2.2.2:5");
        var recent = Peer(low);
        recent.RunningSince = Now - TimeSpan.FromSeconds(59);
        var giving = Peer(low);
        giving.DownloadRate = 1000;
        var taking = Peer(low);
        taking.UploadRate = 1000;
        var waiting = Peer(low);
        waiting.Hungry = 5;
        var connecting = Peer(low);
        connecting.State = PeerState.Connecting;
        foreach (var spared in new[] { recent, giving, taking, waiting, connecting })
            Assert.False(Admit(high, maxPeers: 1, spared).IsWelcome);
    }

    [Fact]
    public void Without_our_own_address_nobody_makes_room()
    {
        var (low, high) = Ordered("90.1.1.1:5", "91.2.2.2:5");
        Assert.False(ConnectionPolicy.Admit(IPEndPoint.Parse(high), null, [Peer(low)], 1, Options, Now).IsWelcome);
    }

    [Theory]
    [InlineData(PeerDirection.Outgoing, PeerDirection.Incoming)]
    [InlineData(PeerDirection.Incoming, PeerDirection.Outgoing)]
    public void Both_sides_keep_the_same_one_of_two_that_crossed(PeerDirection first, PeerDirection second)
    {
        // What one side sees as outgoing the other sees as incoming, in either order.
        var here = KeepsNewer(first, second, own: Small, peer: Great) ? second : first;
        var there = KeepsNewer(Other(second), Other(first), own: Great, peer: Small) ? Other(first) : Other(second);
        Assert.Equal(here, Other(there));
        Assert.Equal(PeerDirection.Incoming, here);
    }

    [Fact]
    public void Otherwise_the_older_one_stays()
    {
        Assert.False(KeepsNewer(PeerDirection.Incoming, PeerDirection.Incoming, Small, Great));
        Assert.False(KeepsNewer(PeerDirection.Outgoing, PeerDirection.Incoming, Small, Great, age: TimeSpan.FromSeconds(11)));
    }

    [Fact]
    public void Who_comes_from_elsewhere_does_not_take_the_place_of_the_peer_that_it_says_it_is()
    {
        Assert.True(KeepsNewer(PeerDirection.Outgoing, PeerDirection.Incoming, Small, Great));
        Assert.False(KeepsNewer(PeerDirection.Outgoing, PeerDirection.Incoming, Small, Great, from: "90.1.1.2:6"));
        Assert.False(KeepsNewer(PeerDirection.Incoming, PeerDirection.Outgoing, Great, Small, from: "90.1.1.2:6"));
    }

    [Fact]
    public void Two_that_want_nothing_have_no_point()
    {
        var seed = Peer("90.1.1.1:5");
        seed.IsSeed = true;
        var partial = Peer("90.1.1.1:5");
        partial.Extensions = new ExtensionHandshake { IsUploadOnly = true };
        var leecher = Peer("90.1.1.1:5");
        leecher.Extensions = new ExtensionHandshake { IsUploadOnly = false };
        Assert.True(ConnectionPolicy.IsPointless(seed, weWantPieces: false));
        Assert.True(ConnectionPolicy.IsPointless(partial, weWantPieces: false));
        Assert.False(ConnectionPolicy.IsPointless(leecher, weWantPieces: false));
        Assert.False(ConnectionPolicy.IsPointless(seed, weWantPieces: true));
    }

    private bool KeepsNewer(PeerDirection older, PeerDirection newer, PeerId own, PeerId peer, TimeSpan age = default, string from = "90.1.1.1:6")
    {
        var first = Peer("90.1.1.1:5", older);
        first.RunningSince = Now - age;
        return ConnectionPolicy.NewerStays(first, Peer(from, newer), own, peer, Now, TimeSpan.FromSeconds(10));
    }

    private static PeerDirection Other(PeerDirection direction) =>
        direction == PeerDirection.Incoming ? PeerDirection.Outgoing : PeerDirection.Incoming;

    private static (string Low, string High) Ordered(string one, string other) =>
        PeerPriority.Of(Own, IPEndPoint.Parse(one)) < PeerPriority.Of(Own, IPEndPoint.Parse(other)) ? (one, other) : (other, one);

    private static Admission Admit(string newcomer, int maxPeers, params PeerRecord[] connected) =>
        ConnectionPolicy.Admit(IPEndPoint.Parse(newcomer), Own, connected, maxPeers, Options, Now);

    private PeerRecord Peer(string endPoint, PeerDirection direction = PeerDirection.Outgoing)
    {
        var peer = new PeerRecord(++_number, ActorRefs.Nobody, IPEndPoint.Parse(endPoint), direction);
        peer.BeginSession(_number, PeerState.Running);
        return peer;
    }
}
