namespace ActorTorrent.Engine.Coordination;

/// <summary>
/// Bytes that all torrents and connections of an engine may hold together for one purpose. Who holds them says so; who wants more looks
/// first, and waits or goes without while it is spent. Two who look at the same moment may go over it by what they take. Safe for use from
/// several actors at once.
/// </summary>
/// <param name="most">Bytes at most.</param>
public sealed class ByteBudget(long most)
{
    private long _taken;
    private int _isWanted;

    /// <summary>Bytes at most.</summary>
    public long Most { get; } = most;

    /// <summary>Bytes held.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Whether as much is held as may be.</summary>
    public bool IsSpent => Taken >= Most;

    /// <summary>Takes bytes that are held anyway, or that nobody can go on without.</summary>
    public void Take(long bytes) => Interlocked.Add(ref _taken, bytes);

    /// <summary>Takes bytes if there is room for them.</summary>
    /// <returns>Whether there was; if not, that is remembered for <see cref="TakeWanted"/>.</returns>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= Most)
            return true;
        Interlocked.Add(ref _taken, -bytes);
        Volatile.Write(ref _isWanted, 1);
        return false;
    }

    /// <summary>Gives bytes back.</summary>
    public void Return(long bytes) => Interlocked.Add(ref _taken, -bytes);

    /// <summary>Whether somebody went without since this was asked last: who can spare something then gives it back.</summary>
    public bool TakeWanted() => Interlocked.Exchange(ref _isWanted, 0) == 1;
}
