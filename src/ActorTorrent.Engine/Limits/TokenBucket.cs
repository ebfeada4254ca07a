using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Limits;

/// <summary>
/// Bytes that may be moved: they come in at a rate up to a capacity, and what is taken is gone. Over any time t no more than rate × t +
/// capacity can be had by whoever takes no more than <see cref="Available"/>. Time is passed in; exact, in whole bytes and ticks.
/// </summary>
internal sealed class TokenBucket
{
    /// <summary>No bucket is smaller, since a block is taken whole.</summary>
    public const int SmallestCapacity = FileLayout.BlockLength;

    private readonly TimeSpan _burst;

    // In bytes × ticks of a second, so that nothing is lost to rounding. Below zero: a debt.
    private Int128 _level;
    private TimeSpan _filledAt;

    /// <param name="rate">How many bytes come in.</param>
    /// <param name="burst">How much time's bytes are saved up while nobody takes any.</param>
    /// <param name="now">The present. The bucket starts empty.</param>
    public TokenBucket(ByteRate rate, TimeSpan burst, TimeSpan now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(burst, TimeSpan.Zero);
        _burst = burst;
        _filledAt = now;
        Rate = rate;
    }

    /// <summary>How many bytes come in; see <see cref="SetRate"/>.</summary>
    public ByteRate Rate { get; private set; }

    /// <summary>The most bytes it holds.</summary>
    public long Capacity => Math.Max(SmallestCapacity, (long)((Int128)Rate.BytesPerSecond * _burst.Ticks / TimeSpan.TicksPerSecond));

    /// <summary>Changes the rate from now on. What was saved up under the old one is kept as far as it fits; a bucket that had no limit starts empty.</summary>
    public void SetRate(ByteRate rate, TimeSpan now)
    {
        if (Rate == rate)
            return;
        Fill(now);
        if (Rate.IsUnlimited)
            _level = 0;
        Rate = rate;
        _level = Int128.Min(_level, Scale(Capacity));
    }

    /// <summary>How many bytes may be taken; below zero while a debt is paid off; <see cref="long.MaxValue"/> without a limit.</summary>
    public long Available(TimeSpan now)
    {
        if (Rate.IsUnlimited)
            return long.MaxValue;
        Fill(now);
        return (long)(_level / TimeSpan.TicksPerSecond) - (Int128.IsNegative(_level) && _level % TimeSpan.TicksPerSecond != 0 ? 1 : 0);
    }

    /// <summary>Takes bytes, more than there are if need be: they were moved already, and the debt is paid off before more can be had.</summary>
    public void Take(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (!Rate.IsUnlimited)
            _level -= Scale(bytes);
    }

    /// <summary>Gives back bytes that were taken and not moved.</summary>
    public void GiveBack(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (!Rate.IsUnlimited)
            _level = Int128.Min(_level + Scale(bytes), Scale(Capacity));
    }

    /// <summary>How long it takes until so many bytes are there, if nobody takes any.</summary>
    public TimeSpan TimeUntil(long bytes, TimeSpan now)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, Capacity);
        if (Rate.IsUnlimited)
            return TimeSpan.Zero;
        Fill(now);
        var missing = Scale(bytes) - _level;
        if (missing <= 0)
            return TimeSpan.Zero;
        var ticks = (missing + Rate.BytesPerSecond - 1) / Rate.BytesPerSecond;
        return ticks > TimeSpan.TicksPerDay ? TimeSpan.FromDays(1) : new TimeSpan((long)ticks);
    }

    private void Fill(TimeSpan now)
    {
        var elapsed = now - _filledAt;
        if (elapsed <= TimeSpan.Zero)
            return;
        _filledAt = now;
        _level = Int128.Min(_level + ((Int128)Rate.BytesPerSecond * elapsed.Ticks), Scale(Capacity));
    }

    private static Int128 Scale(long bytes) => (Int128)bytes * TimeSpan.TicksPerSecond;
}
