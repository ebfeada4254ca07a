using System.Globalization;
using System.Text.Json;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>transmission-daemon in a private network, where it finds peers by multicast alone. It has the network's first address.</summary>
public sealed class LocalTransmission
{
    private readonly Stage _stage;
    private readonly string _done;

    private LocalTransmission(Stage stage, string done)
    {
        _stage = stage;
        _done = done;
    }

    /// <summary>Starts it with one torrent.</summary>
    /// <param name="stage">Its network must be a private one.</param>
    /// <param name="torrent">A torrent file or a magnet link.</param>
    /// <param name="folder">Where the content is, or goes to.</param>
    public static async Task<LocalTransmission> Start(Stage stage, string torrent, string folder)
    {
        if (stage.Network is null)
            throw new InvalidOperationException("Nothing is said to the machine's own network.");
        var settings = stage.Folder.Make("transmission");
        var done = Path.Combine(settings, "done");
        var script = Path.Combine(settings, "tell");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\ntouch '{done}'\n", stage.Deadline);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var rpcPort = FreePort.Next();
        await File.WriteAllTextAsync(
            Path.Combine(settings, "settings.json"),
            JsonSerializer.Serialize(new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["bind-address-ipv4"] = PrivateNetwork.First,
                ["dht-enabled"] = false,
                ["download-dir"] = folder,
                ["encryption"] = 0,
                ["lpd-enabled"] = true,
                ["message-level"] = 3,
                ["peer-port"] = FreePort.Next(),
                ["pex-enabled"] = false,
                ["port-forwarding-enabled"] = false,
                ["rpc-bind-address"] = "127.0.0.1",
                ["rpc-port"] = rpcPort,
                ["rpc-whitelist-enabled"] = false,
                ["script-torrent-done-enabled"] = true,
                ["script-torrent-done-filename"] = script,
                ["utp-enabled"] = false,
            }),
            stage.Deadline);
        stage.Start("transmission-daemon", Programs.TransmissionDaemon, ["--foreground", "--config-dir", settings]);
        var rpc = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{rpcPort}");
        await Poll.Until(
            "transmission has taken the torrent",
            async () => await stage.Start("transmission-remote", Programs.TransmissionRemote, [rpc, "--add", torrent]).Exit(stage.Deadline) == 0,
            stage.Deadline);
        return new LocalTransmission(stage, done);
    }

    /// <summary>Waits until it says itself that all has come and was checked.</summary>
    public Task Completed() => Poll.Until("transmission has fetched everything", () => File.Exists(_done), _stage.Deadline);
}
