using ActorTorrent.Lab.Peers;

namespace ActorTorrent.Lab.Scenarios;

/// <summary>Something that happens in a planned run.</summary>
/// <param name="At">When, from the start.</param>
/// <param name="Action">What.</param>
public sealed record PlannedEvent(TimeSpan At, PlannedAction Action)
{
    /// <summary>The peers that it happens to, by their numbers.</summary>
    public IReadOnlyList<int> Peers { get; init; } = [];

    /// <summary>How they leave.</summary>
    public PeerDeparture Ending { get; init; }

    /// <summary>How long each disk operation is held up.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The injected fault that begins with it; null when it is part of ordinary life, or the end of a fault.</summary>
    public string? Fault { get; init; }
}
