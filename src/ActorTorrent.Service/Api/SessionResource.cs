namespace ActorTorrent.Service.Api;

/// <summary>The session in the API.</summary>
internal sealed record SessionResource
{
    public required string Version { get; init; }

    /// <summary>Seconds since the start.</summary>
    public long Uptime { get; init; }

    public int Torrents { get; init; }

    public int Active { get; init; }

    public int Paused { get; init; }

    public double DownloadRate { get; init; }

    public double UploadRate { get; init; }

    /// <summary>Bytes since the start.</summary>
    public long Downloaded { get; init; }

    /// <summary>Bytes since the start.</summary>
    public long Uploaded { get; init; }

    /// <summary>Bytes over all starts.</summary>
    public long DownloadedEver { get; init; }

    /// <summary>Bytes over all starts.</summary>
    public long UploadedEver { get; init; }

    public required string DownloadFolder { get; init; }

    /// <summary>Bytes; null when it cannot be told.</summary>
    public long? FreeSpace { get; init; }

    public int PeerPort { get; init; }

    /// <summary>Nodes in the DHT's table; null when there is no DHT node.</summary>
    public int? DhtNodes { get; init; }

    /// <summary>Bytes a second; null for no limit.</summary>
    public long? DownloadLimit { get; init; }

    /// <summary>Bytes a second; null for no limit.</summary>
    public long? UploadLimit { get; init; }

    /// <summary>Whether the alternative limits hold now.</summary>
    public bool IsAltOn { get; init; }
}
