using ActorTorrent.Engine.Coordination;

namespace ActorTorrent.Service.Session;

/// <summary>What a user wants of one torrent, and what is known of it besides what the engine keeps. Kept in the session's folder, a file a torrent.</summary>
public sealed record TorrentSettings
{
    /// <summary>Its number in this session: small, never used twice.</summary>
    public int Id { get; init; }

    /// <summary>Its info hash in hex.</summary>
    public string InfoHash { get; init; } = "";

    /// <summary>When it was added.</summary>
    public DateTimeOffset AddedAt { get; init; }

    /// <summary>When everything wanted was there first; null before.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>When a user changed something last.</summary>
    public DateTimeOffset? EditedAt { get; init; }

    /// <summary>When payload was moved last.</summary>
    public DateTimeOffset? ActiveAt { get; init; }

    /// <summary>The magnet link that it began as; null for a torrent file.</summary>
    public string? Magnet { get; init; }

    /// <summary>Another name than the torrent's own.</summary>
    public string? Name { get; init; }

    /// <summary>Other paths of files than the torrent's own, by their indices, '/' between the parts.</summary>
    public IReadOnlyDictionary<int, string> Renamed { get; init; } = new Dictionary<int, string>();

    /// <summary>Where its files belong, absolute.</summary>
    public string DownloadFolder { get; init; } = "";

    /// <summary>Where its files are now, absolute; null for <see cref="DownloadFolder"/>.</summary>
    public string? CurrentFolder { get; init; }

    /// <summary>The folder that its files are in.</summary>
    public string Folder => CurrentFolder ?? DownloadFolder;

    /// <summary>Labels, in the user's order.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Whether the user stopped it.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Connections at most; null for the session's number.</summary>
    public int? MaxPeers { get; init; }

    /// <summary>Its limit of what comes from peers.</summary>
    public SpeedLimit DownloadLimit { get; init; } = new(IsOn: false, 100);

    /// <summary>Its limit of what goes to peers.</summary>
    public SpeedLimit UploadLimit { get; init; } = new(IsOn: false, 100);

    /// <summary>Whether the session's limits hold for it.</summary>
    public bool HonorsSessionLimits { get; init; } = true;

    /// <summary>What it gets beside others where a limit holds: -1 low, 0 normal, 1 high.</summary>
    public int BandwidthPriority { get; init; }

    /// <summary>The bandwidth group that it is in; null for none.</summary>
    public string? Group { get; init; }

    /// <summary>Whose ratio ends its seeding.</summary>
    public LimitMode RatioMode { get; init; }

    /// <summary>Bytes sent for each of its own, when <see cref="RatioMode"/> says so.</summary>
    public double RatioLimit { get; init; } = 2;

    /// <summary>Whose time of nobody asking ends its seeding.</summary>
    public LimitMode IdleMode { get; init; }

    /// <summary>Minutes without upload, when <see cref="IdleMode"/> says so.</summary>
    public int IdleMinutes { get; init; } = 30;

    /// <summary>Its seeding ended because a limit was reached.</summary>
    public bool IsFinished { get; init; }

    /// <summary>Pieces in order instead of rarest first.</summary>
    public bool IsSequential { get; init; }

    /// <summary>How much each file is wanted, by its index; those left out normally.</summary>
    public IReadOnlyDictionary<int, FilePriority> Files { get; init; } = new Dictionary<int, FilePriority>();

    /// <summary>Trackers by tier; null for the torrent's own.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? Trackers { get; init; }

    /// <summary>Bytes that failed their hash, over all sessions.</summary>
    public long Corrupt { get; init; }

    /// <summary>Seconds spent downloading, over all sessions.</summary>
    public long DownloadingSeconds { get; init; }

    /// <summary>Bytes received, over all sessions, as far as they were saved.</summary>
    public long Downloaded { get; init; }

    /// <summary>Bytes sent, over all sessions, as far as they were saved.</summary>
    public long Uploaded { get; init; }
}
