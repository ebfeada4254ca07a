using ActorTorrent.Lab.Peers;

namespace ActorTorrent.Lab.Scenarios;

/// <summary>Peers of a scenario that behave alike.</summary>
public sealed record PeerGroup
{
    /// <summary>What faults and reports call it.</summary>
    public required string Name { get; init; }

    /// <summary>How many there are.</summary>
    public int Count { get; init; } = 1;

    /// <summary>How each behaves.</summary>
    public PeerBehaviour Behaviour { get; init; }

    /// <summary>Whether they dial the engine; else it dials them.</summary>
    public bool Dials { get; init; }

    /// <summary>How long after the end of a connection those that dial try again; null for never.</summary>
    public TimeSpan? ReconnectAfter { get; init; }

    /// <summary>Block bytes a second of each, sent; null for as fast as it goes.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>See <see cref="PeerBehaviour"/>.</summary>
    public long AfterBytes { get; init; }

    /// <summary>See <see cref="PeerBehaviour"/>.</summary>
    public TimeSpan? ReturnsAfter { get; init; }

    /// <summary>How their connections end when they leave.</summary>
    public PeerDeparture Ending { get; init; } = PeerDeparture.Rst;

    /// <summary>See <see cref="PeerBehaviour"/>.</summary>
    public double Probability { get; init; }

    /// <summary>See <see cref="PeerBehaviour"/>.</summary>
    public int Every { get; init; }

    /// <summary>See <see cref="PeerBehaviour"/>.</summary>
    public double PerSecond { get; init; } = 100;

    /// <summary>How they come.</summary>
    public Arrival Arrival { get; init; } = new();

    /// <summary>How long they stay; null for to the end.</summary>
    public TimeDistribution? Session { get; init; }

    /// <summary>How long they stay away between two sessions; null when they do not come back.</summary>
    public TimeDistribution? Away { get; init; }

    /// <summary>Whole engines: whether they have everything, or fetch it.</summary>
    public EngineRole Role { get; init; }

    /// <summary>Whole engines: HOCON laid over their settings.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>The way to each.</summary>
    public LinkShape? Link { get; init; }
}
