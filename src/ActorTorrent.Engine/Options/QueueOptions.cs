namespace ActorTorrent.Engine.Options;

/// <summary>What the <c>actortorrent.queue</c> section of the HOCON files sets.</summary>
public sealed record QueueOptions
{
    /// <summary>Torrents that download at once; the others wait their turn. 0 means no limit.</summary>
    public int MaxActiveDownloads { get; init; } = 20;

    /// <summary>Torrents that seed at once; the others wait their turn. 0 means no limit.</summary>
    public int MaxActiveSeeds { get; init; }

    /// <summary>Bytes sent for each byte of the torrent, over all sessions, after which it rests. 0 means no limit.</summary>
    public double RatioLimit { get; init; }

    /// <summary>Time spent seeding, over all sessions, after which a torrent rests. Zero means no limit.</summary>
    public TimeSpan SeedTimeLimit { get; init; }
}
