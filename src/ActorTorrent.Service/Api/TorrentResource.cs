namespace ActorTorrent.Service.Api;

/// <summary>A torrent in the API. Sizes are bytes, rates bytes a second, times UTC.</summary>
internal sealed record TorrentResource
{
    public required int Id { get; init; }

    public required string InfoHash { get; init; }

    public required string Name { get; init; }

    /// <summary>A <see cref="Engine.Telemetry.TorrentPhase"/>, such as <c>downloading</c>.</summary>
    public required string Phase { get; init; }

    /// <summary>Size of all files; null while the metadata is not there.</summary>
    public long? Size { get; init; }

    public long Wanted { get; init; }

    public long Verified { get; init; }

    /// <summary>0 to 1: of the check while it is checked, of the metadata while that is fetched, else of what is wanted.</summary>
    public double Progress { get; init; }

    public double DownloadRate { get; init; }

    public double UploadRate { get; init; }

    public long Downloaded { get; init; }

    public long Uploaded { get; init; }

    public long Wasted { get; init; }

    /// <summary>Seconds until complete; null while nothing comes.</summary>
    public double? Eta { get; init; }

    public required PeerCountsResource Peers { get; init; }

    /// <summary>The swarm as trackers count it; null while none has said.</summary>
    public SwarmResource? Swarm { get; init; }

    public long Faults { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    public required string Folder { get; init; }

    public DateTimeOffset AddedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>What is wrong on our side; null while nothing is.</summary>
    public string? Error { get; init; }

    public int QueuePosition { get; init; }

    public bool IsPaused { get; init; }

    public bool IsPrivate { get; init; }

    public bool IsSequential { get; init; }

    public int PieceCount { get; init; }

    public int PieceLength { get; init; }

    public int PiecesHave { get; init; }

    public int FileCount { get; init; }

    public string? Comment { get; init; }

    public string? CreatedBy { get; init; }

    /// <summary>Bytes a second; null for no limit of its own.</summary>
    public long? DownloadLimit { get; init; }

    /// <summary>Bytes a second; null for no limit of its own.</summary>
    public long? UploadLimit { get; init; }

    public int? MaxPeers { get; init; }

    /// <summary>What it gets beside others where a limit holds: <c>low</c>, <c>normal</c> or <c>high</c>.</summary>
    public string Priority { get; init; } = "normal";

    /// <summary>Whether the session's limits hold for it.</summary>
    public bool HonorsSessionLimits { get; init; } = true;

    /// <summary>The bandwidth group that it is in; null for none.</summary>
    public string? Group { get; init; }
}
