namespace ActorTorrent.Engine.Coordination;

/// <summary>What a torrent would do if it were its turn.</summary>
public enum TorrentNeed
{
    /// <summary>Not known yet: what is on disk is being checked.</summary>
    Unknown,

    /// <summary>Fetch what is missing.</summary>
    Download,

    /// <summary>Serve others.</summary>
    Seed,

    /// <summary>Nothing: it has been seeded as much as was wanted.</summary>
    Nothing,
}
