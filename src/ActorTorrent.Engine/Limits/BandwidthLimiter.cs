namespace ActorTorrent.Engine.Limits;

/// <summary>
/// Shares one direction's bandwidth among peers under three limits: the engine's, the torrent's, the peer's own. Each byte is taken from
/// all three buckets. Lanes ask and wait; those that wait are served in turns, a block each, so that all get the same however much they ask
/// for. Who has to wait for a shared limit is not overtaken under it, so nobody starves. One owner; time is passed in; once lanes are
/// there, nothing is allocated.
/// </summary>
internal sealed class BandwidthLimiter
{
    /// <summary>What a lane gets in its turn, in bytes: a block.</summary>
    public const int Turn = TokenBucket.SmallestCapacity;

    private readonly TimeSpan _burst;
    private readonly TokenBucket _all;
    private BandwidthLane? _first;
    private BandwidthLane? _last;
    private long _distributions;

    /// <param name="rate">The limit of all torrents together.</param>
    /// <param name="peerRate">The limit of each peer.</param>
    /// <param name="burst">How much time's bytes each limit saves up while they are not used.</param>
    /// <param name="now">The present.</param>
    public BandwidthLimiter(ByteRate rate, ByteRate peerRate, TimeSpan burst, TimeSpan now)
    {
        _burst = burst;
        _all = new TokenBucket(rate, burst, now);
        PeerRate = peerRate;
    }

    /// <summary>The limit of all torrents together.</summary>
    public ByteRate Rate => _all.Rate;

    /// <summary>The limit of each peer.</summary>
    public ByteRate PeerRate { get; private set; }

    /// <summary>How many lanes wait.</summary>
    public int Waiting { get; private set; }

    /// <summary>Adds a torrent.</summary>
    public BandwidthGroup AddGroup(ByteRate rate, TimeSpan now) => new(new TokenBucket(rate, _burst, now));

    /// <summary>Adds a peer of a torrent.</summary>
    public BandwidthLane AddLane(BandwidthGroup group, TimeSpan now) => new(group, new TokenBucket(PeerRate, _burst, now));

    /// <summary>Forgets a lane: it waits no more.</summary>
    public void Remove(BandwidthLane lane)
    {
        lane.Wanted = 0;
        Leave(lane);
    }

    /// <summary>Changes the limit of all torrents together.</summary>
    public void SetRate(ByteRate rate, TimeSpan now) => _all.SetRate(rate, now);

    /// <summary>Changes the limit that each peer gets; those that are there get it by <see cref="Review"/>.</summary>
    public void SetPeerRate(ByteRate rate) => PeerRate = rate;

    /// <summary>Whether no limit holds for a lane.</summary>
    public bool IsUnlimited(BandwidthLane lane) => _all.Rate.IsUnlimited && lane.Group.Rate.IsUnlimited && lane.Bucket.Rate.IsUnlimited;

    /// <summary>
    /// To be asked of every lane after a limit changed. Answers whether the lane was free and is so no longer: what it does from now on
    /// has to be asked for.
    /// </summary>
    public bool Review(BandwidthLane lane, TimeSpan now)
    {
        lane.Bucket.SetRate(PeerRate, now);
        if (!lane.IsFree || IsUnlimited(lane))
            return false;
        lane.IsFree = false;
        return true;
    }

    /// <summary>Asks for bytes, in addition to what was asked before. They are granted by <see cref="Distribute"/>.</summary>
    public void Want(BandwidthLane lane, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        lane.Wanted += bytes;
        if (lane.Wanted > 0)
            Enter(lane);
    }

    /// <summary>Gives back bytes that were granted to a lane and not moved.</summary>
    public void GiveBack(BandwidthLane lane, long bytes)
    {
        lane.Bucket.GiveBack(bytes);
        GiveBack(lane.Group, bytes);
    }

