using System.Text.Json;
using System.Text.Json.Nodes;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>Our own program, started as its users start it, with what it prints as JSON lines.</summary>
public sealed class ActorTorrentProcess
{
    private readonly Stage _stage;

    private ActorTorrentProcess(Stage stage, ChildProcess process)
    {
        _stage = stage;
        Process = process;
    }

    /// <summary>The command line's assembly, which the build puts beside the tests.</summary>
    public static string Assembly
    {
        get
        {
            var path = Path.Combine(AppContext.BaseDirectory, "actortorrent.dll");
            return File.Exists(path) && File.Exists(Path.ChangeExtension(path, ".runtimeconfig.json"))
                ? path
                : throw new InvalidOperationException($"The command line was not built to {path}");
        }
    }

    public ChildProcess Process { get; }

    public static ActorTorrentProcess Start(Stage stage, params IEnumerable<string> arguments) =>
        new(stage, stage.Start("actortorrent", Programs.Dotnet, [Assembly, .. Offline(arguments)], environment: State(stage, arguments)));

    /// <summary>Starts it so that it looks for peers in the network of the stage, which must be a private one.</summary>
    public static ActorTorrentProcess StartWithLsd(Stage stage, params IEnumerable<string> arguments) => stage.Network is null
        ? throw new InvalidOperationException("Nothing is said to the machine's own network.")
        : new(stage, stage.Start("actortorrent", Programs.Dotnet, [Assembly, .. arguments, "--no-dht"], environment: State(stage, arguments)));

    /// <summary>
    /// Starts it in a mount namespace of its own, in which <paramref name="readOnlyFolder"/> is a file system that cannot be
    /// written; the mount ends with the process.
    /// </summary>
    public static ActorTorrentProcess StartWithReadOnly(Stage stage, string readOnlyFolder, params IEnumerable<string> arguments)
    {
        string[] identity = Environment.IsPrivilegedProcess ? [] : ["--user", "--map-root-user"];
        return new ActorTorrentProcess(
            stage,
            stage.Start(
                "actortorrent",
                Programs.Unshare,
                [
                    .. identity,
                    "--mount",
                    "sh",
                    "-c",
                    "mount -t tmpfs -o ro,size=1m none \"$1\" && shift && exec \"$@\"",
                    "sh",
                    readOnlyFolder,
                    Programs.Dotnet,
                    Assembly,
                    .. Offline(arguments),
                ],
                environment: State(stage, arguments)));
    }

    /// <summary>Starts it without the right to read what its user may not: a privileged one leaves its privileges behind.</summary>
    public static ActorTorrentProcess StartUnprivileged(Stage stage, params IEnumerable<string> arguments) =>
        Environment.IsPrivilegedProcess
            ? new(stage, stage.Start("actortorrent", Programs.Unshare, ["--user", Programs.Dotnet, Assembly, .. Offline(arguments)]))
            : Start(stage, arguments);

    public async Task<int> Exit() => await Process.Exit(_stage.Deadline);

    /// <summary>Waits for the end, which must be a good one.</summary>
    public async Task Succeeds()
    {
        var exit = await Exit();
        Assert.True(exit == 0, $"actortorrent ended with {exit}:\n{Process.Everything()}");
    }

    /// <summary>The JSON lines so far; every line must be one.</summary>
    public IReadOnlyList<JsonObject> Lines() => [.. Process.Output().Select(Parse)];

    /// <summary>The events of one name so far.</summary>
    public IReadOnlyList<JsonObject> Events(string name) => [.. Lines().Where(line => string.Equals((string?)line["event"], name, StringComparison.Ordinal))];

    /// <summary>The first event of one name, waited for.</summary>
    public async Task<JsonObject> Event(string name) =>
        Parse(await Process.Line(
            $"the event {name}",
            line => string.Equals((string?)Parse(line)["event"], name, StringComparison.Ordinal),
            _stage.Deadline));

    /// <summary>The port it took, as it says itself when given <c>--port 0</c>.</summary>
    public async Task<int> Port() => (int)Parse(await Process.Line("its port", static line => Parse(line)["port"] is not null, _stage.Deadline))["port"]!;

    /// <summary>
    /// Asks no node of the public DHT (one that is to be asked must be named), and says nothing to the network that the tests run in.
    /// </summary>
    private static string[] Offline(IEnumerable<string> arguments) =>
        arguments.ToArray() is ["download" or "seed", ..] all
            ? all.Contains("--dht-node", StringComparer.Ordinal) ? [all[0], "--no-lsd", .. all[1..]] : [all[0], "--no-lsd", "--no-dht", .. all[1..]]
            : [.. arguments];

    /// <summary>
    /// Resume data goes to the stage's folder, not to the user's. Each folder of data has its own: a torrent's resume data is for one program at
    /// a time.
    /// </summary>
    private static Dictionary<string, string> State(Stage stage, IEnumerable<string> arguments)
    {
        var all = arguments.ToList();
        var data = all.FindIndex(static argument => argument is "--output" or "-o" or "--data");
        var name = data < 0 || data + 1 == all.Count ? "state" : $"state of {Path.GetFileName(Path.TrimEndingDirectorySeparator(all[data + 1]))}";
        return new(StringComparer.Ordinal) { ["ACTORTORRENT_STATE"] = Path.Combine(stage.Folder.Path, name) };
    }

    private static JsonObject Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line)?.AsObject() ?? throw new InvalidOperationException($"no JSON object: {line}");
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException($"With --json this was printed, which is no JSON: {line}", e);
        }
    }
}
