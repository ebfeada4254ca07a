using System.Globalization;
using System.Text.Json;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Service.Session;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Service.Transmission;

/// <summary>The fields of <c>torrent-get</c> (RPC version 17): how each is written.</summary>
internal static class TorrentFields
{
    private const int NotAvailable = -1;
    private const int Unknown = -2;

    /// <summary>Fields that a torrent's peers are asked for.</summary>
    public static readonly IReadOnlySet<string> NeedPeers = Set("peers", "peersGettingFromUs", "peersSendingToUs");

    /// <summary>Fields that a torrent's files are asked for.</summary>
    public static readonly IReadOnlySet<string> NeedFiles = Set("files", "fileStats");

    /// <summary>Fields that a torrent's pieces are asked for.</summary>
    public static readonly IReadOnlySet<string> NeedPieces = Set("pieces", "availability", "desiredAvailable", "haveUnchecked", "haveValid", "percentComplete", "uploadRatio");

    private static readonly Dictionary<string, Action<Utf8JsonWriter, TorrentRow>> Writers = new(StringComparer.Ordinal)
    {
        ["activityDate"] = static (w, r) => w.WriteNumberValue(Seconds(r.Torrent.Settings.ActiveAt)),
        ["addedDate"] = static (w, r) => w.WriteNumberValue(Seconds(r.Torrent.Settings.AddedAt)),
        ["availability"] = WriteAvailability,
        ["bandwidthPriority"] = static (w, r) => w.WriteNumberValue(r.Torrent.Settings.BandwidthPriority),
        ["comment"] = static (w, r) => w.WriteStringValue(r.Torrent.Metainfo?.Comment ?? ""),
        ["corruptEver"] = static (w, r) => w.WriteNumberValue(r.Torrent.Settings.Corrupt),
        ["creator"] = static (w, r) => w.WriteStringValue(r.Torrent.Metainfo?.CreatedBy ?? ""),
        ["dateCreated"] = static (w, r) => w.WriteNumberValue(Seconds(r.Torrent.Metainfo?.CreationDate)),
        ["desiredAvailable"] = static (w, r) => w.WriteNumberValue(DesiredAvailable(r)),
        ["doneDate"] = static (w, r) => w.WriteNumberValue(Seconds(r.Torrent.Settings.CompletedAt)),
        ["downloadDir"] = static (w, r) => w.WriteStringValue(r.Torrent.Settings.DownloadFolder),
        ["downloadedEver"] = static (w, r) => w.WriteNumberValue(r.Torrent.Downloaded),
        ["downloadLimit"] = static (w, r) => w.WriteNumberValue(r.Torrent.Settings.DownloadLimit.Kilobytes),
        ["downloadLimited"] = static (w, r) => w.WriteBooleanValue(r.Torrent.Settings.DownloadLimit.IsOn),
        ["editDate"] = static (w, r) => w.WriteNumberValue(Seconds(r.Torrent.Settings.EditedAt)),
        ["error"] = static (w, r) => w.WriteNumberValue(Error(r.Torrent).Kind),
        ["errorString"] = static (w, r) => w.WriteStringValue(Error(r.Torrent).Text),
        ["eta"] = static (w, r) => w.WriteNumberValue(Eta(r)),
        ["etaIdle"] = static (w, r) => w.WriteNumberValue(EtaIdle(r)),
        ["file-count"] = static (w, r) => w.WriteNumberValue(r.Torrent.Metainfo?.Layout.Files.Count ?? 0),
        ["files"] = WriteFiles,
        ["fileStats"] = WriteFileStats,
        ["group"] = static (w, r) => w.WriteStringValue(r.Torrent.Settings.Group ?? ""),
        ["hashString"] = static (w, r) => w.WriteStringValue(r.Torrent.Settings.InfoHash),
        ["haveUnchecked"] = static (w, r) => w.WriteNumberValue(r.Pieces?.UnverifiedBytes ?? 0),
        ["haveValid"] = static (w, r) => w.WriteNumberValue(HaveValid(r)),
        ["honorsSessionLimits"] = static (w, r) => w.WriteBooleanValue(r.Torrent.Settings.HonorsSessionLimits),
        ["id"] = static (w, r) => w.WriteNumberValue(r.Torrent.Id),
        ["isFinished"] = static (w, r) => w.WriteBooleanValue(r.Torrent.Phase == TorrentPhase.Finished || (r.Torrent.Settings.IsFinished && RpcStatus.Of(r.Torrent) == RpcStatus.Stopped)),
        ["isPrivate"] = static (w, r) => w.WriteBooleanValue(r.Torrent.Metainfo?.IsPrivate == true),
        ["isStalled"] = static (w, r) => w.WriteBooleanValue(IsStalled(r)),
        ["labels"] = static (w, r) => WriteTexts(w, r.Torrent.Settings.Labels),
        ["leftUntilDone"] = static (w, r) => w.WriteNumberValue(Left(r.Torrent)),
        ["magnetLink"] = static (w, r) => w.WriteStringValue(MagnetLink(r.Torrent)),
        ["manualAnnounceTime"] = static (w, r) => w.WriteNumberValue(
            RpcStatus.Of(r.Torrent) is RpcStatus.Downloading or RpcStatus.Seeding ? Seconds(r.Torrent.Trackers.Max(static tracker => tracker.AnnouncedAt)) : NotAvailable),
        ["maxConnectedPeers"] = WriteMaxPeers,
        ["metadataPercentComplete"] = static (w, r) => w.WriteNumberValue(Metadata(r.Torrent)),
        ["name"] = static (w, r) => w.WriteStringValue(r.Torrent.Name),
        ["peer-limit"] = WriteMaxPeers,
        ["peers"] = static (w, r) =>
        {
            w.WriteStartArray();
            foreach (var peer in r.Peers.Where(static peer => peer.State == PeerState.Running))
                PeerFields.Write(w, peer, r.Torrent);
            w.WriteEndArray();
        },
        ["peersConnected"] = static (w, r) => w.WriteNumberValue(r.Torrent.Snapshot?.Peers.Running ?? 0),
        ["peersFrom"] = WritePeersFrom,
        ["peersGettingFromUs"] = static (w, r) => w.WriteNumberValue(r.Peers.Count(static peer => peer.State == PeerState.Running && !peer.AreWeChoking && peer.IsInterested)),
        ["peersSendingToUs"] = static (w, r) => w.WriteNumberValue(r.Peers.Count(static peer => peer.State == PeerState.Running && !peer.IsChokingUs && peer.AreWeInterested)),
        ["percentComplete"] = static (w, r) => w.WriteNumberValue(Ratio(HaveValid(r), r.Torrent.Metainfo?.Layout.TotalLength ?? 0)),
        ["percentDone"] = static (w, r) => w.WriteNumberValue(PercentDone(r.Torrent)),
        ["pieces"] = static (w, r) => w.WriteStringValue(Pieces(r)),
        ["pieceCount"] = static (w, r) => w.WriteNumberValue(r.Torrent.Metainfo?.Layout.PieceCount ?? 0),
        ["pieceSize"] = static (w, r) => w.WriteNumberValue(r.Torrent.Metainfo?.Layout.PieceLength ?? 0),
        ["priorities"] = static (w, r) => WriteFileNumbers(w, r, static priority => Priority(priority)),
        ["primary-mime-type"] = static (w, r) => w.WriteStringValue(MimeTypes.Of(r.Torrent.Metainfo)),
        ["queuePosition"] = static (w, r) => w.WriteNumberValue(r.Torrent.QueuePosition),
        ["rateDownload"] = static (w, r) => w.WriteNumberValue((long)(r.Torrent.Snapshot?.DownloadRate ?? 0)),
        ["rateUpload"] = static (w, r) => w.WriteNumberValue((long)(r.Torrent.Snapshot?.UploadRate ?? 0)),
        ["recheckProgress"] = static (w, r) => w.WriteNumberValue(
            r.Torrent.Snapshot is { Phase: TorrentPhase.Checking } s ? Ratio(s.PiecesChecked, s.PiecesTotal) : 0),
        ["secondsDownloading"] = static (w, r) => w.WriteNumberValue(r.Torrent.Settings.DownloadingSeconds),
        ["secondsSeeding"] = static (w, r) => w.WriteNumberValue((long)SeedingTime(r).TotalSeconds),
        ["seedIdleLimit"] = static (w, r) => w.WriteNumberValue(r.Torrent.Settings.IdleMinutes),
        ["seedIdleMode"] = static (w, r) => w.WriteNumberValue((int)r.Torrent.Settings.IdleMode),
        ["seedRatioLimit"] = static (w, r) => w.WriteNumberValue(r.Torrent.Settings.RatioLimit),
        ["seedRatioMode"] = static (w, r) => w.WriteNumberValue((int)r.Torrent.Settings.RatioMode),
        ["sequentialDownload"] = static (w, r) => w.WriteBooleanValue(r.Torrent.Settings.IsSequential),
        ["sizeWhenDone"] = static (w, r) => w.WriteNumberValue(r.Torrent.Metainfo is null ? 0 : r.Torrent.Snapshot?.BytesWanted ?? r.Torrent.Metainfo.Layout.TotalLength),
        ["startDate"] = static (w, r) => w.WriteNumberValue(Seconds(r.Torrent.StartedAt)),
        ["status"] = static (w, r) => w.WriteNumberValue(RpcStatus.Of(r.Torrent)),
        ["trackers"] = WriteTrackers,
        ["trackerList"] = static (w, r) => w.WriteStringValue(TrackerList.Write(r.Torrent.Trackers)),
        ["trackerStats"] = TrackerFields.Write,
        ["totalSize"] = static (w, r) => w.WriteNumberValue(r.Torrent.Metainfo?.Layout.TotalLength ?? 0),
        ["torrentFile"] = static (w, r) => w.WriteStringValue(r.TorrentFile),
        ["uploadedEver"] = static (w, r) => w.WriteNumberValue(r.Torrent.Uploaded),
        ["uploadLimit"] = static (w, r) => w.WriteNumberValue(r.Torrent.Settings.UploadLimit.Kilobytes),
        ["uploadLimited"] = static (w, r) => w.WriteBooleanValue(r.Torrent.Settings.UploadLimit.IsOn),
        ["uploadRatio"] = static (w, r) => w.WriteNumberValue(UploadRatio(r)),
        ["wanted"] = static (w, r) => WriteFileNumbers(w, r, static priority => priority == FilePriority.Skip ? 0 : 1),
        ["webseeds"] = static (w, r) => WriteTexts(w, r.Torrent.Metainfo?.WebSeeds.Select(static url => url.AbsoluteUri) ?? []),
        ["webseedsSendingToUs"] = static (w, _) => w.WriteNumberValue(0),
    };