    /// <summary>Gives back bytes that were granted to some peer of a torrent and not moved.</summary>
    public void GiveBack(BandwidthGroup group, long bytes)
    {
        group.Bucket.GiveBack(bytes);
        _all.GiveBack(bytes);
    }

    /// <summary>Books bytes that a torrent moved without having been granted them; what comes next waits for it.</summary>
    public void Charge(BandwidthGroup group, long bytes)
    {
        group.Bucket.Take(bytes);
        _all.Take(bytes);
    }

    /// <summary>
    /// Grants what can be had now: in <paramref name="granted"/>, each lane once, its <see cref="BandwidthLane.Granted"/> set, or its
    /// <see cref="BandwidthLane.IsFree"/> if no limit holds for it.
    /// </summary>
    /// <param name="now">The present.</param>
    /// <param name="granted">Where the lanes are added.</param>
    /// <returns>After what time more can be granted; null when nobody waits.</returns>
    public TimeSpan? Distribute(TimeSpan now, List<BandwidthLane> granted)
    {
        _distributions++;
        var wait = TimeSpan.MaxValue;
        var isExhausted = false;
        for (var moved = true; moved && !isExhausted;)
        {
            moved = false;
            var lane = _first;
            for (var left = Waiting; left > 0 && !isExhausted; left--)
            {
                var next = lane!.Next;
                if (TryServe(lane, now, granted, ref wait, out isExhausted))
                    moved = true;
                lane = next;
            }
        }
        return Waiting == 0 ? null : wait;
    }

    private bool TryServe(BandwidthLane lane, TimeSpan now, List<BandwidthLane> granted, ref TimeSpan wait, out bool isExhausted)
    {
        isExhausted = false;
        if (IsUnlimited(lane))
        {
            lane.IsFree = true;
            Note(lane, lane.Wanted, granted);
            Leave(lane);
            return true;
        }
        var bytes = Math.Min(lane.Wanted, Turn);
        if (lane.Bucket.Available(now) < bytes)
        {
            wait = Min(wait, lane.Bucket.TimeUntil(bytes, now));
            return false;
        }
        if (lane.Group.ExhaustedAt == _distributions)
            return false;
        if (lane.Group.Bucket.Available(now) < bytes)
        {
            lane.Group.ExhaustedAt = _distributions;
            wait = Min(wait, lane.Group.Bucket.TimeUntil(bytes, now));
            return false;
        }
        if (_all.Available(now) < bytes)
        {
            isExhausted = true;
            wait = Min(wait, _all.TimeUntil(bytes, now));
            return false;
        }
        lane.Bucket.Take(bytes);
        Charge(lane.Group, bytes);
        Note(lane, bytes, granted);
        Leave(lane);
        if (lane.Wanted > 0)
            Enter(lane);
        return true;
    }

    private void Note(BandwidthLane lane, long bytes, List<BandwidthLane> granted)
    {
        if (lane.NotedAt != _distributions)
        {
            lane.NotedAt = _distributions;
            lane.Granted = 0;
            granted.Add(lane);
        }
        lane.Granted += bytes;
        lane.Wanted -= bytes;
    }

    private void Enter(BandwidthLane lane)
    {
        if (lane.IsWaiting)
            return;
        lane.IsWaiting = true;
        Waiting++;
        lane.Previous = _last;
        if (_last is null)
            _first = lane;
        else
            _last.Next = lane;
        _last = lane;
    }

    private void Leave(BandwidthLane lane)
    {
        if (!lane.IsWaiting)
            return;
        lane.IsWaiting = false;
        Waiting--;
        if (lane.Previous is null)
            _first = lane.Next;
        else
            lane.Previous.Next = lane.Next;
        if (lane.Next is null)
            _last = lane.Previous;
        else
            lane.Next.Previous = lane.Previous;
        lane.Previous = null;
        lane.Next = null;
    }

    private static TimeSpan Min(TimeSpan x, TimeSpan y) => x < y ? x : y;
}
