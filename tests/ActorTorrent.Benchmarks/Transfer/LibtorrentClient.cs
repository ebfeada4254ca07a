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
        return new LibtorrentRun(scene.StartLibtorrent("measured", folder, port, seeds: false, isMeasured: true, scene.Peers), port);
    }

    public MeasuredRun Seed(TransferScene scene)
    {
        var port = FreePort.Next();
        return new LibtorrentRun(scene.StartLibtorrent("measured", scene.Content.Folder, port, seeds: true, isMeasured: true), port);
    }
}
