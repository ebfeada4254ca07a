using System.Text.Json;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Cli;

/// <summary>A line of JSON an event.</summary>
internal sealed class JsonDownloadReport(TextWriter output) : IDownloadReport
{
    private readonly JsonLines _lines = new(output);

    public void Started(TorrentSpec spec, int port) => Line("started", json =>
    {
        json.WriteString("name", spec.Metainfo?.Name ?? spec.Magnet?.Name);
        json.WriteString("infoHash", spec.InfoHash.ToString());
        if ((spec.Metainfo?.Layout.TotalLength ?? spec.Magnet?.Length) is { } bytes)
            json.WriteNumber("bytes", bytes);
        else
            json.WriteNull("bytes");
        if (spec.Magnet is not null)
            json.WriteBoolean("magnet", true);
        json.WriteString("output", spec.OutputFolder);
        json.WriteNumber("port", port);
        Runtime(json);
    });

    public void Progress(TorrentSnapshot snapshot) => Line("progress", json =>
    {
        json.WriteString("phase", FaultNames.SnakeCase(snapshot.Phase.ToString()));
        Numbers(json, snapshot);
        if (snapshot.Metadata is { } metadata)
        {
            json.WriteNumber("metadataPieces", metadata.PiecesHave);
            json.WriteNumber("metadataPiecesTotal", metadata.PiecesTotal);
            json.WriteNumber("metadataPeers", metadata.Peers);
        }
        json.WriteNumber("peersKnown", snapshot.Peers.Known);
        json.WriteNumber("peersConnecting", snapshot.Peers.Connecting);
        json.WriteNumber("peersConnected", snapshot.Peers.Running);
        json.WriteNumber("peersUnchoking", snapshot.Peers.Unchoking);
        json.WriteStartObject("peersBySource");
        foreach (var (source, count) in snapshot.Peers.Sources.Named())
            json.WriteNumber(source, count);
        json.WriteEndObject();
        Number(json, "swarmSeeders", snapshot.Swarm?.Seeders);
        Number(json, "swarmLeechers", snapshot.Swarm?.Leechers);
        Number(json, "swarmCompleted", snapshot.Swarm?.Completed);
        if (snapshot.Eta is { } eta)
            json.WriteNumber("etaSeconds", Math.Round(eta.TotalSeconds));
        else
            json.WriteNull("etaSeconds");
    });

