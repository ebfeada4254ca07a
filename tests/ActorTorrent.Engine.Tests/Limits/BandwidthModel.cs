using ActorTorrent.Engine.Limits;

namespace ActorTorrent.Engine.Tests.Limits;

/// <summary>A limiter and, beside it, what each limit would allow at most, added up in the plainest way.</summary>
internal sealed class BandwidthModel
{
    private readonly BandwidthLimiter _limiter;
    private readonly TimeSpan _burst;
    private readonly List<Node> _groups = [];
    private readonly List<Node> _pools = [];
    private readonly List<(BandwidthLane Lane, Node Own, Node Group)> _lanes = [];
    private readonly Node _all;
    private readonly List<BandwidthLane> _granted = [];
    private TimeSpan _now;

    public BandwidthModel(Random random, TimeSpan burst)
    {
        _burst = burst;
        var peerRate = RateOf(random);
        _all = new Node(RateOf(random));
        _limiter = new BandwidthLimiter(_all.Rate, peerRate, burst, _now);
        for (var i = 0; i < 2; i++)
        {
            var node = new Node(RateOf(random));
            node.Pool = _limiter.AddPool(node.Rate, _now);
            node.Pool.HonorsAll = random.Next(3) > 0;
            _pools.Add(node);
        }
        for (var i = 0; i < 3; i++)
        {
            var node = new Node(RateOf(random));
            node.Group = _limiter.AddGroup(node.Rate, _now);
            SetTerms(node.Group, random);
            _groups.Add(node);
        }
    }

    public void Apply(Random random)
    {
        switch (random.Next(14))
        {
            case 0 when _lanes.Count < 12:
                var group = _groups[random.Next(_groups.Count)];
                _lanes.Add((_limiter.AddLane(group.Group!, _now), new Node(_limiter.PeerRate), group));
                break;
            case 1 when _lanes.Count > 0:
                var gone = random.Next(_lanes.Count);
                _limiter.Remove(_lanes[gone].Lane);
                _lanes.RemoveAt(gone);
                break;
            case 2:
                Change(_all, RateOf(random));
                _limiter.SetRate(_all.Rate, _now);
                Review();
                break;
            case 3:
                var changed = _groups[random.Next(_groups.Count)];
                Change(changed, RateOf(random));
                changed.Group!.SetRate(changed.Rate, _now);
                Review();
                break;
            case 12:
                SetTerms(_groups[random.Next(_groups.Count)].Group!, random);
                Review();
                break;
            case 13:
                var pool = _pools[random.Next(_pools.Count)];
                Change(pool, RateOf(random));
                pool.Pool!.SetRate(pool.Rate, _now);
                pool.Pool.HonorsAll = random.Next(3) > 0;
                Review();
                break;
            case < 8 when _lanes.Count > 0:
                _limiter.Want(_lanes[random.Next(_lanes.Count)].Lane, random.Next(1, 300_000));
                break;
            default:
                Pass(new TimeSpan(random.NextInt64(TimeSpan.TicksPerSecond / 2)));
                Distribute();
                break;
        }
    }

    /// <summary>Everybody who waits is served in the end.</summary>
    public void Finish()
    {
        for (var round = 0; Distribute() is { } wait; round++)
        {
            Assert.True(round < 100_000, $"{_limiter.Waiting} lanes still wait.");
            Assert.True(wait > TimeSpan.Zero, "Somebody waits though there is enough for him.");
            Pass(wait);
        }
        Assert.All(_lanes, entry => Assert.Equal(0, entry.Lane.Wanted));
    }

    private TimeSpan? Distribute()
    {
        _granted.Clear();
        var wait = _limiter.Distribute(_now, _granted);
        Assert.Equal(_granted.Count, _granted.Distinct().Count());
        foreach (var lane in _granted)
        {
            var (_, own, group) = _lanes.Single(entry => entry.Lane == lane);
            var pool = _pools.Find(node => node.Pool == group.Group!.Pool);
            foreach (var node in new[] { own, group, pool, group.Group!.IsExempt ? null : _all })
            {
                if (node is null || node.Rate.IsUnlimited)
                    continue;
                node.Allowed -= lane.Granted;
                Assert.True(node.Allowed >= -1, $"{-node.Allowed} bytes beyond a limit of {node.Rate}.");
            }
        }
        return wait;
    }

    private void Pass(TimeSpan time)
    {
        _now += time;
        foreach (var node in _groups.Concat(_pools).Append(_all).Concat(_lanes.Select(entry => entry.Own)))
            node.Allowed = Math.Min(CapacityOf(node.Rate), node.Allowed + (time.TotalSeconds * node.Rate.BytesPerSecond));
    }

    private void SetTerms(BandwidthGroup group, Random random)
    {
        group.Pool = random.Next(3) is var pool and < 2 ? _pools[pool].Pool : null;
        group.HonorsAll = random.Next(3) > 0;
        group.Priority = (BandwidthPriority)random.Next(-1, 2);
    }

    private void Change(Node node, ByteRate rate)
    {
        if (node.Rate.IsUnlimited)
            node.Allowed = 0;
        node.Rate = rate;
        node.Allowed = Math.Min(node.Allowed, CapacityOf(rate));
    }

    private void Review()
    {
        foreach (var (lane, _, _) in _lanes)
        {
            var wasFree = lane.IsFree;
            Assert.Equal(wasFree && !_limiter.IsUnlimited(lane), _limiter.Review(lane, _now));
        }
    }

    private double CapacityOf(ByteRate rate) => Math.Max(TokenBucket.SmallestCapacity, rate.BytesPerSecond * _burst.TotalSeconds);

    private static ByteRate RateOf(Random random) => random.Next(3) == 0 ? default : new ByteRate(random.Next(5_000, 2_000_000));

    private sealed class Node(ByteRate rate)
    {
        public ByteRate Rate { get; set; } = rate;

        public BandwidthGroup? Group { get; set; }

        public BandwidthPool? Pool { get; set; }

        public double Allowed { get; set; }
    }
}
