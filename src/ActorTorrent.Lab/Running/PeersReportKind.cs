namespace ActorTorrent.Lab.Running;

/// <summary>What a helper with stub peers tells of.</summary>
internal enum PeersReportKind
{
    /// <summary>It is prepared.</summary>
    Ready,

    /// <summary>Peers have come.</summary>
    Arrived,

    /// <summary>The sums over its peers, at a steady pace.</summary>
    Counts,

    /// <summary>The sums over each group, at the end.</summary>
    Sum,
}
