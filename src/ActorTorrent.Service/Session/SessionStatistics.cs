namespace ActorTorrent.Service.Session;

/// <summary>The session in numbers.</summary>
/// <param name="Current">Since this start.</param>
/// <param name="Cumulative">Over all starts, this one included.</param>
/// <param name="Torrents">Torrents there are.</param>
/// <param name="Active">Those that are at work.</param>
/// <param name="Paused">Those that are stopped.</param>
/// <param name="DownloadRate">Bytes a second.</param>
/// <param name="UploadRate">Bytes a second.</param>
/// <param name="Trackers">Each tracker's own numbers, by its scheme, host and port.</param>
public sealed record SessionStatistics(
    StatisticsTotals Current,
    StatisticsTotals Cumulative,
    int Torrents,
    int Active,
    int Paused,
    double DownloadRate,
    double UploadRate,
    IReadOnlyList<TrackerStatistics> Trackers);
