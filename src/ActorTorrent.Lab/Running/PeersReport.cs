namespace ActorTorrent.Lab.Running;

/// <summary>From a helper with stub peers.</summary>
internal sealed record PeersReport
{
    /// <summary>What it tells of.</summary>
    public PeersReportKind Kind { get; init; }

    /// <summary>Arrived: where those who wait to be dialled are now.</summary>
    public IReadOnlyList<ArrivedPeer> Arrived { get; init; } = [];

    /// <summary>Counts: connections that stand.</summary>
    public long Live { get; init; }

    /// <summary>Counts: bytes of blocks sent by all peers.</summary>
    public long Sent { get; init; }

    /// <summary>Counts: bytes of blocks sent to all peers.</summary>
    public long Received { get; init; }

    /// <summary>Counts: peers that have shaken hands.</summary>
    public long Handshakes { get; init; }

    /// <summary>Counts: connects of or to peers.</summary>
    public long Connections { get; init; }

    /// <summary>Sum: what each group saw.</summary>
    public IReadOnlyList<GroupCounts> Groups { get; init; } = [];
}
