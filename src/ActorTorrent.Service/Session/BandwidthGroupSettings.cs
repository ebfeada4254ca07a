namespace ActorTorrent.Service.Session;

/// <summary>A bandwidth group: limits that its torrents have together.</summary>
public sealed record BandwidthGroupSettings
{
    /// <summary>Whether the session's limits hold for it, too.</summary>
    public bool HonorsSessionLimits { get; init; } = true;

    /// <summary>Its limit of what comes from peers.</summary>
    public SpeedLimit DownloadLimit { get; init; }

    /// <summary>Its limit of what goes to peers.</summary>
    public SpeedLimit UploadLimit { get; init; }
}
