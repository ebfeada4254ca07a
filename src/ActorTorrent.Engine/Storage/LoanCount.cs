namespace ActorTorrent.Engine.Storage;

/// <summary>How many buffers of a kind an engine has out on loan. That it returns to zero proves that none leaked. Safe for use from several threads.</summary>
public sealed class LoanCount
{
    private int _count;

    /// <summary>Buffers out on loan now.</summary>
    public int Count => Volatile.Read(ref _count);

    internal void Lend() => Interlocked.Increment(ref _count);

    internal void Return() => Interlocked.Decrement(ref _count);
}
