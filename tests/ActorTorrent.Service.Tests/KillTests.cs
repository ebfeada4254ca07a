using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Service.Tests.Support;
using Xunit.Abstractions;

namespace ActorTorrent.Service.Tests;

public sealed class KillTests(ITestOutputHelper output)
{
    private const int Torrents = 50;
    private const int LargeLength = 24 << 20;

    private static bool IsFull => Environment.GetEnvironmentVariable("ACTORTORRENT_FULL") == "1";

    /// <summary>
    /// 50 torrents, one of them downloading all the time, and the service is killed again and again: everything that was answered is there
    /// afterwards, and the download has lost no more than the resume interval's work.
    /// </summary>
    [Fact]
    public Task Kills_lose_no_torrent_no_setting_and_no_progress_beyond_the_resume_interval() => Stage.Play(output, TimeSpan.FromMinutes(IsFull ? 6 : 2), async stage =>
    {
        var kills = IsFull ? 10 : 2;
        var swarm = await SmallSwarm.Start(stage, "large.bin", LargeLength, uploadLimit: IsFull ? "400kB/s" : "2MB/s");
        var data = stage.Folder.Make("data");
        var downloads = Path.Combine(data, "downloads");
        var service = await ServeProcess.Start(stage, data);
        var rpc = new Rpc(service.Http);
        await rpc.Call("session-set", new() { ["speed-limit-up"] = 4321, ["speed-limit-up-enabled"] = true, ["download-queue-enabled"] = false });
        await rpc.Call("torrent-add", new() { ["metainfo"] = Convert.ToBase64String(swarm.Torrent), ["labels"] = new JsonArray("large") });
        for (var n = 2; n <= Torrents; n++)
        {
            var content = new byte[200_000];
            new Random(n).NextBytes(content);
            var name = string.Create(CultureInfo.InvariantCulture, $"file-{n:000}.bin");
            // Half of them are there and seed, the others look for peers.
            var torrent = n % 2 == 0 ? SampleTorrent.Make(downloads, name, 200_000, n) : SampleTorrent.Of(name, content, "http://127.0.0.1:9/announce");
            await rpc.Call("torrent-add", new()
            {
                ["metainfo"] = Convert.ToBase64String(torrent),
                ["labels"] = new JsonArray(string.Create(CultureInfo.InvariantCulture, $"label-{n}")),
                ["paused"] = n % 10 == 0,
            });
        }
        var (have, slowest) = (0L, TimeSpan.Zero);
        for (var kill = 1; kill <= kills; kill++)
        {
            // What was there a resume interval ago must be there after the kill.
            var before = have;
            await Poll.Until("the download goes on", async () => (have = (long)(await rpc.Field("haveValid"))!) > before || have == LargeLength, stage.Deadline);
            await Poll.Until("it is in resume data", () => Resumed(data, swarm, before), stage.Deadline);
            // A change of a moment ago.
            var last = string.Create(CultureInfo.InvariantCulture, $"kill-{kill}");
            await rpc.Call("torrent-set", new() { ["ids"] = new JsonArray(Torrents), ["labels"] = new JsonArray(last) });
            service.Process.Kill();
            await service.Process.Exit(stage.Deadline);
            var clock = Stopwatch.StartNew();
            service = await ServeProcess.Start(stage, data);
            slowest = clock.Elapsed > slowest ? clock.Elapsed : slowest;
            rpc = new Rpc(service.Http);
            var all = (await rpc.Call("torrent-get", new() { ["fields"] = new JsonArray("id", "labels", "status", "queuePosition", "haveValid") }))["torrents"]!.AsArray();
            Assert.Equal(Torrents, all.Count);
            Assert.All(all.Index(), item => Assert.Equal(item.Index, (int)item.Item!["queuePosition"]!));
            Assert.All(all.Skip(1).SkipLast(1), static item => Assert.Equal($"[\"label-{item!["id"]}\"]", item["labels"]!.ToJsonString()));
            Assert.Equal($"[\"{last}\"]", all[^1]!["labels"]!.ToJsonString());
            Assert.All(all.Where(static item => (int)item!["id"]! % 10 == 0), static item => Assert.Contains((int)item!["status"]!, (int[])[0, 1, 2]));
            await Poll.Until(
                "what was downloaded before the last resume data is there",
                async () => (int)(await rpc.Field("status"))! > 2 && (long)(await rpc.Field("haveValid"))! >= before,
                stage.Deadline);
            Assert.Equal(4321, (int?)(await rpc.Call("session-get"))["speed-limit-up"]);
            stage.Note(string.Create(CultureInfo.InvariantCulture, $"kill {kill}: {all.Count} torrents, start {clock.Elapsed.TotalSeconds:0.00} s, download at {have} bytes"));
        }
        Assert.True(slowest < TimeSpan.FromSeconds(3), string.Create(CultureInfo.InvariantCulture, $"the slowest start took {slowest.TotalSeconds:0.00} s"));
        Assert.Equal(kills + 1, (int?)(await rpc.Call("session-stats"))["cumulative-stats"]!["sessionCount"]);
        if (IsFull)
            return;
        await Poll.Until("the download is complete", async () => (long)(await rpc.Field("leftUntilDone"))! == 0, stage.Deadline);
        await Poll.Until("the file is whole", () => File.ReadAllBytes(Path.Combine(downloads, "large.bin")).AsSpan().SequenceEqual(swarm.Content), stage.Deadline);
    });

    private static bool Resumed(string data, SmallSwarm swarm, long bytes)
    {
        try
        {
            var saved = new Engine.Resume.ResumeStore(Path.Combine(data, "resume")).Load(SampleTorrent.HashOf(swarm.Torrent));
            return saved is not null && (long)saved.Have.SetCount * SampleTorrent.PieceLength >= bytes;
        }
        catch (Engine.Resume.ResumeFormatException)
        {
            return false;
        }
    }
}
