namespace ActorTorrent.Engine.Telemetry;

/// <summary>What a torrent is about.</summary>
public enum TorrentPhase
{
    /// <summary>Looking at what is on disk.</summary>
    Checking,

    /// <summary>Fetching the metadata that its magnet link names.</summary>
    FetchingMetadata,

    /// <summary>Fetching what is missing.</summary>
    Downloading,

    /// <summary>Complete; serving others.</summary>
    Seeding,

    /// <summary>Waits its turn: as many others as allowed are at work.</summary>
    Queued,

    /// <summary>Stopped by the user.</summary>
    Paused,

    /// <summary>Has been seeded as much as was wanted.</summary>
    Finished,

    /// <summary>Our disk failed; nothing is fetched until it works again.</summary>
    DiskError,

    /// <summary>Saying good-bye to trackers and closing files.</summary>
    Stopping,
}
