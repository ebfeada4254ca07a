namespace ActorTorrent.Engine.Coordination;

/// <summary>
/// How many connections all torrents of an engine may have together. Who finds none free makes none; two who look at the same moment may
/// go over it by one. Safe for use from several actors at once.
/// </summary>
/// <param name="most">Connections at most.</param>
public sealed class ConnectionBudget(int most)
{
    private int _taken;

    /// <summary>Connections that there are.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Connections that may still be made; never negative.</summary>
    public int Free => Math.Max(0, most - Taken);

    /// <summary>A connection is made, or accepted.</summary>
    public void Take() => Interlocked.Increment(ref _taken);

    /// <summary>Connections have ended.</summary>
    /// <param name="count">How many.</param>
    public void Return(int count = 1) => Interlocked.Add(ref _taken, -count);
}
