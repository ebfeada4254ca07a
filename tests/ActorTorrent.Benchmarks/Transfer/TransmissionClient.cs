using System.Globalization;
using System.Text.Json;
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
            JsonSerializer.Serialize(new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["bind-address-ipv4"] = "127.0.0.1",
                ["bind-address-ipv6"] = "::1",
                ["dht-enabled"] = false,
                ["download-dir"] = folder,
                ["encryption"] = 0,
                ["incomplete-dir-enabled"] = false,
                ["lpd-enabled"] = false,
                ["message-level"] = 1,
                ["peer-port"] = port,
                ["peer-port-random-on-start"] = false,
                ["pex-enabled"] = false,
                ["port-forwarding-enabled"] = false,
                ["preallocation"] = 1,
                ["ratio-limit-enabled"] = false,
                ["rename-partial-files"] = false,
                ["rpc-bind-address"] = "127.0.0.1",
                ["rpc-enabled"] = true,
                ["rpc-port"] = rpcPort,
                ["rpc-whitelist"] = "127.0.0.1",
                ["utp-enabled"] = false,
            }));
        var process = ClientProcess.Start(
            "transmission-daemon",
            Programs.TransmissionDaemon,
            ["--foreground", "--config-dir", settings],
            scene.Folder,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = scene.Folder });
        return new TransmissionRun(process, scene, port, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{rpcPort}/transmission/rpc")), isFetching);
    }
}
