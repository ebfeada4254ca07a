namespace ActorTorrent.Engine.Peers;

/// <summary>
/// How many bytes a second went by, over a sliding window of fixed buckets. Time is passed in and must not run backwards; nothing is
/// allocated after the start.
/// </summary>
internal sealed class RateMeter
{
    private readonly long[] _buckets;
    private readonly long _bucketTicks;
    private long _sum;

    // The bucket that the last sample fell into, counted from time zero; the time since which is measured.
    private long _current = -1;
    private long _since;

    /// <summary>Measures over a window of 5 s in 10 buckets.</summary>
    public RateMeter()
        : this(TimeSpan.FromSeconds(5), 10)
    {
    }

    /// <summary>Measures over a window.</summary>
    public RateMeter(TimeSpan window, int buckets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(window.Ticks, buckets);
        _buckets = new long[buckets];
        _bucketTicks = window.Ticks / buckets;
    }

    /// <summary>All bytes ever counted.</summary>
    public long Total { get; private set; }

    /// <summary>Counts bytes.</summary>
    public void Add(long bytes, TimeSpan now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (_current < 0)
        {
            _current = now.Ticks / _bucketTicks;
            _since = now.Ticks;
        }
        Advance(now);
        _buckets[_current % _buckets.Length] += bytes;
        _sum += bytes;
        Total += bytes;
    }

    /// <summary>
    /// The rate up to now, in bytes a second. In the beginning it is taken over the time that passed since the first bytes, at least one bucket's length,
    /// not over the whole window.
    /// </summary>
    public double Rate(TimeSpan now)
    {
        if (_current < 0)
            return 0;
        Advance(now);
        if (_sum == 0)
            return 0;
        // The oldest bucket is gone whole, the newest is only begun.
        var window = now.Ticks - ((_current - _buckets.Length + 1) * _bucketTicks);
        var ticks = Math.Max(_bucketTicks, Math.Min(window, now.Ticks - _since));
        return (double)_sum * TimeSpan.TicksPerSecond / ticks;
    }

    /// <summary>Forgets the window, not the total: after a pause the rate starts anew.</summary>
    public void Reset()
    {
        Array.Clear(_buckets);
        _sum = 0;
        _current = -1;
    }

    private void Advance(TimeSpan now)
    {
        var bucket = now.Ticks / _bucketTicks;
        if (bucket - _current >= _buckets.Length)
        {
            Array.Clear(_buckets);
            _sum = 0;
            _current = bucket;
            return;
        }
        while (_current < bucket)
        {
            _current++;
            ref var oldest = ref _buckets[_current % _buckets.Length];
            _sum -= oldest;
            oldest = 0;
        }
    }
}
