using ActorTorrent.Service.Options;
using ActorTorrent.Service.Security;
using ActorTorrent.Service.Session;

namespace ActorTorrent.Service.Transmission;

/// <summary><c>session-set</c>: the session's settings with a request's arguments laid over them. Pure, but for paths that are looked at.</summary>
internal static class SessionSet
{
    private const int MaxPort = ushort.MaxValue;
    private const int MinutesADay = 24 * 60;

    /// <summary>The new settings.</summary>
    /// <exception cref="RpcFailure">An argument cannot be used; nothing is to be changed.</exception>
    public static SessionSettings Apply(SessionSettings s, RpcArguments a, ServiceSettings host)
    {
        s = s with
        {
            AltDownload = Speed(a, "alt-speed-down", s.AltDownload),
            AltUpload = Speed(a, "alt-speed-up", s.AltUpload),
            IsAltOn = a.Flag("alt-speed-enabled") ?? s.IsAltOn,
            AltBegin = Within(a.Number("alt-speed-time-begin"), 0, MinutesADay - 1, s.AltBegin),
            AltEnd = Within(a.Number("alt-speed-time-end"), 0, MinutesADay - 1, s.AltEnd),
            AltDays = Within(a.Number("alt-speed-time-day"), 0, 127, s.AltDays),
            IsAltScheduled = a.Flag("alt-speed-time-enabled") ?? s.IsAltScheduled,
            IsBlocklistOn = a.Flag("blocklist-enabled") ?? s.IsBlocklistOn,
            BlocklistUrl = a.Text("blocklist-url") ?? s.BlocklistUrl,
            CacheMegabytes = Within(a.Number("cache-size-mb"), 0, int.MaxValue, s.CacheMegabytes),
            DefaultTrackers = a.Text("default-trackers") is { } trackers ? TrackerList.Read(trackers) : s.DefaultTrackers,
            Dht = a.Flag("dht-enabled") ?? s.Dht,
            DownloadFolder = Folder(a, "download-dir", "download directory path is not absolute", host) ?? s.DownloadFolder,
            IsDownloadQueued = a.Flag("download-queue-enabled") ?? s.IsDownloadQueued,
            DownloadQueueSize = Within(a.Number("download-queue-size"), 1, 1_000_000, s.DownloadQueueSize),
            Encryption = a.Text("encryption") is "required" or "preferred" or "tolerated" ? a.Text("encryption")! : s.Encryption,
            IdleMinutes = Within(a.Number("idle-seeding-limit"), 1, int.MaxValue, s.IdleMinutes),
            IsIdleLimited = a.Flag("idle-seeding-limit-enabled") ?? s.IsIdleLimited,
            IncompleteFolder = Folder(a, "incomplete-dir", "incomplete torrents directory path is not absolute", host) ?? s.IncompleteFolder,
            UsesIncompleteFolder = a.Flag("incomplete-dir-enabled") ?? s.UsesIncompleteFolder,
        };
        return s with
        {
            Lpd = a.Flag("lpd-enabled") ?? s.Lpd,
            MaxPeers = Within(a.Number("peer-limit-global") ?? a.Number("peer-limit"), 1, 1_000_000, s.MaxPeers),
            MaxPeersPerTorrent = Within(a.Number("peer-limit-per-torrent"), 1, 100_000, s.MaxPeersPerTorrent),
            Pex = a.Flag("pex-enabled") ?? a.Flag("pex-allowed") ?? s.Pex,
            IsPeerPortRandom = a.Flag("peer-port-random-on-start") ?? s.IsPeerPortRandom,
            PeerPort = Within(a.Number("peer-port") ?? a.Number("port"), 0, MaxPort, s.PeerPort),
            IsPortForwarded = a.Flag("port-forwarding-enabled") ?? s.IsPortForwarded,
            IsStalledOn = a.Flag("queue-stalled-enabled") ?? s.IsStalledOn,
            StalledMinutes = Within(a.Number("queue-stalled-minutes"), 1, int.MaxValue, s.StalledMinutes),
            RenamesPartialFiles = a.Flag("rename-partial-files") ?? s.RenamesPartialFiles,
            IsAddedScriptOn = a.Flag("script-torrent-added-enabled") ?? s.IsAddedScriptOn,
            AddedScript = Script(a, "script-torrent-added-filename", host) ?? s.AddedScript,
            IsCompletionScriptOn = a.Flag("script-torrent-done-enabled") ?? s.IsCompletionScriptOn,
            CompletionScript = Script(a, "script-torrent-done-filename", host) ?? s.CompletionScript,
            IsSeededScriptOn = a.Flag("script-torrent-done-seeding-enabled") ?? s.IsSeededScriptOn,
            SeededScript = Script(a, "script-torrent-done-seeding-filename", host) ?? s.SeededScript,
            IsSeedQueued = a.Flag("seed-queue-enabled") ?? s.IsSeedQueued,
            SeedQueueSize = Within(a.Number("seed-queue-size"), 1, 1_000_000, s.SeedQueueSize),
            RatioLimit = a.Real("seedRatioLimit") is >= 0 and var ratio ? ratio : s.RatioLimit,
            IsRatioLimited = a.Flag("seedRatioLimited") ?? s.IsRatioLimited,
            DownloadLimit = Limit(a, "speed-limit-down", s.DownloadLimit),
            UploadLimit = Limit(a, "speed-limit-up", s.UploadLimit),
            StartsAdded = a.Flag("start-added-torrents") ?? s.StartsAdded,
            DeletesWatched = a.Flag("trash-original-torrent-files") ?? s.DeletesWatched,
            Utp = a.Flag("utp-enabled") ?? s.Utp,
        };
    }

    /// <summary>A limit of which a request may give the number, or whether it holds, or both.</summary>
    public static SpeedLimit Limit(RpcArguments a, string name, SpeedLimit now) =>
        new(a.Flag($"{name}-enabled") ?? now.IsOn, Speed(a, name, now.Kilobytes));

    private static int Speed(RpcArguments a, string name, int now) => Within(a.Number(name), 0, int.MaxValue, now);

    private static int Within(int? number, int min, int max, int now) => number is { } given && given >= min && given <= max ? given : now;

    private static string? Folder(RpcArguments a, string name, string complaint, ServiceSettings host)
    {
        if (a.Text(name) is not { Length: > 0 } path)
            return null;
        return Path.IsPathFullyQualified(path) ? PathGuard.Check(path, host.AllRoots) : throw new RpcFailure(complaint);
    }

    // Whoever may name a program to run may do anything: the host says where programs may lie.
    private static string? Script(RpcArguments a, string name, ServiceSettings host) =>
        a.Text(name) is not { } path ? null : path.Length == 0 ? "" : PathGuard.Check(path, host.ScriptFolders);
}
