using System.Text.Json.Nodes;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>libtorrent through its Python bindings: a script beside the tests, run by the system's own interpreter.</summary>
public sealed class Libtorrent : RealPeer
{
    private Libtorrent(Stage stage, ChildProcess process, int port)
        : base(stage, process, port)
    {
    }

    public static async Task<Libtorrent> Seed(
        Stage stage, string torrent, string folder, int? kibibytesPerSecond = null, bool lsd = false, int? nodePort = null, string? peer = null,
        int? connections = null)
    {
        var seed = Start(stage, [torrent], folder, kibibytesPerSecond, nodePort, lsd, peer, connections: connections);
        await Poll.Until("libtorrent has checked its files and seeds", () => seed.StateIs("seeding"), stage.Deadline);
        return seed;
    }

    /// <summary>Fetches a torrent file's or a magnet link's content.</summary>
    /// <param name="stage">Where it runs.</param>
    /// <param name="source">The torrent file or the link.</param>
    /// <param name="folder">Where it puts the content.</param>
    /// <param name="lsd">Whether it looks for peers in the local network.</param>
    /// <param name="nodePort">The node at which it joins the DHT; it has none without.</param>
    /// <param name="peer">A peer that it is told to dial.</param>
    /// <param name="kibibytesPerSecond">What it receives, and what it sends, at most.</param>
    public static async Task<Libtorrent> Fetch(
        Stage stage, string source, string folder, bool lsd = false, int? nodePort = null, string? peer = null, int? kibibytesPerSecond = null)
    {
        var fetching = Start(stage, [source], folder, kibibytesPerSecond, nodePort, lsd, peer, kibibytesPerSecond);
        await Poll.Until(
            "libtorrent has started the torrent", () => fetching.StateIs("downloading_metadata", "downloading", "seeding", "finished"), stage.Deadline);
        return fetching;
    }

    /// <summary>Seeds the torrents whose files are in <paramref name="folder"/> and fetches the others into it, all at once.</summary>
    public static async Task<Libtorrent> Share(Stage stage, IReadOnlyList<string> torrents, string folder)
    {
        var peer = Start(stage, torrents, folder, uploadLimit: null);
        await Poll.Until(
            "libtorrent has checked its files and started all torrents",
            () => peer.StateIs("downloading", "seeding", "downloading+seeding"),
            stage.Deadline);
        return peer;
    }

    public override Task Completed() =>
        Poll.Until("libtorrent has fetched everything", () => StateIs("seeding"), Stage.Deadline);

    /// <summary>Waits until it is connected to so many peers.</summary>
    public Task Connected(int peers) =>
        Poll.Until($"libtorrent is connected to {peers}", () => (int?)Status()?["peers"] >= peers, Stage.Deadline);

    public override Task<long> Uploaded() => Task.FromResult((long?)Status()?["uploaded"] ?? 0);

    /// <summary>What it counted last.</summary>
    public LibtorrentCount Count() =>
        Status() is { } status
            ? new LibtorrentCount((double)status["seconds"]!, (long)status["uploaded"]!, (long)status["downloaded"]!)
            : throw new InvalidOperationException("libtorrent's script has printed no state yet");

    private static Libtorrent Start(
        Stage stage,
        IReadOnlyList<string> torrents,
        string folder,
        int? uploadLimit,
        int? nodePort = null,
        bool lsd = false,
        string? peer = null,
        int? downloadLimit = null,
        int? connections = null)
    {
        var port = FreePort.Next();
        var process = stage.Start(
            "libtorrent",
            Programs.Python,
            [
                "-I",
                Path.Combine(AppContext.BaseDirectory, "Fixtures", "libtorrent_peer.py"),
                "--torrent", .. torrents,
                "--folder", folder,
                "--port", Text(port),
                "--upload-limit", Text((uploadLimit ?? 0) * 1024L),
                "--download-limit", Text((downloadLimit ?? 0) * 1024L),
                .. nodePort is { } node ? (string[])["--dht-node", $"127.0.0.1:{Text(node)}"] : [],
                .. lsd ? (string[])["--lsd"] : [],
                .. peer is not null ? (string[])["--peer", peer] : [],
                .. connections is { } most ? (string[])["--connections", Text(most)] : [],
            ]);
        return new Libtorrent(stage, process, port);
    }

    private bool StateIs(params string[] wanted)
    {
        if (Process.HasExited)
            throw new InvalidOperationException($"libtorrent's script ended with {Process.ExitCode}");
        var status = Status();
        if ((string?)status?["error"] is { } error)
            throw new InvalidOperationException($"libtorrent: {error}");
        return wanted.Contains((string?)status?["state"], StringComparer.Ordinal);
    }

    private JsonNode? Status() =>
        Process.Output().LastOrDefault(static line => line.StartsWith("{\"state\"", StringComparison.Ordinal)) is { } line
            ? JsonNode.Parse(line)
            : null;
}
