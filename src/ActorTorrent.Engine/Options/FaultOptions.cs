using ActorTorrent.Engine.Faults;

namespace ActorTorrent.Engine.Options;

/// <summary>What the <c>actortorrent.faults</c> section of the HOCON files sets.</summary>
public sealed record FaultOptions
{
    /// <summary>What becomes of peers that fail in a way that may pass.</summary>
    public SupervisionPolicy Policy { get; init; }

    /// <summary>Delay before the first dial after a failure; it doubles with every further failure in a row.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest delay.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The part of a delay that chance may add or take, 0 to 1.</summary>
    public double Jitter { get; init; } = 0.2;

    /// <summary>Failures in a row after which an address is given up.</summary>
    public int MaxRetries { get; init; } = 5;

    /// <summary>Protocol violations after which an address is banned.</summary>
    public int ViolationsBeforeBan { get; init; } = 3;

    /// <summary>Restarts of one peer actor by exceptions nobody foresaw, within <see cref="RestartWindow"/>, before it is stopped.</summary>
    public int MaxRestarts { get; init; } = 20;

    /// <summary>See <see cref="MaxRestarts"/>.</summary>
    public TimeSpan RestartWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Entries of the fault journal that are kept in memory.</summary>
    public int JournalEntries { get; init; } = 10_000;

    /// <summary>Newcomers turned away that are told of in a second, from 1 to 100,000; more are counted alone.</summary>
    public int ToldPerSecond { get; init; } = 50;
}
