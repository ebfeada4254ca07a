namespace ActorTorrent.Lab.Peers;

/// <summary>
/// Keeps a flow under a rate by giving each send its place on a line of time. A late sender may catch up for a tenth of a second, so that
/// coarse timers do not lower the rate. Safe for use from several threads at once.
/// </summary>
internal sealed class RatePacer
{
    private static readonly TimeSpan CatchUp = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly double _ticksPerByte;
    private readonly long _catchUpTicks;
    private long _next;

    public RatePacer(long bytesPerSecond, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesPerSecond, 1);
        _time = time;
        _ticksPerByte = (double)time.TimestampFrequency / bytesPerSecond;
        _catchUpTicks = (long)(CatchUp.TotalSeconds * time.TimestampFrequency);
        _next = time.GetTimestamp();
        BytesPerSecond = bytesPerSecond;
    }

    public long BytesPerSecond { get; }

    /// <summary>Takes the next place for a send and says how long to wait for it.</summary>
    public TimeSpan Reserve(int bytes)
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            var start = Math.Max(_next, now - _catchUpTicks);
            _next = start + (long)(bytes * _ticksPerByte);
            return start <= now ? TimeSpan.Zero : _time.GetElapsedTime(now, start);
        }
    }

    public async ValueTask WaitAsync(int bytes, CancellationToken cancellation)
    {
        var delay = Reserve(bytes);
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay, _time, cancellation);
    }
}
