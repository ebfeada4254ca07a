using ActorTorrent.Interop.Tests.Fixtures;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>transmission-daemon. It never dials 127.0.0.0/8, so the seeders opposite dial it.</summary>
internal sealed class TransmissionClient : IMeasuredClient
{
    public async Task<string> VersionAsync(CancellationToken stop) =>
        (await PublishedProgram.OutputAsync(Programs.TransmissionDaemon, ["--version"], stop)).Split(' ') is [var name, var version, ..]
            ? $"{name} {version}"
            : "transmission-daemon";

    public MeasuredRun Fetch(TransferScene scene, string folder) => Start(scene, folder, isFetching: true);

    public MeasuredRun Seed(TransferScene scene) => Start(scene, scene.Content.Folder, isFetching: false);

    private static TransmissionRun Start(TransferScene scene, string folder, bool isFetching)
    {
        var port = FreePort.Next();
        var rpcPort = FreePort.Next();
        var settings = scene.Make("transmission");
        File.WriteAllText(
            Path.Combine(settings, "settings.json"),
            TransmissionRpc.Settings(folder, port, rpcPort, messageLevel: 1));
        var process = ClientProcess.Start(
            "transmission-daemon",
            Programs.TransmissionDaemon,
            ["--foreground", "--config-dir", settings],
            scene.Folder,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = scene.Folder });
        return new TransmissionRun(process, scene, port, rpcPort, isFetching);
    }
}
