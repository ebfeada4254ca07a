namespace ActorTorrent.Lab.Chaos;

/// <summary>
/// A clock whose time of day jumps, forth and back, as when somebody sets it or a machine wakes up; time that passes is measured as ever. Safe
/// for use from several threads at once.
/// </summary>
/// <param name="time">The clock behind it; null for the system's.</param>
public sealed class ErraticClock(TimeProvider? time = null) : TimeProvider
{
    private readonly TimeProvider _time = time ?? System;
    private long _offsetTicks;

    /// <summary>How far it is off.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));

    /// <inheritdoc/>
    public override long TimestampFrequency => _time.TimestampFrequency;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => _time.LocalTimeZone;

    /// <summary>Sets it forth, or back.</summary>
    /// <param name="by">By how much.</param>
    public void Jump(TimeSpan by) => Interlocked.Add(ref _offsetTicks, by.Ticks);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _time.GetUtcNow() + Offset;

    /// <inheritdoc/>
    public override long GetTimestamp() => _time.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        => _time.CreateTimer(callback, state, dueTime, period);
}
