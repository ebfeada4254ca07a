namespace ActorTorrent.Lab.Running;

/// <summary>What a helper with an engine tells of.</summary>
internal enum EngineReportKind
{
    /// <summary>The torrent is in; the clock starts.</summary>
    Started,

    /// <summary>How it stands, four times a second.</summary>
    Sample,

    /// <summary>The download is complete.</summary>
    Completed,

    /// <summary>Something to be shown.</summary>
    Note,

    /// <summary>It is over; the numbers.</summary>
    Final,
}
