using ActorTorrent.Lab.Reports;
using ActorTorrent.Lab.Running;
using ActorTorrent.Lab.Scenarios;
using ActorTorrent.Lab.Tests.Data;
using ActorTorrent.Lab.Tests.Demo;
using Xunit.Abstractions;

namespace ActorTorrent.Lab.Tests.Running;

/// <summary>Small runs with every helper in this process.</summary>
[Collection(DeadlineCollection.Name)]
public sealed class LabRunnerTests(ITestOutputHelper output)
{
    private const string Small = """
        { "name": "small", "seed": 4, "duration": "40s", "torrent": { "size": "6MiB", "pieceLength": "64KiB" },
          "swarm": [
            { "name": "seeds", "count": 6, "behaviour": "healthy", "rate": "256KiB/s", "link": { "latency": "20ms" } },
            { "name": "poisoners", "count": 2, "behaviour": "corrupts", "every": 5, "rate": "128KiB/s" },
            { "name": "liars", "count": 2, "behaviour": "lies" },
            { "name": "drippers", "count": 5, "behaviour": "drips", "perSecond": 1, "dials": true, "reconnectAfter": "500ms" },
            { "name": "idle", "count": 5, "behaviour": "idle", "dials": true, "reconnectAfter": "300ms" } ],
          "faults": [ { "kind": "kill", "at": "1s", "of": "seeds", "share": 0.5, "for": "1s" }, { "kind": "tracker-down", "at": "500ms", "for": "2s" } ],
          "variants": [ { "name": "back-off", "settings": ["actortorrent.faults.retry-delay = 500ms"] }, { "name": "all for one", "settings": ["actortorrent.faults.policy = all-for-one"] } ] }
        """;

    [Fact]
    public async Task A_swarm_with_faults_is_downloaded_from_under_each_variant_and_reported()
    {
        using var folder = new TemporaryFolder();
        var view = new RecordingLabView();
        var report = await RunAsync(Small, view, folder.Path);
        Assert.Equal(["back-off", "all for one"], report.Runs.Select(run => run.Variant));
        Assert.All(report.Runs, run =>
        {
            output.WriteLine($"{run.Variant}: {run.CompletedAfter}, stuck: {run.Stuck}; {string.Join(", ", run.Faults)}; {string.Join(", ", run.Groups)}");
            Assert.True(run.IsVerified);
            Assert.Equal(2, run.Marks.Count);
            Assert.True(run.Restarts >= (run.Variant == "back-off" ? 3 : 1), $"{run.Restarts} restarts");
            Assert.Contains(run.Groups, group => group is { Group: "poisoners", CorruptBlocks: > 0 });
            Assert.Contains(run.Groups, group => group is { Group: "idle", Handshakes: > 0 });
        });
        Assert.Contains("3 of 6 seeds killed (rst)", view.Notes);
        Assert.True(view.Samples > 4);
        Assert.Single(Directory.GetFiles(folder.Path, "schedule-*"));
        await ReportFiles.WriteAsync(report, folder.Path);
        Assert.Equal(report.Runs.Count, ReportFiles.Read(folder.Path).Runs.Count);
        Assert.Equal(1 + report.Runs.Count, File.ReadAllLines(Path.Combine(folder.Path, ReportFiles.Runs)).Length);
    }

