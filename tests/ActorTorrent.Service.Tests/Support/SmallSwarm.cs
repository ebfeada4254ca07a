using System.Globalization;
using ActorTorrent.Interop.Tests.Fixtures;

namespace ActorTorrent.Service.Tests.Support;

/// <summary>A tracker and a seed of one file: who adds the torrent finds it.</summary>
public sealed class SmallSwarm
{
    private SmallSwarm(byte[] torrent, byte[] content)
    {
        Torrent = torrent;
        Content = content;
    }

    /// <summary>The torrent file.</summary>
    public byte[] Torrent { get; }

    /// <summary>The file.</summary>
    public byte[] Content { get; }

    public static async Task<SmallSwarm> Start(Stage stage, string name, int length, string? uploadLimit = null)
    {
        var port = FreePort.Next();
        var tracker = stage.Start(
            "tracker", Programs.Dotnet, [ActorTorrentProcess.Assembly, "tracker", "--address", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture)]);
        await tracker.Line("where it listens", static _ => true, stage.Deadline);
        var folder = stage.Folder.Make("seed");
        var torrent = SampleTorrent.Make(folder, name, length, seed: 42, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/announce"));
        var file = Path.Combine(folder, name + ".torrent");
        await File.WriteAllBytesAsync(file, torrent, stage.Deadline);
        var seed = stage.Start(
            "seed",
            Programs.Dotnet,
            [
                ActorTorrentProcess.Assembly, "seed", file, "--data", folder, "--no-dht", "--no-lsd", "--state", stage.Folder.Make("seed-state"), "--port", "0",
                .. uploadLimit is null ? Array.Empty<string>() : ["--upload-limit", uploadLimit],
            ]);
        await seed.Line("that it seeds", static line => line.StartsWith("seeding", StringComparison.Ordinal), stage.Deadline);
        return new SmallSwarm(torrent, await File.ReadAllBytesAsync(Path.Combine(folder, name), stage.Deadline));
    }
}
