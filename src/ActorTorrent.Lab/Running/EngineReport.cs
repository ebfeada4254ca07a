namespace ActorTorrent.Lab.Running;

/// <summary>From a helper with an engine.</summary>
internal sealed record EngineReport
{
    /// <summary>What it tells of.</summary>
    public EngineReportKind Kind { get; init; }

    /// <summary>Started: the port for peers.</summary>
    public int Port { get; init; }

    /// <summary>Started: its process.</summary>
    public int ProcessId { get; init; }

    /// <summary>Sample: how it stands.</summary>
    public LabSample? Sample { get; init; }

    /// <summary>Completed: seconds from the start.</summary>
    public double Seconds { get; init; }

    /// <summary>Note: the text.</summary>
    public string? Text { get; init; }

    /// <summary>Final: faults by cause and what was decided.</summary>
    public IReadOnlyList<FaultCount> Faults { get; init; } = [];

    /// <summary>Final: blocks that went back at faults.</summary>
    public long BlocksReturned { get; init; }

    /// <summary>Final: pieces that failed their hash.</summary>
    public int FailedPieces { get; init; }

    /// <summary>Final: why it made no progress any more; null when it did.</summary>
    public string? Stuck { get; init; }

    /// <summary>Final: what came of each probe, in the order of the peers.</summary>
    public IReadOnlyList<string> Outcomes { get; init; } = [];
}
