using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Service.Tests.Support;
using Xunit.Abstractions;

namespace ActorTorrent.Service.Tests;

public sealed class ManyTorrentsTests(ITestOutputHelper output)
{
    private static bool IsFull => Environment.GetEnvironmentVariable("ACTORTORRENT_FULL") == "1";

    /// <summary>A thousand torrents (a hundred in the short form): how long a start and a list take, what they cost while nothing happens.</summary>
    [Fact]
    public Task A_thousand_torrents_start_soon_list_quickly_and_rest_quietly() => Stage.Play(output, TimeSpan.FromMinutes(5), async stage =>
    {
        var count = IsFull ? 1_000 : 100;
        var data = stage.Folder.Make("data");
        var service = await ServeProcess.Start(stage, data);
        var rpc = new Rpc(service.Http);
        for (var n = 0; n < count; n++)
        {
            var torrent = SampleTorrent.Make(service.Downloads, string.Create(CultureInfo.InvariantCulture, $"file-{n}.bin"), 40_000, n);
            await rpc.Call("torrent-add", new() { ["metainfo"] = Convert.ToBase64String(torrent) });
        }
        await Poll.Until("all seed", async () => await Seeding(rpc) == count, stage.Deadline);
        service.Process.Signal(ChildProcess.Terminate);
        Assert.Equal(0, await service.Process.Exit(stage.Deadline));

        var clock = Stopwatch.StartNew();
        service = await ServeProcess.Start(stage, data);
        var start = clock.Elapsed;
        rpc = new Rpc(service.Http);
        await Poll.Until("all seed again", async () => await Seeding(rpc) == count, stage.Deadline);
        var list = await Fastest(() => List(rpc));
        using var process = Process.GetProcessById(service.Process.Id);
        var span = IsFull ? TimeSpan.FromSeconds(20) : TimeSpan.FromSeconds(3);
        var (cpu, wall) = (process.TotalProcessorTime, Stopwatch.StartNew());
        // The rate of rest is what is measured: nothing is waited for.
        await Task.Delay(span, stage.Deadline);
        process.Refresh();
        var load = (process.TotalProcessorTime - cpu) / wall.Elapsed;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} torrents: start to ready {start.TotalSeconds:0.00} s, list {list.TotalMilliseconds:0.0} ms, idle {load:P1} of a core, resident {process.WorkingSet64 >> 20} MiB"));
        if (!IsFull)
        {
            Assert.True(start < TimeSpan.FromSeconds(5) && list < TimeSpan.FromMilliseconds(50));
            return;
        }
        stage.Note(await Transmission(stage, service.Downloads, count));
        Assert.True(start < TimeSpan.FromSeconds(5), "start");
        Assert.True(list < TimeSpan.FromMilliseconds(50), "list");
        Assert.True(load < 0.02, "idle");
    });

    private static async Task<int> Seeding(Rpc rpc) =>
        (await rpc.Call("torrent-get", new() { ["fields"] = new JsonArray("status") }))["torrents"]!.AsArray().Count(static torrent => (int)torrent!["status"]! == 6);

    private static Task List(Rpc rpc) => rpc.Call("torrent-get", new()
    {
        ["fields"] = new JsonArray("error", "errorString", "eta", "id", "isFinished", "leftUntilDone", "name", "peersGettingFromUs", "peersSendingToUs", "rateDownload", "rateUpload", "sizeWhenDone", "status", "uploadRatio"),
    });

    private static async Task<TimeSpan> Fastest(Func<Task> call)
    {
        var fastest = TimeSpan.MaxValue;
        for (var n = 0; n < 10; n++)
        {
            var clock = Stopwatch.StartNew();
            await call();
            fastest = clock.Elapsed < fastest ? clock.Elapsed : fastest;
        }
        return fastest;
    }

    private static async Task<string> Transmission(Stage stage, string downloads, int count)
    {
        var daemon = await TransmissionDaemon.Idle(stage, downloads);
        for (var n = 0; n < count; n++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"file-{n}.bin");
            var torrent = SampleTorrent.Of(name, await File.ReadAllBytesAsync(Path.Combine(downloads, name), stage.Deadline));
            await daemon.Call("torrent-add", new() { ["metainfo"] = Convert.ToBase64String(torrent) });
        }
        await Poll.Until(
            "transmission seeds all",
            async () => (await daemon.Call("torrent-get", new() { ["fields"] = new JsonArray("status") }))["torrents"]!.AsArray().Count(static torrent => (int)torrent!["status"]! == 6) == count,
            stage.Deadline);
        using var process = Process.GetProcessById(daemon.Process.Id);
        return string.Create(CultureInfo.InvariantCulture, $"transmission-daemon with the same: resident {process.WorkingSet64 >> 20} MiB");
    }
}
