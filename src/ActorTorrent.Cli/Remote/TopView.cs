using System.Globalization;
using ActorTorrent.Service.Api;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ActorTorrent.Cli.Remote;

/// <summary>Draws a <see cref="TopState"/>: a sum, the torrents, the busiest peers, the last faults. Pure, but for the local time.</summary>
internal static class TopView
{
    private const int MostPeers = 10;
    private const int MostFaults = 5;
    private const int FewestTorrents = 3;
    private const int Gap = 1;

    private static readonly TextColumn[] TorrentColumns =
    [
        new("ID", IsNumber: true), new("TORRENT", Shrinks: true), new("STATE"), new("DONE", IsNumber: true), new("DOWN/s", IsNumber: true),
        new("UP/s", IsNumber: true), new("PEERS", IsNumber: true), new("FAULTS", IsNumber: true), new("ETA", IsNumber: true),
    ];

    private static readonly TextColumn[] PeerColumns =
    [
        new("ID", IsNumber: true), new("PEER", Shrinks: true), new("CLIENT", Shrinks: true), new("STATE"), new("FLAGS"), new("DONE", IsNumber: true),
        new("DOWN/s", IsNumber: true), new("UP/s", IsNumber: true), new("FAILED", IsNumber: true),
    ];

    /// <summary>For a terminal.</summary>
    /// <param name="state">What is to be seen.</param>
    /// <param name="remark">What else is to be said; null for nothing.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="height">Its lines.</param>
    public static IRenderable Render(TopState state, string? remark, int width, int height) => new Rows(
        Lines(state, remark, width, height).Select(static line => new Spectre.Console.Text(line.Text.Length == 0 ? " " : line.Text, StyleOf(line.Tone))));

    /// <summary>The lines.</summary>
    /// <param name="state">What is to be seen.</param>
    /// <param name="remark">What else is to be said; null for nothing.</param>
    /// <param name="width">Room in a line.</param>
    /// <param name="height">Lines at most.</param>
    public static IReadOnlyList<TopLine> Lines(TopState state, string? remark, int width, int height)
    {
        var peers = state.Peers.SelectMany(static torrent => torrent.Peers.Select(peer => (torrent.Id, Peer: peer)))
            .OrderByDescending(static item => item.Peer.DownloadRate + item.Peer.UploadRate)
            .ThenBy(static item => item.Peer.State != "running")
            .Take(MostPeers)
            .ToList();
        var faults = state.Faults.TakeLast(MostFaults).ToList();
        // Two lines of sums, and for each part an empty line and a head.
        var room = height - 8;
        var most = Math.Max(FewestTorrents, room - peers.Count - faults.Count);
        var torrents = state.Torrents.Count <= most ? state.Torrents : [.. state.Torrents.Take(most - 1)];

        var lines = new List<TopLine>();
        lines.AddRange(Sums(state).Select(text => new TopLine(TextTable.Cut(text, width), TopTone.Head)));
        if (remark is not null)
            lines.Add(new TopLine(TextTable.Cut(remark, width), TopTone.Wrong));
        Part(TextTable.Lines(TorrentColumns, [.. torrents.Select(Row)], width, Gap), at => ToneOf(torrents[at]));
        if (torrents.Count < state.Torrents.Count)
            lines.Add(new TopLine(string.Create(CultureInfo.InvariantCulture, $"… {state.Torrents.Count - torrents.Count} more")));
        if (peers.Count > 0)
        {
            Part(
                TextTable.Lines(PeerColumns, [.. peers.Select(static item => Row(item.Id, item.Peer))], width, Gap),
                at => peers[at].Peer.DownloadRate + peers[at].Peer.UploadRate >= 1 ? TopTone.Moving : TopTone.Plain);
        }
        if (faults.Count > 0)
            Part(["LAST FAULTS", .. faults.Select(fault => TextTable.Cut(Row(fault), width))], static _ => TopTone.Wrong);
        return lines.Count <= height ? lines : lines[..height];

        void Part(IReadOnlyList<string> part, Func<int, TopTone> toneOf)
        {
            lines.Add(new TopLine(""));
            lines.AddRange(part.Select((text, at) => new TopLine(text, at == 0 ? TopTone.Head : toneOf(at - 1))));
        }
    }

    private static IEnumerable<string> Sums(TopState state)
    {
        var (session, torrents) = (state.Session, state.Torrents);
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{state.Url.AbsoluteUri.TrimEnd('/')}  up {RemoteText.Uptime(session.Uptime)}  {Text.Count(session.Torrents, "torrent")}: {session.Active} at work, {session.Paused} paused");
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"down {Text.Rate(session.DownloadRate)}  up {Text.Rate(session.UploadRate)}  peers {torrents.Sum(static torrent => torrent.Peers.Running)} of {torrents.Sum(static torrent => torrent.Peers.Known)}  faults {torrents.Sum(static torrent => torrent.Faults)}{(session.FreeSpace is { } free ? $"  free {Text.Bytes(free)}" : "")}");
    }

    private static string[] Row(TorrentResource torrent) =>
    [
        torrent.Id.ToString(CultureInfo.InvariantCulture),
        Text.Printable(torrent.Name),
        RemoteText.State(torrent),
        RemoteText.Percent(torrent.Progress),
        Rate(torrent.DownloadRate),
        Rate(torrent.UploadRate),
        string.Create(CultureInfo.InvariantCulture, $"{torrent.Peers.Running}/{torrent.Peers.Known}"),
        torrent.Faults.ToString(CultureInfo.InvariantCulture),
        RemoteText.Eta(torrent),
    ];

    private static string[] Row(int id, PeerResource peer) =>
    [
        id.ToString(CultureInfo.InvariantCulture),
        peer.Address,
        Text.Printable(peer.Client ?? "-"),
        peer.State switch { "running" => "run", "handshaking" => "shake", "connecting" => "dial", _ => "wait" },
        peer.Flags,
        RemoteText.Percent(peer.Progress),
        Rate(peer.DownloadRate),
        Rate(peer.UploadRate),
        peer.Failures.ToString(CultureInfo.InvariantCulture),
    ];

    private static string Row(FaultResource fault) => string.Create(
        CultureInfo.InvariantCulture,
        $"{fault.Time.ToLocalTime():HH:mm:ss} {fault.Address} {fault.Phase}/{fault.Cause} -> {fault.Action}: {Text.Printable(fault.Detail)}");

    private static string Rate(double bytes) => bytes < 1 ? "-" : Text.Bytes(bytes);

    private static TopTone ToneOf(TorrentResource torrent) =>
        torrent.Error is not null ? TopTone.Wrong : torrent.DownloadRate + torrent.UploadRate >= 1 ? TopTone.Moving : TopTone.Plain;

    private static Style StyleOf(TopTone tone) => tone switch
    {
        TopTone.Head => new Style(decoration: Decoration.Bold),
        TopTone.Moving => new Style(Color.Green),
        TopTone.Wrong => new Style(Color.Yellow),
        _ => Style.Plain,
    };
}
