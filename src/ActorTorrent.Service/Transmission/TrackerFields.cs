using System.Globalization;
using System.Text.Json;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Service.Session;

namespace ActorTorrent.Service.Transmission;

/// <summary>Trackers as <c>torrent-get</c> writes them.</summary>
internal static class TrackerFields
{
    private const int Inactive = 0;
    private const int Waiting = 1;
    private const int Active = 3;

    /// <summary>Writes the list <c>trackerStats</c>.</summary>
    public static void Write(Utf8JsonWriter writer, TorrentRow row)
    {
        var isRunning = RpcStatus.Of(row.Torrent) is RpcStatus.Downloading or RpcStatus.Seeding;
        var working = row.Torrent.Trackers.FirstOrDefault(static tracker => tracker is { AnnouncedAt: not null, Error: null });
        writer.WriteStartArray();
        foreach (var (id, tracker) in row.Torrent.Trackers.Index())
            Write(writer, id, tracker, isRunning, isBackup: working is not null && tracker != working && tracker.AnnouncedAt is null);
        writer.WriteEndArray();
    }

    /// <summary>Where a tracker tells its numbers (BEP 48), by the custom for HTTP; empty when it has no such place.</summary>
    public static string Scrape(Uri tracker)
    {
        if (tracker.Scheme == "udp")
            return tracker.OriginalString;
        var text = tracker.OriginalString;
        var slash = text.LastIndexOf('/');
        return slash >= 0 && text.AsSpan(slash + 1).StartsWith("announce", StringComparison.Ordinal)
            ? string.Concat(text.AsSpan(0, slash + 1), "scrape", text.AsSpan(slash + 1 + "announce".Length))
            : "";
    }

    /// <summary>The name of a tracker's site: the last but one part of its host's name.</summary>
    public static string Site(Uri tracker)
    {
        if (tracker.HostNameType != UriHostNameType.Dns)
            return tracker.Host;
        var parts = tracker.Host.Split('.');
        return parts.Length >= 2 ? parts[^2] : parts[0];
    }

    private static void Write(Utf8JsonWriter writer, int id, TrackerState tracker, bool isRunning, bool isBackup)
    {
        var at = TorrentFields.Seconds(tracker.AnnouncedAt);
        var next = isRunning ? TorrentFields.Seconds(tracker.NextAnnounceAt) : 0;
        writer.WriteStartObject();
        writer.WriteString("announce", tracker.Tracker.OriginalString);
        writer.WriteNumber("announceState", !isRunning ? Inactive : tracker.AnnouncedAt is null ? (isBackup ? Inactive : Active) : Waiting);
        writer.WriteNumber("downloadCount", tracker.Completed ?? -1);
        writer.WriteBoolean("hasAnnounced", tracker.AnnouncedAt is not null);
        writer.WriteBoolean("hasScraped", tracker.ScrapedAt is not null);
        writer.WriteString("host", string.Create(CultureInfo.InvariantCulture, $"{tracker.Tracker.Scheme}://{tracker.Tracker.Host}:{tracker.Tracker.Port}"));
        writer.WriteNumber("id", id);
        writer.WriteBoolean("isBackup", isBackup);
        writer.WriteNumber("lastAnnouncePeerCount", tracker.Peers);
        writer.WriteString("lastAnnounceResult", Result(tracker.AnnouncedAt, tracker.Error));
        writer.WriteNumber("lastAnnounceStartTime", at);
        writer.WriteBoolean("lastAnnounceSucceeded", tracker is { AnnouncedAt: not null, Error: null });
        writer.WriteNumber("lastAnnounceTime", at);
        writer.WriteBoolean("lastAnnounceTimedOut", tracker.Error?.Kind == TrackerErrorKind.Timeout);
        writer.WriteString("lastScrapeResult", Result(tracker.ScrapedAt, tracker.ScrapeError));
        writer.WriteNumber("lastScrapeStartTime", TorrentFields.Seconds(tracker.ScrapedAt));
        writer.WriteBoolean("lastScrapeSucceeded", tracker is { ScrapedAt: not null, ScrapeError: null });
        writer.WriteNumber("lastScrapeTime", TorrentFields.Seconds(tracker.ScrapedAt));
        writer.WriteBoolean("lastScrapeTimedOut", tracker.ScrapeError?.Kind == TrackerErrorKind.Timeout);
        writer.WriteNumber("leecherCount", tracker.Leechers ?? -1);
        writer.WriteNumber("nextAnnounceTime", next);
        writer.WriteNumber("nextScrapeTime", next);
        writer.WriteString("scrape", Scrape(tracker.Tracker));
        writer.WriteNumber("scrapeState", !isRunning || isBackup ? Inactive : Waiting);
        writer.WriteNumber("seederCount", tracker.Seeders ?? -1);
        writer.WriteString("sitename", Site(tracker.Tracker));
        writer.WriteNumber("tier", tracker.Tier);
        writer.WriteEndObject();
    }

    private static string Result(DateTimeOffset? at, TrackerError? error) => at is null ? "" : error?.Message ?? "Success";
}
