namespace ActorTorrent.Lab.Scenarios;

/// <summary>How the peers of a group come.</summary>
public sealed record Arrival
{
    /// <summary>The process.</summary>
    public ArrivalKind Kind { get; init; }

    /// <summary>When the first may come.</summary>
    public TimeSpan At { get; init; }

    /// <summary>Poisson: how many a second on average.</summary>
    public double PerSecond { get; init; } = 1;

    /// <summary>Flash crowd: the mean time of a peer after <see cref="At"/>.</summary>
    public TimeSpan Mean { get; init; } = TimeSpan.FromSeconds(5);
}
