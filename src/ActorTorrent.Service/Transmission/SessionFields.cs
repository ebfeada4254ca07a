using System.Globalization;
using System.Text.Json;

namespace ActorTorrent.Service.Transmission;

/// <summary>The fields of <c>session-get</c>: how each is written.</summary>
internal static class SessionFields
{
    /// <summary>The RPC's version that is spoken.</summary>
    public const int Version = 17;

    /// <summary>The oldest version that clients may speak.</summary>
    public const int MinimumVersion = 14;

    /// <summary>That version as Transmission numbers it since.</summary>
    public const string SemanticVersion = "5.3.0";

    private static readonly Dictionary<string, Action<Utf8JsonWriter, SessionRow>> Writers = new(StringComparer.Ordinal)
    {
        ["alt-speed-down"] = static (w, r) => w.WriteNumberValue(r.Settings.AltDownload),
        ["alt-speed-enabled"] = static (w, r) => w.WriteBooleanValue(r.Settings.IsAltOn),
        ["alt-speed-time-begin"] = static (w, r) => w.WriteNumberValue(r.Settings.AltBegin),
        ["alt-speed-time-day"] = static (w, r) => w.WriteNumberValue(r.Settings.AltDays),
        ["alt-speed-time-enabled"] = static (w, r) => w.WriteBooleanValue(r.Settings.IsAltScheduled),
        ["alt-speed-time-end"] = static (w, r) => w.WriteNumberValue(r.Settings.AltEnd),
        ["alt-speed-up"] = static (w, r) => w.WriteNumberValue(r.Settings.AltUpload),
        ["blocklist-enabled"] = static (w, r) => w.WriteBooleanValue(r.Settings.IsBlocklistOn),
        ["blocklist-size"] = static (w, r) => w.WriteNumberValue(r.BlocklistSize),
        ["blocklist-url"] = static (w, r) => w.WriteStringValue(r.Settings.BlocklistUrl),
        ["cache-size-mb"] = static (w, r) => w.WriteNumberValue(r.Settings.CacheMegabytes),
        ["config-dir"] = static (w, r) => w.WriteStringValue(r.DataFolder),
        ["default-trackers"] = static (w, r) => w.WriteStringValue(string.Join("\n\n", r.Settings.DefaultTrackers.Select(static tier => string.Join('\n', tier)))),
        ["dht-enabled"] = static (w, r) => w.WriteBooleanValue(r.Settings.Dht),
        ["download-dir"] = static (w, r) => w.WriteStringValue(r.Settings.DownloadFolder),
        ["download-dir-free-space"] = static (w, r) => w.WriteNumberValue(r.FreeSpace ?? -1),
        ["download-queue-enabled"] = static (w, r) => w.WriteBooleanValue(r.Settings.IsDownloadQueued),
        ["download-queue-size"] = static (w, r) => w.WriteNumberValue(r.Settings.DownloadQueueSize),
        ["encryption"] = static (w, r) => w.WriteStringValue(r.Settings.Encryption),
        ["idle-seeding-limit"] = static (w, r) => w.WriteNumberValue(r.Settings.IdleMinutes),
        ["idle-seeding-limit-enabled"] = static (w, r) => w.WriteBooleanValue(r.Settings.IsIdleLimited),
        ["incomplete-dir"] = static (w, r) => w.WriteStringValue(r.Settings.IncompleteFolder),
        ["incomplete-dir-enabled"] = static (w, r) => w.WriteBooleanValue(r.Settings.UsesIncompleteFolder),
        ["lpd-enabled"] = static (w, r) => w.WriteBooleanValue(r.Settings.Lpd),
        ["peer-limit-global"] = static (w, r) => w.WriteNumberValue(r.Settings.MaxPeers),
        ["peer-limit-per-torrent"] = static (w, r) => w.WriteNumberValue(r.Settings.MaxPeersPerTorrent),
        ["peer-port"] = static (w, r) => w.WriteNumberValue(r.Settings.PeerPort),
        ["peer-port-random-on-start"] = static (w, r) => w.WriteBooleanValue(r.Settings.IsPeerPortRandom),
        ["pex-enabled"] = static (w, r) => w.WriteBooleanValue(r.Settings.Pex),
        ["port-forwarding-enabled"] = static (w, r) => w.WriteBooleanValue(r.Settings.IsPortForwarded),
        ["queue-stalled-enabled"] = static (w, r) => w.WriteBooleanValue(r.Settings.IsStalledOn),
        ["queue-stalled-minutes"] = static (w, r) => w.WriteNumberValue(r.Settings.StalledMinutes),
        ["rename-partial-files"] = static (w, r) => w.WriteBooleanValue(r.Settings.RenamesPartialFiles),
        ["rpc-version"] = static (w, _) => w.WriteNumberValue(Version),
        ["rpc-version-minimum"] = static (w, _) => w.WriteNumberValue(MinimumVersion),
        ["rpc-version-semver"] = static (w, _) => w.WriteStringValue(SemanticVersion),
        ["script-torrent-added-enabled"] = static (w, r) => w.WriteBooleanValue(r.Settings.IsAddedScriptOn),
        ["script-torrent-added-filename"] = static (w, r) => w.WriteStringValue(r.Settings.AddedScript),
        ["script-torrent-done-enabled"] = static (w, r) => w.WriteBooleanValue(r.Settings.IsCompletionScriptOn),
        ["script-torrent-done-filename"] = static (w, r) => w.WriteStringValue(r.Settings.CompletionScript),
        ["script-torrent-done-seeding-enabled"] = static (w, r) => w.WriteBooleanValue(r.Settings.IsSeededScriptOn),
        ["script-torrent-done-seeding-filename"] = static (w, r) => w.WriteStringValue(r.Settings.SeededScript),
        ["seed-queue-enabled"] = static (w, r) => w.WriteBooleanValue(r.Settings.IsSeedQueued),
        ["seed-queue-size"] = static (w, r) => w.WriteNumberValue(r.Settings.SeedQueueSize),
        ["seedRatioLimit"] = static (w, r) => w.WriteNumberValue(r.Settings.RatioLimit),
        ["seedRatioLimited"] = static (w, r) => w.WriteBooleanValue(r.Settings.IsRatioLimited),
        ["session-id"] = static (w, r) => w.WriteStringValue(r.SessionId),
        ["speed-limit-down"] = static (w, r) => w.WriteNumberValue(r.Settings.DownloadLimit.Kilobytes),
        ["speed-limit-down-enabled"] = static (w, r) => w.WriteBooleanValue(r.Settings.DownloadLimit.IsOn),
        ["speed-limit-up"] = static (w, r) => w.WriteNumberValue(r.Settings.UploadLimit.Kilobytes),
        ["speed-limit-up-enabled"] = static (w, r) => w.WriteBooleanValue(r.Settings.UploadLimit.IsOn),
        ["start-added-torrents"] = static (w, r) => w.WriteBooleanValue(r.Settings.StartsAdded),
        ["tcp-enabled"] = static (w, _) => w.WriteBooleanValue(true),
        ["trash-original-torrent-files"] = static (w, r) => w.WriteBooleanValue(r.Settings.DeletesWatched),
        ["units"] = static (w, _) => WriteUnits(w),
        ["utp-enabled"] = static (w, r) => w.WriteBooleanValue(r.Settings.Utp),
        ["version"] = static (w, _) => w.WriteStringValue(ProgramVersion),
    };

