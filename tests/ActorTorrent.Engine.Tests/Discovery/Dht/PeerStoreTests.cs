using System.Net;
using ActorTorrent.Engine.Discovery.Dht;
using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Dht;

namespace ActorTorrent.Engine.Tests.Discovery.Dht;

public sealed class PeerStoreTests
{
    private static readonly DhtOptions Options = new() { MaxTorrents = 20, MaxPeersPerTorrent = 30 };

    private readonly PeerStore _store = new(Options, new Random(1));

    [Fact]
    public void Nothing_grows_whoever_announces_what()
    {
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            _store.Add(Torrent(random.Next(200)), Peer(random.Next(500), random.Next(1, 65536)), TimeSpan.FromSeconds(i));
            Assert.InRange(_store.Torrents, 0, Options.MaxTorrents);
            Assert.InRange(_store.Peers, 0, Options.MaxTorrents * Options.MaxPeersPerTorrent);
        }
        Assert.Equal(Options.MaxTorrents, _store.Torrents);
    }

    [Fact]
    public void One_address_has_few_places_in_a_torrent()
    {
        for (var port = 1; port < 1000; port++)
            _store.Add(Torrent(1), Peer(1, port), TimeSpan.FromSeconds(port));
        _store.Add(Torrent(1), Peer(2, 1), TimeSpan.FromSeconds(1000));
        Assert.Equal(PeerStore.PeersPerAddress + 1, _store.Peers);
    }

    [Fact]
    public void The_torrent_announced_longest_ago_makes_room()
    {
        for (var i = 0; i <= Options.MaxTorrents; i++)
            _store.Add(Torrent(i), Peer(i, 1), TimeSpan.FromSeconds(i));
        Assert.Empty(_store.Some(Torrent(0), 10, TimeSpan.FromSeconds(100)));
        Assert.Single(_store.Some(Torrent(1), 10, TimeSpan.FromSeconds(100)));
    }

    [Fact]
    public void A_peer_is_kept_for_its_lifetime_from_its_last_announce()
    {
        _store.Add(Torrent(1), Peer(1, 1), TimeSpan.Zero);
        _store.Add(Torrent(1), Peer(1, 1), TimeSpan.FromMinutes(20));
        Assert.Single(_store.Some(Torrent(1), 10, TimeSpan.FromMinutes(49)));
        Assert.Equal(1, _store.Peers);
        _store.Sweep(TimeSpan.FromMinutes(50));
        Assert.Equal((0, 0), (_store.Torrents, _store.Peers));
    }

    [Fact]
    public void Some_are_different_peers_by_lot()
    {
        for (var i = 0; i < 30; i++)
            _store.Add(Torrent(1), Peer(i, 1), TimeSpan.Zero);
        var seen = new HashSet<IPEndPoint>();
        for (var i = 0; i < 50; i++)
        {
            var some = _store.Some(Torrent(1), 10, TimeSpan.Zero);
            Assert.Equal(10, some.Distinct().Count());
            seen.UnionWith(some);
        }
        Assert.Equal(30, seen.Count);
    }

    private static NodeId Torrent(int number)
    {
        var bytes = new byte[NodeId.Length];
        bytes[0] = (byte)number;
        return new NodeId(bytes);
    }

    private static IPEndPoint Peer(int host, int port) => new(new IPAddress([20, 0, (byte)(host >> 8), (byte)host]), port);
}
