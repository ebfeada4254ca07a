using System.Globalization;
using System.Text.Json.Nodes;
using ActorTorrent.Interop.Tests.Fixtures;
using Xunit.Abstractions;

namespace ActorTorrent.Interop.Tests;

/// <summary>
/// The Lab by its verbs, with its helper processes: crowds against libtorrent and, with ACTORTORRENT_FULL=1, ten thousand peers against our engine.
/// </summary>
public sealed class LabTests(ITestOutputHelper output)
{
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("ACTORTORRENT_FULL") == "1";

    [Fact]
    public Task A_crowd_connects_to_libtorrent_and_is_counted() => Stage.Play(output, TimeSpan.FromSeconds(60), async stage =>
    {
        const int crowd = 150;
        var content = stage.Keep(new TestContent(2_000_000));
        var torrent = content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"));
        var libtorrent = await Libtorrent.Seed(stage, torrent, content.Parent, connections: 1000);
        var report = await RunAsync(
            stage,
            "stress", "--peers", Text(crowd), "--faults", "idle=1", "--duration", "6s", "--target", libtorrent.EndPoint, "--torrent", torrent);
        Assert.InRange(Live(report).Max(), crowd * 2 / 3, crowd);
    });

    [Fact]
    public Task Ten_thousand_peers_are_held_beside_a_download() => Full(TimeSpan.FromMinutes(3), async stage =>
    {
        var scenario = Path.Combine(stage.Folder.Path, "idle.json");
        await File.WriteAllTextAsync(scenario, """
            { "name": "idle", "seed": 18, "duration": "30s", "endsWhenComplete": false, "torrent": { "size": "128MiB", "pieceLength": "1MiB" },
              "engine": { "measureMailboxes": false, "settings": [
                "actortorrent.peer.max-connections = 10500", "actortorrent.torrent.max-peers = 10500", "actortorrent.listen.max-pending = 2000" ] },
              "swarm": [
                { "name": "seeds", "count": 4, "behaviour": "healthy", "rate": "400KiB/s" },
                { "name": "idle", "count": 10000, "behaviour": "idle", "dials": true, "reconnectAfter": "1s" } ] }
            """);
        var report = await RunAsync(stage, "lab", "run", scenario);
        var live = Live(report);
        var samples = report["samples"]!.AsArray();
        var resident = samples.Select(static sample => (long?)sample!["residentBytes"] ?? 0).ToArray();
        var perPeer = (resident.Max() - resident[0]) / 10_000;
        stage.Note($"{live.Max()} connections, {live[^1]} in the end, {perPeer} bytes a peer");
        Assert.InRange(live.Max(), 10_000, 10_004);
        Assert.InRange(live[^1], 10_000, 10_004);
        Assert.InRange(perPeer, 1_000, 32_000);
        // At the rate of the seeds it is 45 MiB.
        Assert.True((long)samples[^1]!["verified"]! > 20 << 20, $"{samples[^1]!["verified"]} bytes verified beside them");
    });

    [Fact]
    public Task Ten_thousand_probes_find_what_the_scripts_say_in_time() => Full(TimeSpan.FromMinutes(2), async stage =>
    {
        var report = await RunAsync(stage, "lab", "run", "ten-thousand-probed");
        Assert.Equal(0, (int?)report["wrongOutcomes"] ?? 0);
        var outcomes = Outcomes(report);
        Assert.Equal(10_000, outcomes.Values.Sum());
        Assert.Equal((4000, 2000, 1800, 1000, 500, 250, 250, 200), (
            outcomes["ok"], outcomes["refused"], outcomes["handshake_timeout"], outcomes["closed"], outcomes["reset"], outcomes["wrong_protocol"],
            outcomes["wrong_info_hash"], outcomes["connect_timeout"]));
        AssertInTime(report, 10 + 5);
    });

    [Fact]
    public Task The_first_write_up_is_13_23_6_7_1_in_time() => Full(TimeSpan.FromMinutes(1), async stage =>
    {
        var report = await RunAsync(stage, "lab", "run", "first-writeup-50");
        var outcomes = Outcomes(report);
        Assert.Equal((13, 23, 6, 7, 1), (
            outcomes["ok"], outcomes["connect_timeout"] + outcomes["handshake_timeout"], outcomes["refused"], outcomes["closed"], outcomes["reset"]));
        AssertInTime(report, 10 + 2);
    });

    private Task Full(TimeSpan deadline, Func<Stage, Task> scene) => IsFull ? Stage.Play(output, deadline, scene) : Task.CompletedTask;

    /// <summary>Runs a verb of the Lab that makes one run.</summary>
    /// <returns>That run, from its report.</returns>
    private static async Task<JsonObject> RunAsync(Stage stage, params string[] arguments)
    {
        var folder = Path.Combine(stage.Folder.Path, "report");
        await ActorTorrentProcess.Start(stage, [.. arguments, "--out", folder]).Succeeds();
        var report = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "report.json")))!;
        var run = Assert.Single(report["runs"]!.AsArray())!.AsObject();
        stage.Note($"{arguments[^1]}: {run["completedAfter"]} s, outcomes {run["outcomes"]}");
        return run;
    }

    private static long[] Live(JsonObject run) => [.. run["samples"]!.AsArray().Select(static sample => (long?)sample!["live"] ?? 0)];

    private static Dictionary<string, int> Outcomes(JsonObject run) =>
        run["outcomes"]!.AsArray().ToDictionary(static outcome => (string)outcome!["outcome"]!, static outcome => (int)outcome!["count"]!, StringComparer.Ordinal);

    private static void AssertInTime(JsonObject run, double seconds) =>
        Assert.True((double)run["completedAfter"]! <= seconds, $"it took {run["completedAfter"]} s");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
