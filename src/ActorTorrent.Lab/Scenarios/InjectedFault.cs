using ActorTorrent.Lab.Peers;

namespace ActorTorrent.Lab.Scenarios;

/// <summary>Something done to a swarm on purpose, at a time.</summary>
public sealed record InjectedFault
{
    /// <summary>What.</summary>
    public InjectedFaultKind Kind { get; init; }

    /// <summary>When.</summary>
    public TimeSpan At { get; init; }

    /// <summary>Time until it is done again; null for once.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>How often at most.</summary>
    public int Times { get; init; } = int.MaxValue;

    /// <summary>How long it lasts; null for to the end.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>The group of peers it strikes; null for all.</summary>
    public string? Of { get; init; }

    /// <summary>The part of the peers present then that it strikes.</summary>
    public double Share { get; init; } = 1;

    /// <summary>How connections end.</summary>
    public PeerDeparture Ending { get; init; } = PeerDeparture.Rst;

    /// <summary>How long each disk operation is held up.</summary>
    public TimeSpan Delay { get; init; }
}
