using System.Text.Json.Nodes;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>libtorrent through its Python bindings: a script beside the tests, run by the system's own interpreter.</summary>
public sealed class Libtorrent : RealPeer
{
    private Libtorrent(Stage stage, ChildProcess process, int port)
        : base(stage, process, port)
    {
    }

    public static async Task<Libtorrent> Seed(Stage stage, string torrent, string folder, int? kibibytesPerSecond = null, bool lsd = false)
    {
        var peer = Start(stage, [torrent], folder, kibibytesPerSecond, lsd: lsd);
        await Poll.Until("libtorrent has checked its files and seeds", () => peer.StateIs("seeding"), stage.Deadline);
        return peer;
    }

    public static async Task<Libtorrent> Fetch(Stage stage, string torrent, string folder, bool lsd = false)
    {
        var peer = Start(stage, [torrent], folder, kibibytesPerSecond: null, lsd: lsd);
        await Poll.Until("libtorrent has started the torrent", () => peer.StateIs("downloading", "seeding"), stage.Deadline);
        return peer;
    }

    /// <summary>Seeds; those who want it find it by the DHT, which it joins at a node.</summary>
    public static async Task<Libtorrent> SeedByDht(Stage stage, string torrent, string folder, int nodePort)
    {
        var peer = Start(stage, [torrent], folder, kibibytesPerSecond: null, nodePort);
        await Poll.Until("libtorrent has checked its files and seeds", () => peer.StateIs("seeding"), stage.Deadline);
        return peer;
    }

    /// <summary>Fetches from peers that it finds by the DHT, which it joins at a node.</summary>
    public static async Task<Libtorrent> FetchByDht(Stage stage, string torrent, string folder, int nodePort)
    {
        var peer = Start(stage, [torrent], folder, kibibytesPerSecond: null, nodePort);
        await Poll.Until("libtorrent has started the torrent", () => peer.StateIs("downloading", "seeding"), stage.Deadline);
        return peer;
    }

    /// <summary>Seeds the torrents whose files are in <paramref name="folder"/> and fetches the others into it, all at once.</summary>
    public static async Task<Libtorrent> Share(Stage stage, IReadOnlyList<string> torrents, string folder)
    {
        var peer = Start(stage, torrents, folder, kibibytesPerSecond: null);
        await Poll.Until(
            "libtorrent has checked its files and started all torrents",
            () => peer.StateIs("downloading", "seeding", "downloading+seeding"),
            stage.Deadline);
        return peer;
    }

    public override Task Completed() =>
        Poll.Until("libtorrent has fetched everything", () => StateIs("seeding"), Stage.Deadline);

    public override Task<long> Uploaded() => Task.FromResult((long?)Status()?["uploaded"] ?? 0);

    /// <summary>What it counted last.</summary>
    public LibtorrentCount Count() =>
        Status() is { } status
            ? new LibtorrentCount((double)status["seconds"]!, (long)status["uploaded"]!, (long)status["downloaded"]!)
            : throw new InvalidOperationException("libtorrent's script has printed no state yet");

    private static Libtorrent Start(Stage stage, IReadOnlyList<string> torrents, string folder, int? kibibytesPerSecond, int? nodePort = null, bool lsd = false)
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
                "--upload-limit", Text((kibibytesPerSecond ?? 0) * 1024L),
                .. nodePort is { } node ? (string[])["--dht-node", $"127.0.0.1:{Text(node)}"] : [],
                .. lsd ? (string[])["--lsd"] : [],
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