    public void Actors(ActorCensus census) => Line("actors", json =>
    {
        json.WriteNumber("count", census.Actors.Count);
        json.WriteNumber("restarts", census.Restarts);
        json.WriteStartArray("actors");
        foreach (var actor in census.Actors)
        {
            json.WriteStartObject();
            json.WriteString("path", actor.Path);
            json.WriteString("kind", FaultNames.SnakeCase(actor.Kind.ToString()));
            json.WriteString("state", FaultNames.SnakeCase(actor.State));
            json.WriteNumber("waitMs", Math.Round(actor.Wait.TotalMilliseconds, 3));
            json.WriteBoolean("waiting", actor.IsWaiting);
            json.WriteNumber("restarts", actor.Restarts);
            if (actor.LastFault is { } fault)
            {
                json.WriteString("lastFault", fault.Cause);
                json.WriteString("lastFaultAt", fault.At);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    public void Fault(FaultJournalEntry entry) => Line("fault", json =>
    {
        json.WriteString("address", entry.Fault.EndPoint.ToString());
        json.WriteString("phase", FaultNames.Of(entry.Fault.Phase));
        json.WriteString("cause", FaultNames.Of(entry.Fault.Cause));
        json.WriteString("action", FaultNames.Of(entry.Decision.Action));
        json.WriteNumber("attempt", entry.Attempt);
        json.WriteNumber("delayMs", (long)entry.Decision.Delay.TotalMilliseconds);
        json.WriteNumber("blocksReturned", entry.BlocksReturned);
        json.WriteString("detail", entry.Fault.Detail);
        json.WriteString("reason", entry.Decision.Reason);
        json.WriteString("client", entry.Fault.Client);
        json.WriteString("source", FaultNames.SnakeCase(entry.Source.ToString()));
    });

    public void Happened(TorrentEvent what)
    {
        switch (what)
        {
            case TorrentEvent.Checked check:
                Line("checked", json =>
                {
                    json.WriteNumber("piecesHave", check.PiecesHave);
                    json.WriteNumber("piecesTotal", check.PiecesTotal);
                    json.WriteNumber("piecesTrusted", check.PiecesTrusted);
                    json.WriteNumber("blocksKept", check.BlocksKept);
                    json.WriteString("resumeRejected", check.Rejection);
                });
                break;
            case TorrentEvent.MetadataReceived received:
                Line("metadata", json =>
                {
                    json.WriteString("name", received.Metainfo.Name);
                    json.WriteString("infoHash", received.InfoHash.ToString());
                    json.WriteNumber("bytes", received.Metainfo.Layout.TotalLength);
                    json.WriteNumber("pieces", received.Metainfo.Layout.PieceCount);
                    json.WriteNumber("files", received.Metainfo.Layout.Files.Count);
                    json.WriteBoolean("private", received.Metainfo.IsPrivate);
                });
                break;
            case TorrentEvent.MetadataNotKept kept:
                Line("metadataNotKept", json =>
                {
                    json.WriteString("path", kept.Fault.Path);
                    json.WriteString("reason", kept.Fault.Reason);
                });
                break;
            case TorrentEvent.PiecesLost lost:
                Line("piecesLost", json => json.WriteNumber("pieces", lost.Pieces.Count));
                break;
            case TorrentEvent.FileRenamed renamed:
                Line("fileRenamed", json =>
                {
                    json.WriteString("file", renamed.File);
                    json.WriteString("path", renamed.Path);
                });
                break;
            case TorrentEvent.ResumeFailed failed:
                Line("resumeFailed", json =>
                {
                    json.WriteString("path", failed.Fault.Path);
                    json.WriteString("reason", failed.Fault.Reason);
                });
                break;
            case TorrentEvent.DiskFailed failed:
                Line("diskFailed", json =>
                {
                    json.WriteString("operation", failed.Fault.Operation);
                    json.WriteString("path", failed.Fault.Path);
                    json.WriteString("reason", failed.Fault.Reason);
                });
                break;
            case TorrentEvent.DiskRecovered:
                Line("diskRecovered", static _ => { });
                break;
            case TorrentEvent.Announced announced:
                Line("announced", json =>
                {
                    json.WriteString("tracker", announced.Tracker.ToString());
                    json.WriteNumber("peers", announced.Peers);
                    json.WriteString("warning", announced.Warning);
                });
                break;
            case TorrentEvent.AnnounceFailed failed:
                Line("announceFailed", json =>
                {
                    json.WriteString("tracker", failed.Tracker.ToString());
                    json.WriteString("error", failed.Error.Message);
                });
                break;
            case TorrentEvent.Scraped { Numbers: { } numbers } scraped:
                Line("scraped", json =>
                {
                    json.WriteString("tracker", scraped.Tracker.ToString());
                    json.WriteNumber("seeders", numbers.Seeders);
                    json.WriteNumber("leechers", numbers.Leechers);
                    json.WriteNumber("completed", numbers.Downloaded);
                });
                break;
            case TorrentEvent.ScrapeFailed failed:
                Line("scrapeFailed", json =>
                {
                    json.WriteString("tracker", failed.Tracker.ToString());
                    json.WriteString("error", failed.Error.Message);
                });
                break;
            case TorrentEvent.TrackerSkipped skipped:
                Line("trackerSkipped", json =>
                {
                    json.WriteString("tracker", skipped.Tracker.ToString());
                    json.WriteString("reason", skipped.Reason);
                });
                break;
            case TorrentEvent.PieceFailed piece:
                Line("pieceFailed", json =>
                {
                    json.WriteNumber("piece", piece.Piece.Value);
                    json.WriteNumber("contributors", piece.Contributors);
                });
                break;
            default:
                break;
        }
    }

    public void Completed(TorrentSnapshot final, TimeSpan elapsed, IReadOnlyDictionary<FaultCause, long> faults) => Line("complete", json =>
    {
        json.WriteNumber("bytes", final.BytesVerified);
        json.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 3));
        json.WriteNumber("downloadedBytes", final.Downloaded);
        json.WriteNumber("uploadedBytes", final.Uploaded);
        json.WriteNumber("wastedBytes", final.Wasted);
        json.WriteStartObject("faults");
        foreach (var (cause, count) in faults)
            json.WriteNumber(FaultNames.Of(cause), count);
        json.WriteEndObject();
        Runtime(json);
    });

    public void Seeding(TorrentMetainfo metainfo, int port) => Line("seeding", json =>
    {
        json.WriteString("name", metainfo.Name);
        json.WriteString("infoHash", metainfo.InfoHash.ToString());
        json.WriteNumber("bytes", metainfo.Layout.TotalLength);
        json.WriteNumber("port", port);
        Runtime(json);
    });

    public void Ended(string how, string reason, TorrentSnapshot? last) => Line(how, json =>
    {
        json.WriteString("reason", reason);
        if (last is not null)
            Numbers(json, last);
        Runtime(json);
    });

    public void Dispose() => output.Flush();

    private static void Number(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }

    private static void Numbers(Utf8JsonWriter json, TorrentSnapshot snapshot)
    {
        json.WriteNumber("bytesWanted", snapshot.BytesWanted);
        json.WriteNumber("bytesVerified", snapshot.BytesVerified);
        json.WriteNumber("downloadRate", (long)snapshot.DownloadRate);
        json.WriteNumber("uploadRate", (long)snapshot.UploadRate);
        json.WriteNumber("downloadedBytes", snapshot.Downloaded);
        json.WriteNumber("uploadedBytes", snapshot.Uploaded);
        json.WriteNumber("wastedBytes", snapshot.Wasted);
    }

    /// <summary>What the runtime has allocated and collected since the process started.</summary>
    private static void Runtime(Utf8JsonWriter json)
    {
        json.WriteStartObject("runtime");
        json.WriteNumber("allocatedBytes", GC.GetTotalAllocatedBytes());
        json.WriteNumber("collections", GC.CollectionCount(0));
        json.WriteNumber("gen2Collections", GC.CollectionCount(2));
        json.WriteNumber("pauseMs", Math.Round(GC.GetTotalPauseDuration().TotalMilliseconds, 3));
        json.WriteEndObject();
    }

    private void Line(string name, Action<Utf8JsonWriter> write) => _lines.Write(name, write);
}