    [Fact]
    public async Task Who_is_stopped_still_gets_a_report()
    {
        using var stop = new CancellationTokenSource();
        var view = new RecordingLabView
        {
            OnSample = sample =>
            {
                if (sample.Downloaded > 0)
                    stop.Cancel();
            },
        };
        var report = await RunAsync(Small, view, folder: null, stop.Token);
        Assert.True(report.IsInterrupted);
        Assert.True(Assert.Single(report.Runs).IsInterrupted);
        Assert.Contains("stopped before its end", HtmlReport.Write(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probes_find_what_the_scripts_say()
    {
        var report = await RunAsync(
            """
            { "name": "probe", "seed": 3, "duration": "30s", "torrent": { "size": "1MiB", "pieceLength": "64KiB" },
              "engine": { "role": "probe", "settings": ["actortorrent.peer.connect-timeout = 1s", "actortorrent.peer.handshake-timeout = 2s"] },
              "swarm": [ { "name": "fifty", "behaviour": "first-writeup" } ] }
            """,
            new RecordingLabView(),
            folder: null);
        var run = Assert.Single(report.Runs);
        Assert.Equal(0, run.WrongOutcomes);
        Assert.Equal([13, 12, 11, 7, 6, 1], run.Outcomes.Select(outcome => outcome.Count));
        Assert.InRange(run.CompletedAfter!.Value, 1.9, 4);
    }

    [Fact]
    public async Task A_crowd_of_free_riders_is_served_by_a_seed_with_a_slow_disk()
    {
        var report = await RunAsync(
            """
            { "name": "crowd", "seed": 3, "duration": "4s", "endsWhenComplete": false, "torrent": { "size": "2MiB", "pieceLength": "64KiB" },
              "engine": { "role": "seed" },
              "swarm": [ { "name": "crowd", "count": 20, "behaviour": "free-rider", "dials": true, "arrival": { "kind": "flash-crowd", "mean": "500ms" }, "link": { "rate": "256KiB/s" } } ],
              "faults": [ { "kind": "slow-disk", "at": "2s", "delay": "20ms" } ] }
            """,
            new RecordingLabView(),
            folder: null);
        var run = Assert.Single(report.Runs);
        Assert.True(run.Groups.Single().Received > 100_000, $"{run.Groups.Single().Received} bytes received");
        Assert.True(run.Goodput > 0);
    }

    [Fact]
    public async Task A_partition_is_waited_out_and_ends_no_connection()
    {
        var report = await RunAsync(
            """
            { "name": "cut", "seed": 3, "duration": "40s", "torrent": { "size": "3MiB", "pieceLength": "64KiB" },
              "engine": { "settings": ["actortorrent.peer.snub-timeout = 30s"] },
              "swarm": [ { "name": "seeds", "count": 4, "behaviour": "healthy", "rate": "384KiB/s", "link": { "latency": "20ms" } } ],
              "faults": [ { "kind": "partition", "at": "500ms", "for": "1s" } ] }
            """,
            new RecordingLabView(),
            folder: null);
        var run = Assert.Single(report.Runs);
        Assert.True(run.IsVerified);
        Assert.Equal("4 of 4 seeds cut off", Assert.Single(run.Marks).Name.Replace("peers", "seeds", StringComparison.Ordinal));
        // 3 MiB take 2 s, a tenth of a second may be caught up, and for one nothing came.
        Assert.True(run.CompletedAfter > 2.5, $"complete after {run.CompletedAfter}");
        Assert.DoesNotContain(run.Faults, fault => fault.Cause is "reset" or "closed" or "snubbed");
    }

    [Fact]
    public async Task Whole_engines_as_peers_seed_fetch_leave_and_come_back()
    {
        var report = await RunAsync(
            """
            { "name": "engines", "seed": 3, "duration": "60s", "torrent": { "size": "4MiB", "pieceLength": "64KiB" },
              "swarm": [
                { "name": "seed", "behaviour": "engine", "role": "seed", "rate": "1MiB/s" },
                { "name": "leechers", "count": 2, "behaviour": "engine", "rate": "512KiB/s", "settings": ["actortorrent.torrent.upload-slots = 2"] } ],
              "faults": [ { "kind": "kill", "at": "500ms", "of": "leechers", "share": 0.5, "for": "500ms" } ] }
            """,
            new RecordingLabView(),
            folder: null);
        var run = Assert.Single(report.Runs);
        output.WriteLine($"{run.CompletedAfter}; {string.Join(", ", run.Faults)}; {string.Join(", ", run.Groups)}");
        Assert.True(run.IsVerified);
        Assert.Equal("1 of 2 leechers killed (rst)", Assert.Single(run.Marks).Name);
        Assert.Contains(run.Groups, group => group is { Group: "seed", Peers: 1, Sent: > 1 << 20, Received: 0 });
        Assert.Contains(run.Groups, group => group is { Group: "leechers", Peers: 2, Received: > 0 });
    }

    [Fact]
    public async Task What_a_scenario_lays_over_the_settings_is_checked_before_anything_starts()
    {
        var exception = await Assert.ThrowsAsync<LabException>(() => RunAsync(
            """
            { "name": "x", "swarm": [{ "name": "a" }],
              "variants": [{ "name": "good" }, { "name": "bad", "settings": ["actortorrent.peer.max-pipeline = 0", "actortorrent.peer.pipe = 3"] }] }
            """,
            new RecordingLabView(),
            folder: null));
        output.WriteLine(exception.Message);
        Assert.StartsWith("x, variant bad: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("actortorrent.peer.pipe", exception.Message, StringComparison.Ordinal);
        Assert.Contains("max-pipeline", exception.Message, StringComparison.Ordinal);
        Assert.Contains("the scenario's settings", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_peers_than_open_files_allow_are_refused_with_the_mend_named()
    {
        if (ActorTorrent.Engine.Probing.OpenFileLimit.Read() is null or > 300_000)
            return;
        var scenario = StressMix.Scenario(100_000, "idle=1", TimeSpan.FromSeconds(1), 1, hasSeeds: false);
        var exception = await Assert.ThrowsAsync<LabException>(() => new LabRunner(new LabOptions(), new RecordingLabView()).RunAsync([scenario]));
        Assert.Contains("ulimit -n", exception.Message, StringComparison.Ordinal);
    }

    private static Task<LabReport> RunAsync(string scenario, RecordingLabView view, string? folder, CancellationToken stop = default) =>
        new LabRunner(new LabOptions { OutFolder = folder }, view).RunAsync([ScenarioReader.Parse("test.json", scenario)], stop);
}
