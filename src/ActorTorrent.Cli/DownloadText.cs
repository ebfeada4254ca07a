using System.Globalization;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Cli;

/// <summary>A download's events as lines for people.</summary>
internal static class DownloadText
{
    /// <summary>What to call a torrent, also while nothing but its magnet link is known.</summary>
    public static string Name(TorrentSpec spec) => Text.Printable(spec.Metainfo?.Name ?? spec.Magnet?.Name ?? "magnet link");

    /// <summary>A torrent's size, as far as it is known.</summary>
    public static string Size(TorrentSpec spec) =>
        (spec.Metainfo?.Layout.TotalLength ?? spec.Magnet?.Length) is { } bytes ? Text.Bytes(bytes) : "size unknown";

    public static string Progress(TorrentSnapshot s) => s switch
    {
        { Phase: TorrentPhase.Checking } => string.Create(CultureInfo.InvariantCulture, $"checking  {s.PiecesChecked} of {s.PiecesTotal} pieces"),
        { Metadata: { } metadata } => string.Create(
            CultureInfo.InvariantCulture,
            $"metadata  {metadata.PiecesHave} of {(metadata.PiecesTotal == 0 ? "?" : metadata.PiecesTotal)} pieces, {metadata.Peers} peers offer it  peers {s.Peers.Running} connected{Sources(s)}, {s.Peers.Connecting} connecting, {s.Peers.Waiting} waiting  faults {s.Faults}"),
        _ => string.Create(
            CultureInfo.InvariantCulture,
            $"{Percent(s),5:0.0}%  {Text.Bytes(s.BytesVerified)} of {Text.Bytes(s.BytesWanted)}  down {Text.Rate(s.DownloadRate)}  up {Text.Rate(s.UploadRate)}  eta {Text.Time(s.Eta)}  peers {s.Peers.Running} connected{Sources(s)}, {s.Peers.Connecting} connecting, {s.Peers.Waiting} waiting  faults {s.Faults}"),
    };

    private static string Sources(TorrentSnapshot s)
    {
        var named = s.Peers.Sources.Named().Select(static source => string.Create(CultureInfo.InvariantCulture, $"{source.Value} {source.Key}")).ToArray();
        return named.Length == 0 ? "" : $" ({string.Join(", ", named)})";
    }

    public static double Percent(TorrentSnapshot s) => s.Metadata is not null ? 0 : s.BytesWanted == 0 ? 100 : 100.0 * s.BytesVerified / s.BytesWanted;

    public static string Fault(FaultJournalEntry entry)
    {
        var delay = entry.Decision.Action == FaultAction.Restart
            ? string.Create(CultureInfo.InvariantCulture, $" in {entry.Decision.Delay.TotalSeconds:0.0} s")
            : "";
        var blocks = entry.BlocksReturned > 0
            ? string.Create(CultureInfo.InvariantCulture, $", {entry.BlocksReturned} blocks returned")
            : "";
        var client = entry.Fault.Client is { } name ? $" ({Text.Printable(name)})" : "";
        return $"fault  {entry.Fault.EndPoint}{client} via {FaultNames.SnakeCase(entry.Source.ToString())}  {FaultNames.Of(entry.Fault.Phase)}/{FaultNames.Of(entry.Fault.Cause)}: "
            + $"{Text.Printable(entry.Fault.Detail)} -> {FaultNames.Of(entry.Decision.Action)}{delay} ({entry.Decision.Reason}){blocks}";
    }

    public static string? Happened(TorrentEvent what) => what switch
    {
        TorrentEvent.Checked { Rejection: { } reason } c => string.Create(
            CultureInfo.InvariantCulture, $"checked: {c.PiecesHave} of {c.PiecesTotal} pieces are on disk; resume data was not used: {Text.Printable(reason)}"),
        TorrentEvent.Checked { PiecesTrusted: > 0 } c => string.Create(
            CultureInfo.InvariantCulture,
            $"checked: {c.PiecesHave} of {c.PiecesTotal} pieces are on disk, {c.PiecesTrusted} of them by resume data"),
        TorrentEvent.Checked { PiecesHave: > 0 } c => string.Create(CultureInfo.InvariantCulture, $"checked: {c.PiecesHave} of {c.PiecesTotal} pieces are on disk"),
        TorrentEvent.MetadataReceived m => string.Create(
            CultureInfo.InvariantCulture,
            $"metadata: {Text.Printable(m.Metainfo.Name)}, {Text.Bytes(m.Metainfo.Layout.TotalLength)}, {Text.Count(m.Metainfo.Layout.Files.Count, "file")}{(m.Metainfo.IsPrivate ? ", private" : "")}"),
        TorrentEvent.MetadataNotKept n => $"metadata cannot be kept: {Text.Printable(n.Fault.Path)}: {n.Fault.Reason}",
        TorrentEvent.Announced { Warning: { } warning } a => $"tracker {a.Tracker} warns: {Text.Printable(warning)}",
        TorrentEvent.Announced a => string.Create(CultureInfo.InvariantCulture, $"tracker {a.Tracker}: {a.Peers} peers"),
        TorrentEvent.AnnounceFailed f => $"tracker {f.Tracker}: {Text.Printable(f.Error.Message)}",
        TorrentEvent.TrackerSkipped s => $"tracker {s.Tracker} is not used: {s.Reason}",
        TorrentEvent.PieceFailed p => string.Create(CultureInfo.InvariantCulture, $"piece {p.Piece} does not match its hash ({p.Contributors} peers sent it); it is fetched again from one peer"),
        TorrentEvent.PiecesLost l => string.Create(
            CultureInfo.InvariantCulture, $"{l.Pieces.Count} pieces were changed by another program; they are fetched again"),
        TorrentEvent.FileRenamed r => $"the file system refuses the name of {Text.Printable(r.File)}; it is {Text.Printable(r.Path)}",
        TorrentEvent.DiskFailed d => $"disk: {Text.Printable(d.Fault.Path)}: {d.Fault.Reason} (while trying to {d.Fault.Operation}); it is tried again",
        TorrentEvent.DiskRecovered => "disk: it works again",
        TorrentEvent.ResumeFailed r => $"resume data cannot be saved: {Text.Printable(r.Fault.Path)}: {r.Fault.Reason}",
        _ => null,
    };

    public static string Seeding(TorrentMetainfo metainfo, int port) => string.Create(
        CultureInfo.InvariantCulture, $"seeding {Text.Printable(metainfo.Name)} ({Text.Bytes(metainfo.Layout.TotalLength)}, {metainfo.InfoHash}) on port {port}");

    public static string Completed(TorrentSnapshot final, TimeSpan elapsed, IReadOnlyDictionary<FaultCause, long> faults)
    {
        var rate = final.Downloaded / Math.Max(elapsed.TotalSeconds, 0.001);
        var causes = faults.Count == 0 ? "no faults" : "faults: " + string.Join(", ", faults.Select(f => $"{f.Value} {FaultNames.Of(f.Key)}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"complete: {Text.Bytes(final.BytesVerified)} verified in {elapsed.TotalSeconds:0.0} s ({Text.Rate(rate)}), {Text.Bytes(final.Wasted)} wasted, {causes}");
    }
}
