using System.Globalization;
using System.Text.Json.Nodes;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>DHT nodes of libtorrent, without torrents, all in one process.</summary>
public sealed class LibtorrentNodes
{
    private readonly ChildProcess _process;

    private LibtorrentNodes(ChildProcess process, IReadOnlyList<int> ports)
    {
        _process = process;
        Ports = ports;
    }

    /// <summary>Their UDP ports.</summary>
    public IReadOnlyList<int> Ports { get; }

    public static async Task<LibtorrentNodes> Start(Stage stage, int nodes, int bootstrapPort)
    {
        var process = stage.Start(
            "libtorrent nodes",
            Programs.Python,
            [
                "-I",
                Path.Combine(AppContext.BaseDirectory, "Fixtures", "libtorrent_dht.py"),
                "--nodes", nodes.ToString(CultureInfo.InvariantCulture),
                "--bootstrap", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{bootstrapPort}"),
            ]);
        var line = await process.Line("its ports", static line => line.StartsWith("{\"ports\"", StringComparison.Ordinal), stage.Deadline);
        return new LibtorrentNodes(process, [.. JsonNode.Parse(line)!["ports"]!.AsArray().Select(static port => (int)port!)]);
    }

    /// <summary>How many nodes each of them knows.</summary>
    public IReadOnlyList<int> Known() =>
        _process.Output().LastOrDefault(static line => line.StartsWith("{\"known\"", StringComparison.Ordinal)) is { } line
            ? [.. JsonNode.Parse(line)!["known"]!.AsArray().Select(static count => (int)count!)]
            : [0];
}
