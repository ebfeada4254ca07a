namespace ActorTorrent.Engine.Limits;

/// <summary>
/// Shares one direction's bandwidth among peers under their limits: the engine's, the bandwidth group's, the torrent's, the peer's own. Each
/// byte is taken from every bucket that holds for the peer. Lanes ask and wait; those that wait are served in turns, a block each, so that
/// all get the same however much they ask for: of a torrent of high priority <see cref="Weight"/> blocks each, of low priority one in so
/// many turns. Who has to wait for a shared limit is not overtaken under it, so nobody starves. One owner; time is passed in; once lanes
/// are there, nothing is allocated.
/// </summary>
internal sealed class BandwidthLimiter
{
    /// <summary>What a lane gets in its turn, in bytes: a block.</summary>
    public const int Turn = TokenBucket.SmallestCapacity;

    /// <summary>How many times as much one priority gets as the one below.</summary>
    public const int Weight = 4;

    private readonly TimeSpan _burst;
    private readonly TokenBucket _all;
    private BandwidthLane? _first;
    private BandwidthLane? _last;
    private long _distributions;
    private long _exhaustedAt = -1;
    private int _exemptWaiting;

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

    /// <summary>Adds a bandwidth group.</summary>
    public BandwidthPool AddPool(ByteRate rate, TimeSpan now) => new(new TokenBucket(rate, _burst, now));

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
    public bool IsUnlimited(BandwidthLane lane) =>
        (lane.Group.IsExempt || _all.Rate.IsUnlimited) && lane.Group.Pool is not { Rate.IsUnlimited: false } && lane.Group.Rate.IsUnlimited
        && lane.Bucket.Rate.IsUnlimited;

    /// <summary>
    /// To be asked of every lane after a limit changed, or whom it holds for. Answers whether the lane was free and is so no longer: what it does from now on
    /// has to be asked for.
    /// </summary>
    public bool Review(BandwidthLane lane, TimeSpan now)
    {
        lane.Bucket.SetRate(PeerRate, now);
        if (lane.IsWaiting)
            CountExempt(lane, lane.Group.IsExempt);
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
        group.Pool?.Bucket.GiveBack(bytes);
        if (!group.IsExempt)
            _all.GiveBack(bytes);
    }

    /// <summary>Books bytes that a torrent moved without having been granted them; what comes next waits for it.</summary>
    public void Charge(BandwidthGroup group, long bytes)
    {
        group.Bucket.Take(bytes);
        group.Pool?.Bucket.Take(bytes);
        if (!group.IsExempt)
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
        for (var moved = true; moved;)
        {
            moved = false;
            var lane = _first;
            for (var left = Waiting; left > 0 && !IsOver; left--)
            {
                var next = lane!.Next;
                if (TryServe(lane, now, granted, ref wait))
                    moved = true;
                lane = next;
            }
        }
        return Waiting == 0 ? null : wait;
    }

    /// <summary>Whether nobody who waits can be served in this distribution any more.</summary>
    private bool IsOver => _exhaustedAt == _distributions && _exemptWaiting == 0;

    /// <summary>Gives a lane its turn, or what can be had of it now. Answers whether anything came of it.</summary>
    private bool TryServe(BandwidthLane lane, TimeSpan now, List<BandwidthLane> granted, ref TimeSpan wait)
    {
        if (IsUnlimited(lane))
        {
            lane.IsFree = true;
            Note(lane, lane.Wanted, granted);
            Leave(lane);
            return true;
        }
        var isServed = false;
        while (true)
        {
            var bytes = Math.Min(lane.Wanted, Turn);
            if (!CanHave(lane, bytes, now, ref wait))
                return isServed;
            if (lane.Group.Priority == BandwidthPriority.Low && ++lane.Skipped < Weight)
                break;
            lane.Skipped = 0;
            lane.Bucket.Take(bytes);
            Charge(lane.Group, bytes);
            Note(lane, bytes, granted);
            isServed = true;
            if (lane.Wanted == 0 || lane.Group.Priority != BandwidthPriority.High || ++lane.Had == Weight)
                break;
        }
        Leave(lane);
        if (lane.Wanted > 0)
            Enter(lane);
        return true;
    }

    /// <summary>Whether every limit that holds for a lane has so many bytes for it. If not, nobody behind it is served under that limit before.</summary>
    private bool CanHave(BandwidthLane lane, long bytes, TimeSpan now, ref TimeSpan wait)
    {
        if (!Has(lane.Bucket, bytes, now, ref wait))
            return false;
        var group = lane.Group;
        if (group.ExhaustedAt == _distributions || group.Pool?.ExhaustedAt == _distributions || (!group.IsExempt && _exhaustedAt == _distributions))
            return false;
        if (!Has(group.Bucket, bytes, now, ref wait))
        {
            group.ExhaustedAt = _distributions;
            return false;
        }
        if (group.Pool is { } pool && !Has(pool.Bucket, bytes, now, ref wait))
        {
            pool.ExhaustedAt = _distributions;
            return false;
        }
        if (!group.IsExempt && !Has(_all, bytes, now, ref wait))
        {
            _exhaustedAt = _distributions;
            return false;
        }
        return true;
    }

    private static bool Has(TokenBucket bucket, long bytes, TimeSpan now, ref TimeSpan wait)
    {
        if (bucket.Available(now) >= bytes)
            return true;
        wait = Min(wait, bucket.TimeUntil(bytes, now));
        return false;
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
        CountExempt(lane, lane.Group.IsExempt);
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
        lane.Had = 0;
        Waiting--;
        CountExempt(lane, isExempt: false);
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

    private void CountExempt(BandwidthLane lane, bool isExempt)
    {
        if (lane.IsCountedExempt == isExempt)
            return;
        lane.IsCountedExempt = isExempt;
        _exemptWaiting += isExempt ? 1 : -1;
    }

    private static TimeSpan Min(TimeSpan x, TimeSpan y) => x < y ? x : y;
}
