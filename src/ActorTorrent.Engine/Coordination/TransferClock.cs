namespace ActorTorrent.Engine.Coordination;

/// <summary>When a block last moved, in any torrent of an engine. Safe for use from several threads.</summary>
internal sealed class TransferClock
{
    private long _movedAt = long.MinValue / 2;

    /// <summary>A block has moved.</summary>
    public void Moved(TimeSpan now) => Volatile.Write(ref _movedAt, now.Ticks);

    /// <summary>How long none has; very long when none ever did.</summary>
    public TimeSpan QuietFor(TimeSpan now) => new(now.Ticks - Volatile.Read(ref _movedAt));
}
