using System.Globalization;
using System.Text.Json.Nodes;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>
/// transmission-daemon with its own settings, steered through its RPC. Version 3.00 never dials 127.0.0.0/8 (it takes the
/// range for martian), so on loopback the other side must dial it; and it first asks a peer for blocks about ten seconds
/// after it started.
/// </summary>
public sealed class TransmissionDaemon : RealPeer, IDisposable
{
    private const int Stopped = TransmissionRpc.Stopped;
    private const int Seeding = TransmissionRpc.Seeding;

    private readonly TransmissionRpc _rpc;

    private TransmissionDaemon(Stage stage, ChildProcess process, int port, int rpcPort)
        : base(stage, process, port) =>
        _rpc = new TransmissionRpc(rpcPort);

    public static async Task<TransmissionDaemon> Seed(Stage stage, string torrent, string folder, int? kibibytesPerSecond = null)
    {
        var daemon = await Start(stage, folder, kibibytesPerSecond);
        await daemon.Add(torrent);
        await Poll.Until(
            "transmission has checked its files and seeds",
            async () =>
            {
                var state = await daemon.State("status", "percentDone", "errorString");
                return (int?)state["status"] == Seeding && (double?)state["percentDone"] >= 1;
            },
            stage.Deadline);
        return daemon;
    }

    /// <summary>Fetches a torrent file's or a magnet link's content.</summary>
    public static async Task<TransmissionDaemon> Fetch(Stage stage, string torrent, string folder, bool pex = false)
    {
        var daemon = await Start(stage, folder, kibibytesPerSecond: null, pex);
        await daemon.Add(torrent);
        await Poll.Until(
            "transmission has started the torrent",
            async () => (int?)(await daemon.State("status"))["status"] is not (null or Stopped),
            stage.Deadline);
        return daemon;
    }

    /// <summary>Starts it with no torrents.</summary>
    public static Task<TransmissionDaemon> Idle(Stage stage, string folder) => Start(stage, folder, kibibytesPerSecond: null);

    public override Task Completed()
    {
        var last = "";
        return Poll.Until(
            "transmission has fetched everything",
            async () =>
            {
                var state = await State("status", "metadataPercentComplete", "error", "errorString", "peersConnected", "leftUntilDone");
                if ((int?)state["error"] is 3)
                    throw new InvalidOperationException($"transmission: {state["errorString"]}");
                var complete = (long?)state["leftUntilDone"] == 0 && (int?)state["status"] == Seeding;
                state.AsObject().Remove("leftUntilDone");
                if (state.ToJsonString() is var now && !string.Equals(now, last, StringComparison.Ordinal))
                    Stage.Note($"transmission: {last = now}");
                return complete;
            },
            Stage.Deadline);
    }

    public override async Task<long> Uploaded() => (long?)(await State("uploadedEver"))["uploadedEver"] ?? 0;

    public void Dispose() => _rpc.Dispose();

    private static async Task<TransmissionDaemon> Start(Stage stage, string folder, int? kibibytesPerSecond, bool pex = false)
    {
        var port = FreePort.Next();
        var rpcPort = FreePort.Next();
        var settings = stage.Folder.Make(string.Create(CultureInfo.InvariantCulture, $"transmission-{port}"));
        await File.WriteAllTextAsync(
            Path.Combine(settings, "settings.json"),
            TransmissionRpc.Settings(
                folder, port, rpcPort, messageLevel: 2,
                ("pex-enabled", pex), ("speed-limit-up", kibibytesPerSecond ?? 0), ("speed-limit-up-enabled", kibibytesPerSecond is not null)),
            stage.Deadline);

        var process = stage.Start("transmission-daemon", Programs.TransmissionDaemon, ["--foreground", "--config-dir", settings]);
        var daemon = stage.Keep(new TransmissionDaemon(stage, process, port, rpcPort));
        await Poll.Until("transmission answers its RPC", daemon.Answers, stage.Deadline);
        return daemon;
    }

    private async Task<bool> Answers()
    {
        if (Process.HasExited)
            throw new InvalidOperationException($"transmission-daemon ended with {Process.ExitCode}");
        return await _rpc.Answers(Stage.Deadline);
    }

    private Task<JsonNode> Add(string torrent) =>
        Call("torrent-add", torrent.StartsWith("magnet:", StringComparison.Ordinal)
            ? new JsonObject { ["filename"] = torrent }
            : new JsonObject { ["metainfo"] = Convert.ToBase64String(File.ReadAllBytes(torrent)) });

    private Task<JsonNode> State(params string[] fields) => _rpc.State(Stage.Deadline, fields);

    /// <summary>Calls a method of its RPC.</summary>
    public Task<JsonNode> Call(string method, JsonObject arguments) => _rpc.Call(method, arguments, Stage.Deadline);
}
