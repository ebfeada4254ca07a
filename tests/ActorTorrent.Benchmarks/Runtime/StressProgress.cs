namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>How far one player of the stress run has come.</summary>
internal sealed class StressProgress(string name)
{
    private long _count;
    private long _seen;
    private TimeSpan _seenAt;

    public string Name { get; } = name;

    public long Count => Volatile.Read(ref _count);

    public void Moved() => Interlocked.Increment(ref _count);

    /// <summary>For the watchdog alone: how long ago it last saw a move, at a time since its start.</summary>
    public TimeSpan StillFor(TimeSpan now)
    {
        var count = Count;
        if (count != _seen)
        {
            _seen = count;
            _seenAt = now;
        }

        return now - _seenAt;
    }
}
