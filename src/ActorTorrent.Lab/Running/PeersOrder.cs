using ActorTorrent.Lab.Peers;

namespace ActorTorrent.Lab.Running;

/// <summary>To a helper with stub peers.</summary>
internal sealed record PeersOrder
{
    /// <summary>What to do.</summary>
    public PeersOrderKind Do { get; init; }

    /// <summary>Prepare: the scenario's text; the plan is made of it and the seed.</summary>
    public string? Scenario { get; init; }

    /// <summary>Prepare: where files that the scenario names are.</summary>
    public string? Folder { get; init; }

    /// <summary>Prepare: the seed of this run.</summary>
    public int Seed { get; init; }

    /// <summary>Prepare: whether all peers that can do so dial.</summary>
    public bool AllDial { get; init; }

    /// <summary>Prepare: the torrent.</summary>
    public string? InfoHash { get; init; }

    /// <summary>Prepare: a torrent file of others, in base 64, whose content the peers do not have.</summary>
    public string? ForeignTorrent { get; init; }

    /// <summary>Prepare: whom those dial that dial; may come later.</summary>
    public string? Target { get; init; }

    /// <summary>Arrive, Leave, CutOff, Rejoin: who.</summary>
    public IReadOnlyList<int> Peers { get; init; } = [];

    /// <summary>Leave: how.</summary>
    public PeerDeparture Ending { get; init; }
}
