using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorTorrent.Interop.Tests.Fixtures;

namespace ActorTorrent.Service.Tests.Support;

/// <summary>One of the two services that <c>transmission-remote</c> steers in turn: ours, or transmission-daemon.</summary>
public sealed class RemoteSide
{
    private const string Response = "got response (len ";

    private readonly Stage _stage;

    private RemoteSide(Stage stage, string name, ChildProcess process, int port, string downloads)
    {
        _stage = stage;
        Name = name;
        Process = process;
        Port = port;
        Downloads = downloads;
    }

    public string Name { get; }

    public ChildProcess Process { get; }

    public int Port { get; }

    /// <summary>Its own folder, which files are put into and names are made relative to.</summary>
    public string Downloads { get; }

    public static async Task<RemoteSide> Ours(Stage stage, string downloads)
    {
        var port = FreePort.Next();
        var data = stage.Folder.Make("ours");
        var process = ServeProcess.Launch(stage, port, data, $$"""
            { "ActorTorrent": { "DownloadFolder": "{{downloads}}", "Roots": [ "{{Path.GetDirectoryName(downloads)}}" ], "ScriptFolders": [ "/bin" ] } }
            """);
        await process.Line("that it serves", static line => line.StartsWith("serving at ", StringComparison.Ordinal), stage.Deadline);
        return new RemoteSide(stage, "actortorrent", process, port, downloads);
    }

    public static async Task<RemoteSide> Theirs(Stage stage, string downloads)
    {
        var port = FreePort.Next();
        var settings = stage.Folder.Make("theirs");
        await File.WriteAllTextAsync(
            Path.Combine(settings, "settings.json"),
            JsonSerializer.Serialize(new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["dht-enabled"] = false,
                ["lpd-enabled"] = false,
                ["utp-enabled"] = true,
                ["port-forwarding-enabled"] = false,
                ["download-dir"] = downloads,
                ["incomplete-dir"] = downloads,
                ["message-level"] = 1,
                ["peer-port"] = FreePort.Next(),
                ["preallocation"] = 0,
                ["rename-partial-files"] = false,
                ["rpc-bind-address"] = "127.0.0.1",
                ["rpc-port"] = port,
                ["rpc-whitelist"] = "127.0.0.1",
            }),
            stage.Deadline);
        var process = stage.Start("transmission-daemon", Programs.TransmissionDaemon, ["--foreground", "--config-dir", settings]);
        var side = new RemoteSide(stage, "transmission", process, port, downloads);
        await Poll.Until(
            "transmission-daemon answers", async () => (await side.Run("-si")).Exit == 0, stage.Deadline);
        return side;
    }

    /// <summary>Runs <c>transmission-remote</c> against it; <c>{dir}</c> in an argument stands for its folder.</summary>
    public Task<(int Exit, string Output)> Run(params IReadOnlyList<string> arguments) => Run(withDebug: false, arguments);

    /// <summary>What the service answers to the request that a listing verb makes: the answer's <c>arguments</c>.</summary>
    public async Task<JsonObject> Ask(params IReadOnlyList<string> arguments)
    {
        var (_, text) = await Run(withDebug: true, arguments);
        // It prints the answer itself after a line of its own.
        var at = text.LastIndexOf(Response, StringComparison.Ordinal);
        if (at < 0)
            throw new InvalidOperationException($"{Name} gave no answer:\n{text}");
        var json = text[text.IndexOf('{', at)..];
        var bytes = System.Text.Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, default);
        using var document = JsonDocument.ParseValue(ref reader);
        return JsonNode.Parse(document.RootElement.GetProperty("arguments").GetRawText())!.AsObject();
    }

    private async Task<(int Exit, string Output)> Run(bool withDebug, IReadOnlyList<string> arguments)
    {
        var all = new List<string> { string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}") };
        if (withDebug)
            all.Add("-b");
        all.AddRange(arguments.Select(argument => argument.Replace("{dir}", Downloads, StringComparison.Ordinal)));
        await using var process = Inside(all);
        var exit = await process.Exit(_stage.Deadline);
        return (exit, process.Everything());
    }

    private ChildProcess Inside(IReadOnlyList<string> arguments)
    {
        var command = _stage.Network is { } network ? network.Inside(Programs.TransmissionRemote, arguments) : [Programs.TransmissionRemote, .. arguments];
        return ChildProcess.Start("transmission-remote", command[0], command.Skip(1), _stage.Folder.Path);
    }
}
