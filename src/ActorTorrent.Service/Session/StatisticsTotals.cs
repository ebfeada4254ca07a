namespace ActorTorrent.Service.Session;

/// <summary>What a session has moved.</summary>
public sealed record StatisticsTotals
{
    /// <summary>Bytes of blocks received.</summary>
    public long Downloaded { get; init; }

    /// <summary>Bytes of blocks sent.</summary>
    public long Uploaded { get; init; }

    /// <summary>Torrents added.</summary>
    public long Added { get; init; }

    /// <summary>Files of torrents added that were not there before.</summary>
    public long Files { get; init; }

    /// <summary>Times that the service was started.</summary>
    public long Sessions { get; init; }

    /// <summary>Seconds that it ran.</summary>
    public long Seconds { get; init; }
}