    /// <summary>All names.</summary>
    public static IReadOnlyCollection<string> Names => Writers.Keys;

    // Clients read a number like Transmission's first; what stands in brackets tells what it really is.
    private static string ProgramVersion { get; } = string.Create(
        CultureInfo.InvariantCulture, $"4.0.0 (ActorTorrent {typeof(SessionFields).Assembly.GetName().Version?.ToString(3)})");

    /// <summary>Writes fields as an object's.</summary>
    /// <param name="writer">Where to; inside an object.</param>
    /// <param name="row">The session.</param>
    /// <param name="wanted">The fields; null for all.</param>
    public static void Write(Utf8JsonWriter writer, SessionRow row, IReadOnlyList<string>? wanted)
    {
        foreach (var name in wanted is null ? Names : wanted.Where(Writers.ContainsKey).Distinct(StringComparer.Ordinal))
        {
            writer.WritePropertyName(name);
            Writers[name](writer, row);
        }
    }

    private static void WriteUnits(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var (kind, thousand, units) in (ReadOnlySpan<(string, int, string[])>)
            [("memory", 1024, ["KiB", "MiB", "GiB", "TiB"]), ("size", 1000, ["kB", "MB", "GB", "TB"]), ("speed", 1000, ["kB/s", "MB/s", "GB/s", "TB/s"])])
        {
            writer.WriteNumber($"{kind}-bytes", thousand);
            writer.WritePropertyName($"{kind}-units");
            TorrentFields.WriteTexts(writer, units);
        }
        writer.WriteEndObject();
    }
}
