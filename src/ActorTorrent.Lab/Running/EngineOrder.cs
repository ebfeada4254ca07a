using ActorTorrent.Lab.Scenarios;

namespace ActorTorrent.Lab.Running;

/// <summary>To a helper with an engine.</summary>
internal sealed record EngineOrder
{
    /// <summary>What to do.</summary>
    public EngineOrderKind Do { get; init; }

    /// <summary>Start: what the engine does.</summary>
    public EngineRole Role { get; init; }

    /// <summary>Start: profiles laid over the settings.</summary>
    public IReadOnlyList<string> Profiles { get; init; } = [];

    /// <summary>Start: HOCON laid over these.</summary>
    public string Settings { get; init; } = "";

    /// <summary>Start: the torrent file, in base 64.</summary>
    public string Torrent { get; init; } = "";

    /// <summary>Start: where its files go, or are.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Start: what decides its random choices.</summary>
    public int Seed { get; init; }

    /// <summary>Start: whether the depth of mailboxes is measured.</summary>
    public bool MeasuresMailboxes { get; init; }

    /// <summary>Start, for a probe: the peers.</summary>
    public IReadOnlyList<string> Peers { get; init; } = [];

    /// <summary>Disk: milliseconds that each operation is held up.</summary>
    public int DiskMilliseconds { get; init; }
}
