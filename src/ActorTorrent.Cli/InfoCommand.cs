using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorTorrent.Cli.Remote;
using ActorTorrent.Service.Api;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>info</c>: all that a running service says of a torrent.</summary>
internal static class InfoCommand
{
    private static readonly TextColumn[] FileColumns =
        [new("#", IsNumber: true), new("DONE", IsNumber: true), new("SIZE", IsNumber: true), new("PRIORITY"), new("FILE", Shrinks: true)];

    private static readonly TextColumn[] TrackerColumns =
        [new("TIER", IsNumber: true), new("TRACKER", Shrinks: true), new("PEERS", IsNumber: true), new("SEEDERS", IsNumber: true), new("LEECHERS", IsNumber: true), new("LAST", Shrinks: true)];

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var remote = new RemoteOptions();
        var torrent = TorrentArgument.One(remote, "Its number, its info hash, or the beginning of that or of its name.", ArgumentArity.ExactlyOne);
        var command = new Command("info", "Show a torrent of a running service, its files and trackers.") { torrent };
        remote.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            using var client = remote.Connect(parsed);
            var found = TorrentNames.Find(parsed.GetValue(torrent)!, await client.TorrentsAsync(stop).ConfigureAwait(false));
            var files = await client.FilesAsync(found.Id, stop).ConfigureAwait(false);
            var trackers = await client.TrackersAsync(found.Id, stop).ConfigureAwait(false);
            var output = parsed.InvocationConfiguration.Output;
            if (remote.IsJson(parsed))
            {
                await output.WriteLineAsync(Json(found, files, trackers)).ConfigureAwait(false);
                return ExitCode.Ok;
            }
            foreach (var line in Lines(found, files, trackers, Terminal.WidthOf(output)))
                await output.WriteLineAsync(line).ConfigureAwait(false);
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Json(TorrentResource torrent, IReadOnlyList<FileResource> files, IReadOnlyList<TrackerResource> trackers)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WritePropertyName("torrent");
            JsonSerializer.Serialize(json, torrent, ApiJson.Default.TorrentResource);
            json.WritePropertyName("files");
            JsonSerializer.Serialize(json, files, ApiJson.Default.IReadOnlyListFileResource);
            json.WritePropertyName("trackers");
            JsonSerializer.Serialize(json, trackers, ApiJson.Default.IReadOnlyListTrackerResource);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static IEnumerable<string> Lines(TorrentResource torrent, IReadOnlyList<FileResource> files, IReadOnlyList<TrackerResource> trackers, int width)
    {
        foreach (var (name, value) in Facts(torrent))
        {
            if (value.Length > 0)
                yield return TextTable.Cut($"{name,-12}{Text.Printable(value)}", width);
        }
        if (trackers.Count > 0)
        {
            yield return "";
            foreach (var line in TextTable.Lines(TrackerColumns, [.. trackers.Select(Row)], width))
                yield return line;
        }
        if (files.Count > 0)
        {
            yield return "";
            foreach (var line in TextTable.Lines(FileColumns, [.. files.Select(Row)], width))
                yield return line;
        }
    }

    private static IEnumerable<(string Name, string Value)> Facts(TorrentResource t) =>
    [
        ("name", t.Name),
        ("number", t.Id.ToString(CultureInfo.InvariantCulture)),
        ("info hash", t.InfoHash),
        ("state", RemoteText.Words(t.Phase) + (t.IsPrivate ? ", private" : "") + (t.IsSequential ? ", in order" : "")),
        ("error", t.Error ?? ""),
        ("size", t.Size is null ? "not known yet" : string.Create(
            CultureInfo.InvariantCulture, $"{Text.Bytes(t.Size.Value)} in {Text.Count(t.FileCount, "file")}, {Text.Count(t.PieceCount, "piece")} of {Text.Bytes(t.PieceLength)}")),
        ("done", $"{RemoteText.Percent(t.Progress)}, {Text.Bytes(t.Verified)} of {Text.Bytes(t.Wanted)} wanted"),
        ("rates", $"down {Text.Rate(t.DownloadRate)}{Limit(t.DownloadLimit)}, up {Text.Rate(t.UploadRate)}{Limit(t.UploadLimit)}"),
        ("bandwidth", t is { Priority: "normal", HonorsSessionLimits: true, Group: null }
            ? ""
            : $"{t.Priority} priority{(t.HonorsSessionLimits ? "" : ", not held to the session's limits")}{(t.Group is null ? "" : $", group {t.Group}")}"),
        ("eta", t.Eta is null ? "" : RemoteText.Eta(t)),
        ("moved", $"down {Text.Bytes(t.Downloaded)}, up {Text.Bytes(t.Uploaded)}, wasted {Text.Bytes(t.Wasted)}"),
        ("peers", string.Create(CultureInfo.InvariantCulture, $"{t.Peers.Running} connected ({t.Peers.Seeds} seeds), {t.Peers.Connecting} connecting, {t.Peers.Waiting} waiting, {t.Peers.Known} known")),
        ("swarm", t.Swarm is { } swarm ? string.Create(CultureInfo.InvariantCulture, $"{swarm.Seeders} seeders, {swarm.Leechers} leechers") : ""),
        ("faults", t.Faults.ToString(CultureInfo.InvariantCulture)),
        ("labels", string.Join(", ", t.Labels)),
        ("folder", t.Folder),
        ("added", RemoteText.Time(t.AddedAt)),
        ("completed", t.CompletedAt is null ? "" : RemoteText.Time(t.CompletedAt)),
        ("comment", t.Comment ?? ""),
        ("made by", t.CreatedBy ?? ""),
    ];

    private static string Limit(long? limit) => limit is { } bytes ? $" (limit {Text.Rate(bytes)})" : "";

    private static string[] Row(FileResource file) =>
    [
        file.Index.ToString(CultureInfo.InvariantCulture),
        RemoteText.Percent(file.Size == 0 ? 1 : (double)file.Verified / file.Size),
        Text.Bytes(file.Size),
        file.Priority,
        Text.Printable(file.Path),
    ];

    private static string[] Row(TrackerResource tracker) =>
    [
        tracker.Tier.ToString(CultureInfo.InvariantCulture),
        Text.Printable(tracker.Url),
        tracker.Peers.ToString(CultureInfo.InvariantCulture),
        tracker.Seeders?.ToString(CultureInfo.InvariantCulture) ?? "-",
        tracker.Leechers?.ToString(CultureInfo.InvariantCulture) ?? "-",
        tracker.AnnouncedAt is null ? "not asked yet" : $"{RemoteText.Time(tracker.AnnouncedAt)} {Text.Printable(tracker.Error ?? tracker.Warning ?? "ok")}",
    ];
}
