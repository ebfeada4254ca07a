using ActorTorrent.Engine.Coordination;

namespace ActorTorrent.Engine.Tests.Coordination;

/// <summary>
/// A swarm in which every peer runs a choker of its own, in rounds of 10 s. A peer's upload is split evenly among those it unchokes; all
/// are interested in all until they have everything. Free riders upload nothing.
/// </summary>
internal sealed class ChokerSwarm
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(10);

    private readonly Peer[] _peers;
    private readonly long _size;
    private readonly long[,] _rates;
    private readonly List<ChokerPeer> _seen = [];
    private readonly List<int> _unchoked = [];
    private TimeSpan _now;

    public ChokerSwarm(int seeds, int contributors, int freeRiders, long size, int slots, int randomSeed)
    {
        var random = new Random(randomSeed);
        _size = size;
        _peers = new Peer[seeds + contributors + freeRiders];
        for (var i = 0; i < _peers.Length; i++)
        {
            var isFree = i >= seeds + contributors;
            _peers[i] = new Peer(new Choker(new ChokerOptions { Slots = slots }, new Random(random.Next())), isFree ? 0 : random.Next(50_000, 200_000), isFree)
            {
                Received = i < seeds ? size : 0,
                IsSeed = i < seeds,
            };
        }
        _rates = new long[_peers.Length, _peers.Length];
    }

    /// <summary>Whether most contributors still want something.</summary>
    public bool IsBusy => _peers.Count(p => !p.IsFreeRider && !p.IsSeed && p.Received < _size) > _peers.Count(p => !p.IsFreeRider && !p.IsSeed) / 2;

    public IEnumerable<long> FreeRiders => _peers.Where(p => p.IsFreeRider).Select(p => p.Received);

    public IEnumerable<long> Contributors => _peers.Where(p => !p.IsFreeRider && !p.IsSeed).Select(p => p.Received);

    public void Step()
    {
        var next = new long[_peers.Length, _peers.Length];
        for (var from = 0; from < _peers.Length; from++)
        {
            var me = _peers[from];
            _seen.Clear();
            for (var to = 0; to < _peers.Length; to++)
            {
                if (to != from)
                    _seen.Add(new ChokerPeer(to, _peers[to].Received < _size, _rates[to, from], _rates[from, to], false, me.Unchoked.Contains(to), TimeSpan.Zero));
            }
            me.Choker.Decide(_now, _seen, me.Received >= _size, _unchoked);
            me.Unchoked = [.. _unchoked];
            foreach (var to in _unchoked)
                next[from, to] = me.Capacity / _unchoked.Count;
        }
        for (var from = 0; from < _peers.Length; from++)
        {
            for (var to = 0; to < _peers.Length; to++)
            {
                // As a rate meter's, a measured rate lags behind.
                _rates[from, to] = (_rates[from, to] + next[from, to]) / 2;
                _peers[to].Received = Math.Min(_size, _peers[to].Received + (next[from, to] * (long)Round.TotalSeconds));
            }
        }
        _now += Round;
    }

    private sealed class Peer(Choker choker, long capacity, bool isFreeRider)
    {
        public Choker Choker { get; } = choker;

        public long Capacity { get; } = capacity;

        public bool IsFreeRider { get; } = isFreeRider;

        public bool IsSeed { get; init; }

        public HashSet<int> Unchoked { get; set; } = [];

        public long Received { get; set; }
    }
}
