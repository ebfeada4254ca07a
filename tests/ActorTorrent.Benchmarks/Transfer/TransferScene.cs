using System.Globalization;
using System.Net;
using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Lab.Trackers;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>What one transfer has: the content, a folder, a tracker, and libtorrent processes on the other side. All end with it.</summary>
internal sealed class TransferScene : IAsyncDisposable
{
    /// <summary>When libtorrent stands opposite, its own half second before it dials is not to be measured.</summary>
    private static readonly string[] QuickToDial = ["--tick", "50"];

    private readonly LabTracker _tracker = new();
    private readonly List<ClientProcess> _opposite = [];

    private TransferScene(Content content, TransferOptions options, string folder)
    {
        Content = content;
        Options = options;
        Folder = folder;
        TrackedTorrent = Path.Combine(folder, "tracked.torrent");
    }

    public Content Content { get; }

    public TransferOptions Options { get; }

    /// <summary>A folder of this transfer's own.</summary>
    public string Folder { get; }

    /// <summary>A torrent of the content that names the scene's tracker, which knows the seeders.</summary>
    public string TrackedTorrent { get; }

    /// <summary>The addresses opposite, <c>HOST:PORT</c>.</summary>
    public List<string> Peers { get; } = [];

    /// <summary>The processes opposite.</summary>
    public IReadOnlyList<ClientProcess> Opposite => _opposite;

    public static async Task<TransferScene> OpenAsync(Content content, TransferOptions options, string folder)
    {
        Directory.CreateDirectory(folder);
        var scene = new TransferScene(content, options, folder);
        await scene._tracker.StartAsync();
        content.WriteTorrent(scene.TrackedTorrent, scene._tracker.AnnounceUri);
        return scene;
    }

    /// <summary>Makes a folder in this transfer's.</summary>
    public string Make(string name)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(path);
        return path;
    }

    /// <summary>Starts libtorrent seeders opposite and waits until they serve.</summary>
    public async Task StartSeedersAsync(int count, CancellationToken stop)
    {
        for (var i = 0; i < count; i++)
        {
            var port = FreePort.Next();
            Peers.Add(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"));
            _opposite.Add(StartLibtorrent("seeder", Content.Folder, port, ["--seed", .. QuickToDial]));
            var id = PeerId.Create(new Random(port));
            _tracker.Swarms.Pin(Content.InfoHash, new SwarmPeer(new IPEndPoint(IPAddress.Loopback, port), id, IsSeed: true));
        }
        foreach (var seeder in _opposite)
            await seeder.EventAsync(stop, "ready");
    }

    /// <summary>Starts libtorrent leechers opposite, each with a folder of its own and one peer.</summary>
    /// <returns>Their folders.</returns>
    public IReadOnlyList<string> StartLeechers(int count, string peer)
    {
        var folders = new List<string>();
        for (var i = 0; i < count; i++)
        {
            folders.Add(Make(string.Create(CultureInfo.InvariantCulture, $"leecher-{i}")));
            _opposite.Add(StartLibtorrent("leecher", folders[i], FreePort.Next(), [.. Dials([peer]), .. QuickToDial]));
        }
        return folders;
    }

    /// <summary>The options of libtorrent's script that make it dial peers.</summary>
    public static IEnumerable<string> Dials(IEnumerable<string> peers) => peers.SelectMany(static peer => new[] { "--peer", peer });

    /// <summary>Starts libtorrent's script with more options.</summary>
    public ClientProcess StartLibtorrent(string role, string folder, int port, IEnumerable<string> more) =>
        ClientProcess.Start(
            string.Create(CultureInfo.InvariantCulture, $"libtorrent {role} {port}"),
            Programs.Python,
            [
                "-I", Path.Combine(AppContext.BaseDirectory, "Transfer", "libtorrent_bench.py"),
                "--torrent", Content.Torrent, "--folder", folder, "--port", port.ToString(CultureInfo.InvariantCulture),
                .. more,
            ],
            Folder);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _opposite)
            await process.DisposeAsync();
        await _tracker.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