    /// <summary>All names.</summary>
    public static IReadOnlyCollection<string> Names => Writers.Keys;

    /// <summary>Whether there is such a field.</summary>
    public static bool IsKnown(string name) => Writers.ContainsKey(name);

    /// <summary>How a field's value is written.</summary>
    public static Action<Utf8JsonWriter, TorrentRow> WriterOf(string name) => Writers[name];

    internal static long Seconds(DateTimeOffset? at) => at?.ToUnixTimeSeconds() ?? 0;

    internal static void WriteTexts(Utf8JsonWriter writer, IEnumerable<string> texts)
    {
        writer.WriteStartArray();
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static HashSet<string> Set(params string[] names) => new(names, StringComparer.Ordinal);

    /// <summary>Snapshots come when something has changed; time goes on without them.</summary>
    private static TimeSpan SeedingTime(TorrentRow row) => row.Torrent.Snapshot is not { Ever: { } ever } snapshot ? TimeSpan.Zero
        : snapshot.Phase == TorrentPhase.Seeding && row.Now > row.Torrent.SnapshotAt ? ever.Seeding + (row.Now - row.Torrent.SnapshotAt)
        : ever.Seeding;

    private static double Ratio(long part, long whole) => whole > 0 ? Math.Clamp((double)part / whole, 0, 1) : 0;

    private static int Priority(FilePriority priority) => priority switch { FilePriority.Low => -1, FilePriority.High => 1, _ => 0 };

    private static long Left(TorrentView torrent) => torrent.Metainfo is not { } metainfo ? 0
        : torrent.Snapshot is { } snapshot ? snapshot.BytesWanted - snapshot.BytesVerified
        : metainfo.Layout.TotalLength;

    private static double PercentDone(TorrentView torrent) =>
        torrent.Snapshot is not { Metadata: null } s || torrent.Metainfo is null ? 0 : s.BytesWanted == 0 ? 1 : Ratio(s.BytesVerified, s.BytesWanted);

    private static double Metadata(TorrentView torrent) =>
        torrent.Metainfo is not null ? 1 : torrent.Snapshot?.Metadata is { } progress ? Ratio(progress.PiecesHave, progress.PiecesTotal) : 0;

    private static long HaveValid(TorrentRow row)
    {
        if (row.Torrent is not { Metainfo.Layout: var layout, Snapshot: { } snapshot })
            return 0;
        if (snapshot.PiecesHave == snapshot.PiecesTotal || snapshot.BytesWanted == layout.TotalLength)
            return snapshot.PiecesHave == snapshot.PiecesTotal ? layout.TotalLength : snapshot.BytesVerified;
        if (row.Pieces is not { } map)
            return Math.Min((long)snapshot.PiecesHave * layout.PieceLength, layout.TotalLength);
        var have = 0L;
        for (var piece = 0; piece < map.States.Count; piece++)
            have += map.States[piece] == PieceState.Verified ? layout.PieceSize(new(piece)) : 0;
        return have;
    }

    private static double UploadRatio(TorrentRow row)
    {
        var (up, down) = (row.Torrent.Uploaded, row.Torrent.Downloaded);
        var whole = down > 0 ? down : HaveValid(row);
        return whole > 0 ? (double)up / whole : up > 0 ? Unknown : NotAvailable;
    }

    private static (int Kind, string Text) Error(TorrentView torrent)
    {
        if (torrent.Error is { } local)
            return (3, local);
        // A tracker that says no is an error, when none works; one that cannot be reached is just tried again.
        var failed = torrent.Trackers.FirstOrDefault(static tracker => tracker.Error?.Kind == TrackerErrorKind.FailureReason);
        if (failed is not null && !torrent.Trackers.Any(static tracker => tracker is { Error: null, AnnouncedAt: not null }))
            return (2, failed.Error!.Message);
        return torrent.Trackers.FirstOrDefault(static tracker => tracker.Warning is not null) is { } warns ? (1, warns.Warning!) : (0, "");
    }

    private static long Eta(TorrentRow row)
    {
        var torrent = row.Torrent;
        switch (RpcStatus.Of(torrent))
        {
            case RpcStatus.Downloading:
                return torrent.Snapshot?.Eta is { } eta && eta < TimeSpan.FromDays(3650) ? (long)eta.TotalSeconds : Unknown;
            case RpcStatus.Seeding:
                var ratio = torrent.Settings.RatioMode switch
                {
                    LimitMode.Own => torrent.Settings.RatioLimit,
                    LimitMode.Session when row.Session.IsRatioLimited => row.Session.RatioLimit,
                    _ => 0,
                };
                if (ratio <= 0)
                    return NotAvailable;
                var left = (ratio * Math.Max(torrent.Downloaded, torrent.Snapshot?.BytesWanted ?? 0)) - torrent.Uploaded;
                return left <= 0 ? 0 : torrent.Snapshot is { UploadRate: >= 1 and var rate } ? (long)(left / rate) : Unknown;
            default:
                return NotAvailable;
        }
    }

    private static long EtaIdle(TorrentRow row)
    {
        var torrent = row.Torrent;
        var minutes = torrent.Settings.IdleMode switch
        {
            LimitMode.Own => torrent.Settings.IdleMinutes,
            LimitMode.Session when row.Session.IsIdleLimited => row.Session.IdleMinutes,
            _ => 0,
        };
        if (minutes == 0 || RpcStatus.Of(torrent) != RpcStatus.Seeding)
            return NotAvailable;
        var since = torrent.Settings.ActiveAt ?? torrent.StartedAt ?? torrent.Settings.AddedAt;
        return Math.Max(0, (minutes * 60L) - (long)(row.Now - since).TotalSeconds);
    }

    private static bool IsStalled(TorrentRow row)
    {
        if (!row.Session.IsStalledOn || RpcStatus.Of(row.Torrent) is not (RpcStatus.Downloading or RpcStatus.Seeding))
            return false;
        var active = row.Torrent.Settings.ActiveAt;
        var since = row.Torrent.StartedAt is { } started && (active is null || started > active) ? started : active ?? row.Torrent.Settings.AddedAt;
        return row.Now - since >= TimeSpan.FromMinutes(row.Session.StalledMinutes);
    }

    private static string Pieces(TorrentRow row)
    {
        if (row.Pieces is not { } map || map.States.Count == 0)
            return "";
        var bits = new Bitfield(map.States.Count);
        for (var piece = 0; piece < map.States.Count; piece++)
        {
            if (map.States[piece] == PieceState.Verified)
                bits.Set(new(piece));
        }
        return Convert.ToBase64String(bits.ToBytes());
    }

    private static void WriteAvailability(Utf8JsonWriter writer, TorrentRow row)
    {
        writer.WriteStartArray();
        if (row.Pieces is { } map)
        {
            for (var piece = 0; piece < map.States.Count; piece++)
                writer.WriteNumberValue(map.States[piece] == PieceState.Verified ? -1 : map.Availability[piece]);
        }
        writer.WriteEndArray();
    }

    private static long DesiredAvailable(TorrentRow row)
    {
        if (row is not { Pieces: { } map, Torrent.Metainfo.Layout: var layout })
            return 0;
        var bytes = 0L;
        for (var piece = 0; piece < map.States.Count; piece++)
        {
            if (map.States[piece] is not (PieceState.Verified or PieceState.Skipped) && map.Availability[piece] > 0)
                bytes += layout.PieceSize(new(piece));
        }
        return bytes;
    }

    private static void WriteFiles(Utf8JsonWriter writer, TorrentRow row)
    {
        writer.WriteStartArray();
        foreach (var file in row.Files)
        {
            writer.WriteStartObject();
            writer.WriteNumber("bytesCompleted", file.BytesVerified);
            writer.WriteNumber("length", file.Length);
            writer.WriteString("name", file.Path);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteFileStats(Utf8JsonWriter writer, TorrentRow row)
    {
        writer.WriteStartArray();
        foreach (var file in row.Files)
        {
            var priority = row.Torrent.PriorityOf(file.Index);
            writer.WriteStartObject();
            writer.WriteNumber("bytesCompleted", file.BytesVerified);
            writer.WriteNumber("priority", Priority(priority));
            writer.WriteBoolean("wanted", priority != FilePriority.Skip);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteFileNumbers(Utf8JsonWriter writer, TorrentRow row, Func<FilePriority, int> number)
    {
        writer.WriteStartArray();
        for (var file = 0; file < (row.Torrent.Metainfo?.Layout.Files.Count ?? 0); file++)
            writer.WriteNumberValue(number(row.Torrent.PriorityOf(file)));
        writer.WriteEndArray();
    }

    private static void WriteMaxPeers(Utf8JsonWriter writer, TorrentRow row) =>
        writer.WriteNumberValue(row.Torrent.Settings.MaxPeers ?? row.Session.MaxPeersPerTorrent);

    private static void WritePeersFrom(Utf8JsonWriter writer, TorrentRow row)
    {
        var from = row.Torrent.Snapshot?.Peers.Sources ?? default;
        writer.WriteStartObject();
        writer.WriteNumber("fromCache", from.Manual);
        writer.WriteNumber("fromDht", from.Dht);
        writer.WriteNumber("fromIncoming", from.Incoming);
        writer.WriteNumber("fromLpd", from.Lsd);
        writer.WriteNumber("fromLtep", 0);
        writer.WriteNumber("fromPex", from.Pex);
        writer.WriteNumber("fromTracker", from.Tracker);
        writer.WriteEndObject();
    }

    private static void WriteTrackers(Utf8JsonWriter writer, TorrentRow row)
    {
        writer.WriteStartArray();
        foreach (var (id, tracker) in row.Torrent.Trackers.Index())
        {
            writer.WriteStartObject();
            writer.WriteString("announce", tracker.Tracker.OriginalString);
            writer.WriteNumber("id", id);
            writer.WriteString("scrape", TrackerFields.Scrape(tracker.Tracker));
            writer.WriteString("sitename", TrackerFields.Site(tracker.Tracker));
            writer.WriteNumber("tier", tracker.Tier);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static string MagnetLink(TorrentView torrent)
    {
        var text = new System.Text.StringBuilder("magnet:?xt=urn:btih:").Append(torrent.Settings.InfoHash);
        text.Append("&dn=").Append(Uri.EscapeDataString(torrent.Name));
        foreach (var tracker in torrent.Trackers)
            text.Append(CultureInfo.InvariantCulture, $"&tr={Uri.EscapeDataString(tracker.Tracker.OriginalString)}");
        foreach (var seed in torrent.Metainfo?.WebSeeds ?? [])
            text.Append(CultureInfo.InvariantCulture, $"&ws={Uri.EscapeDataString(seed.AbsoluteUri)}");
        return text.ToString();
    }
}
