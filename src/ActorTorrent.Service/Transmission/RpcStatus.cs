using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Service.Session;

namespace ActorTorrent.Service.Transmission;

/// <summary>A torrent's state in Transmission's numbers.</summary>
internal static class RpcStatus
{
    public const int Stopped = 0;
    public const int CheckWaits = 1;
    public const int Checking = 2;
    public const int DownloadWaits = 3;
    public const int Downloading = 4;
    public const int SeedWaits = 5;
    public const int Seeding = 6;

    /// <summary>The number of a torrent's state.</summary>
    public static int Of(TorrentView torrent) => torrent.Phase switch
    {
        TorrentPhase.Checking => torrent.Snapshot is null ? CheckWaits : Checking,
        TorrentPhase.FetchingMetadata or TorrentPhase.Downloading => Downloading,
        TorrentPhase.Seeding => Seeding,
        TorrentPhase.Queued => torrent.IsComplete ? SeedWaits : DownloadWaits,
        TorrentPhase.DiskError when !torrent.Settings.IsPaused => torrent.IsComplete ? Seeding : Downloading,
        _ => Stopped,
    };
}
