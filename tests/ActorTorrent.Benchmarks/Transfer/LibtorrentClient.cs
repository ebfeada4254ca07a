using ActorTorrent.Interop.Tests.Fixtures;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>libtorrent, through its Python bindings.</summary>
internal sealed class LibtorrentClient : IMeasuredClient
{
    public async Task<string> VersionAsync(CancellationToken stop) =>
        $"libtorrent {await PublishedProgram.OutputAsync(Programs.Python, ["-I", "-c", "import libtorrent; print(libtorrent.__version__)"], stop)}";

    public MeasuredRun Fetch(TransferScene scene, string folder)
    {
        var port = FreePort.Next();
        return new LibtorrentRun(scene.StartLibtorrent("measured", folder, port, TransferScene.Dials(scene.Peers)), port);
    }

    public MeasuredRun Seed(TransferScene scene) => Seed(scene, []);

    /// <summary>Starts it to serve the scene's content, with more options of the script.</summary>
    public MeasuredRun Seed(TransferScene scene, params IEnumerable<string> more)
    {
        var port = FreePort.Next();
        return new LibtorrentRun(scene.StartLibtorrent("measured", scene.Content.Folder, port, ["--seed", .. more]), port);
    }
}
