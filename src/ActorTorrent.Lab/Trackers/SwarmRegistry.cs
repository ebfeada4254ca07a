using System.Net;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Lab.Trackers;

/// <summary>A tracker's memory: the swarms by info hash. It knows nothing of HTTP. Safe to use from several threads.</summary>
public sealed class SwarmRegistry
{
    private readonly Lock _lock = new();
    private readonly Dictionary<InfoHash, Swarm> _swarms = [];
    private readonly TimeSpan _lifetime;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly int _maxTorrents;
    private readonly int _maxPeers;
    private DateTimeOffset _nextSweep;

    /// <summary>Makes an empty registry.</summary>
    /// <param name="interval">The announce interval; a peer silent for twice as long is forgotten.</param>
    /// <param name="seed">Makes the choice of peers repeatable.</param>
    /// <param name="time">The clock; the system's by default.</param>
    /// <param name="maxTorrents">Torrents remembered at most.</param>
    /// <param name="maxPeers">Peers of a torrent remembered at most.</param>
    public SwarmRegistry(TimeSpan interval, int seed, TimeProvider? time = null, int maxTorrents = 10_000, int maxPeers = 10_000)
    {
        _maxTorrents = maxTorrents;
        _maxPeers = maxPeers;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        _lifetime = interval * 2;
        _time = time ?? TimeProvider.System;
        _random = new Random(seed);
    }

    /// <summary>The torrents known at this moment.</summary>
    public IReadOnlyList<InfoHash> InfoHashes
    {
        get
        {
            lock (_lock)
                return [.. _swarms.Keys];
        }
    }

    /// <summary>Books an announce and draws the answer.</summary>
    /// <param name="infoHash">The torrent.</param>
    /// <param name="peer">Who announces.</param>
    /// <param name="announceEvent">What happened to it.</param>
    /// <param name="numWant">The number of peers to answer with, at most.</param>
    public SwarmSample Announce(InfoHash infoHash, SwarmPeer peer, AnnounceEvent announceEvent, int numWant)
    {
        ArgumentNullException.ThrowIfNull(peer);
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            Sweep(now);
            if (!_swarms.ContainsKey(infoHash) && !HasRoom(now))
                return new SwarmSample([], new SwarmCounts(0, 0, 0));
            var swarm = SwarmOf(infoHash);
            swarm.Expire(now);
            if (announceEvent == AnnounceEvent.Stopped)
            {
                swarm.Remove(peer.EndPoint);
                if (swarm.IsEmpty)
                    _swarms.Remove(infoHash);
                return new SwarmSample([], swarm.Counts);
            }
            if (announceEvent == AnnounceEvent.Completed)
                swarm.NoteCompleted(peer.EndPoint);

            // Port 0 says that it takes no connections: it is told of others, they are not told of it.
            if (peer.EndPoint.Port != 0 && (swarm.Knows(peer.EndPoint) || swarm.Count < _maxPeers))
                swarm.Put(peer, now + _lifetime);
            return new SwarmSample(swarm.Sample(peer, numWant, _random), swarm.Counts);
        }
    }

    /// <summary>Adds a peer that is named to others for as long as the tracker runs, without ever announcing itself.</summary>
    /// <param name="infoHash">The torrent.</param>
    /// <param name="peer">The peer.</param>
    public void Pin(InfoHash infoHash, SwarmPeer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        lock (_lock)
            SwarmOf(infoHash).Put(peer, DateTimeOffset.MaxValue);
    }

    /// <summary>Forgets a peer.</summary>
    /// <param name="infoHash">The torrent.</param>
    /// <param name="endPoint">The peer's address.</param>
    public void Remove(InfoHash infoHash, IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        lock (_lock)
        {
            if (_swarms.TryGetValue(infoHash, out var swarm))
                swarm.Remove(endPoint);
        }
    }

    /// <summary>A swarm in numbers; null when no peer ever announced the torrent or nothing of it is left.</summary>
    /// <param name="infoHash">The torrent.</param>
    public SwarmCounts? Scrape(InfoHash infoHash)
    {
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            if (!_swarms.TryGetValue(infoHash, out var swarm))
                return null;
            swarm.Expire(now);
            if (!swarm.IsEmpty)
                return swarm.Counts;
            _swarms.Remove(infoHash);
            return null;
        }
    }

    /// <summary>Forgets, once a lifetime, what nobody asked for since.</summary>
    private void Sweep(DateTimeOffset now)
    {
        if (now < _nextSweep)
            return;
        _nextSweep = now + _lifetime;
        foreach (var (infoHash, swarm) in _swarms)
        {
            swarm.Expire(now);
            if (swarm.IsEmpty)
                _swarms.Remove(infoHash);
        }
    }

    /// <summary>Whether one more torrent can be remembered; those of which only a count of completions is left make room.</summary>
    private bool HasRoom(DateTimeOffset now)
    {
        if (_swarms.Count < _maxTorrents)
            return true;
        foreach (var (infoHash, swarm) in _swarms)
        {
            swarm.Expire(now);
            if (swarm.Count == 0)
                _swarms.Remove(infoHash);
        }
        return _swarms.Count < _maxTorrents;
    }

    private Swarm SwarmOf(InfoHash infoHash)
    {
        if (!_swarms.TryGetValue(infoHash, out var swarm))
        {
            swarm = new Swarm();
            _swarms.Add(infoHash, swarm);
        }
        return swarm;
    }
}
