using ActorTorrent.Interop.Tests.Fixtures;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>aria2, which learns of peers from the scene's tracker.</summary>
internal sealed class Aria2Client : IMeasuredClient
{
    public async Task<string> VersionAsync(CancellationToken stop) =>
        (await PublishedProgram.OutputAsync(Programs.Aria2, ["--version"], stop)).Split('\n')[0].Replace(" version", "", StringComparison.Ordinal);

    public MeasuredRun Fetch(TransferScene scene, string folder) =>
        Start(scene, scene.TrackedTorrent, folder, ["--seed-time=0", "--file-allocation=none"]);

    public MeasuredRun Seed(TransferScene scene) =>
        Start(scene, scene.Content.Torrent, scene.Content.Folder, ["--check-integrity=true", "--seed-ratio=0.0"]);

    private static Aria2Run Start(TransferScene scene, string torrent, string folder, IEnumerable<string> options)
    {
        var port = FreePort.Next();
        var process = ClientProcess.Start(
            "aria2",
            Programs.Aria2,
            [
                .. Aria2Options.For(port, folder),
                "--bt-max-peers=0",
                "--console-log-level=error",
                "--download-result=hide",
                .. options,
                torrent,
            ],
            scene.Folder);
        return new Aria2Run(process, port);
    }
}
