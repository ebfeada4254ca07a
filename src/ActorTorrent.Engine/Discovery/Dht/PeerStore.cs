using System.Net;
using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Dht;

namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>
/// The peers that others announced to us (BEP 5). Bounded: when there is no room, the torrent announced longest ago goes, and within a
/// torrent the peer announced longest ago; one address has few places in a torrent.
/// </summary>
internal sealed class PeerStore(DhtOptions options, Random random)
{
    // What a torrent and what a peer takes, about.
    private const int TorrentBytes = 300;
    private const int PeerBytes = 150;

    /// <summary>Peers of one address in one torrent.</summary>
    public const int PeersPerAddress = 4;

    private readonly Dictionary<NodeId, Swarm> _swarms = [];

    /// <summary>How many torrents there are.</summary>
    public int Torrents => _swarms.Count;

    /// <summary>How many peers there are, over all.</summary>
    public int Peers { get; private set; }

    /// <summary>Bytes that all of them take, about.</summary>
    public long Bytes => ((long)_swarms.Count * TorrentBytes) + ((long)Peers * PeerBytes);

    /// <summary>Keeps a peer, or keeps it longer.</summary>
    public void Add(NodeId torrent, IPEndPoint peer, TimeSpan now)
    {
        if (!_swarms.TryGetValue(torrent, out var swarm))
        {
            while (_swarms.Count >= options.MaxTorrents || (_swarms.Count > 0 && Bytes > options.StoreBytes))
                Drop(_swarms.MinBy(static pair => pair.Value.AnnouncedAt).Key);
            _swarms.Add(torrent, swarm = new Swarm());
        }
        swarm.AnnouncedAt = now;
        var sameAddress = 0;
        var oldest = -1;
        for (var i = 0; i < swarm.Peers.Count; i++)
        {
            var (known, at) = swarm.Peers[i];
            if (known.Equals(peer))
            {
                swarm.Peers[i] = (known, now);
                return;
            }
            if (known.Address.Equals(peer.Address))
                sameAddress++;
            if (oldest < 0 || at < swarm.Peers[oldest].At)
                oldest = i;
        }
        if (sameAddress >= PeersPerAddress)
            oldest = swarm.Peers.FindIndex(entry => entry.Peer.Address.Equals(peer.Address));
        if (sameAddress >= PeersPerAddress || swarm.Peers.Count >= options.MaxPeersPerTorrent || (oldest >= 0 && Bytes > options.StoreBytes))
        {
            swarm.Peers[oldest] = (peer, now);
            return;
        }
        swarm.Peers.Add((peer, now));
        Peers++;
    }

    /// <summary>Some of a torrent's peers, by lot.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="now">The time.</param>
    public IReadOnlyList<IPEndPoint> Some(NodeId torrent, int most, TimeSpan now)
    {
        if (!_swarms.TryGetValue(torrent, out var swarm))
            return [];
        Expire(swarm, now);
        var count = Math.Min(most, swarm.Peers.Count);
        if (count == 0)
            return [];
        var some = new IPEndPoint[count];
        // A partial shuffle of the list itself: its order has no meaning.
        for (var i = 0; i < count; i++)
        {
            var other = random.Next(i, swarm.Peers.Count);
            (swarm.Peers[i], swarm.Peers[other]) = (swarm.Peers[other], swarm.Peers[i]);
            some[i] = swarm.Peers[i].Peer;
        }
        return some;
    }

    /// <summary>Drops what is too old.</summary>
    public void Sweep(TimeSpan now)
    {
        List<NodeId>? empty = null;
        foreach (var (torrent, swarm) in _swarms)
        {
            Expire(swarm, now);
            if (swarm.Peers.Count == 0)
                (empty ??= []).Add(torrent);
        }
        foreach (var torrent in empty ?? [])
            _swarms.Remove(torrent);
    }

    private void Expire(Swarm swarm, TimeSpan now)
        => Peers -= swarm.Peers.RemoveAll(entry => entry.At + options.PeerLifetime <= now);

    private void Drop(NodeId torrent)
    {
        if (_swarms.Remove(torrent, out var swarm))
            Peers -= swarm.Peers.Count;
    }

    private sealed class Swarm
    {
        public List<(IPEndPoint Peer, TimeSpan At)> Peers { get; } = [];

        public TimeSpan AnnouncedAt { get; set; }
    }
}
