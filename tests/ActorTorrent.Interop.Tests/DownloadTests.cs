using System.Diagnostics;
using System.Globalization;
using ActorTorrent.Interop.Tests.Fixtures;
using Xunit.Abstractions;

namespace ActorTorrent.Interop.Tests;

/// <summary>The main job: a torrent that a real client seeds comes down whole, whatever happens on the way.</summary>
[Collection(RealClientsCollection.Name)]
public sealed class DownloadTests(LargeContent large, ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(150);

    private TestContent Content => large.Content;

    [Theory]
    [InlineData(RealClient.Transmission)]
    [InlineData(RealClient.Aria2)]
    [InlineData(RealClient.Libtorrent)]
    public Task A_torrent_announced_through_opentracker_comes_from(RealClient seeder) =>
        Stage.Play(output, Deadline, async stage =>
        {
            var tracker = await OpenTracker.Start(stage, Content.Torrent.InfoHash);
            var torrent = Content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"), tracker.Announce);
            await RealPeer.Seed(stage, seeder, torrent, Content);
            await tracker.Knows(Content.Torrent, seeds: 1);

            var folder = stage.Folder.Make("fetched");
            var clock = Stopwatch.StartNew();
            var ours = ActorTorrentProcess.Start(stage, "download", torrent, "--output", folder, "--port", "0", "--json");
            await ours.Succeeds();
            Report(stage, $"from {seeder}", Content.Length, clock.Elapsed);

            Content.AssertEqualTo(folder);
            var last = ours.Lines()[^1];
            Assert.Equal("complete", (string?)last["event"]);
            Assert.Equal(Content.Length, (long?)last["bytes"]);
            Assert.Equal(0, (long?)last["wastedBytes"]);
            Assert.True((double?)last["seconds"] > 0);
            Assert.NotNull(last["faults"]);
            Assert.InRange(await ours.Port(), 1, 65_535);
        });

    [Fact]
    public Task Without_json_it_prints_plain_lines_and_the_port_it_took() =>
        Stage.Play(output, Deadline, async stage =>
        {
            using var content = new TestContent(8 << 20);
            var torrent = content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"));
            var seeder = await RealPeer.Seed(stage, RealClient.Libtorrent, torrent, content);

            // The folder is not there yet.
            var folder = Path.Combine(stage.Folder.Path, "not", "yet", "there");
            var ours = ActorTorrentProcess.Start(
                stage, "download", torrent, "--output", folder, "--port", "0", "--peer", seeder.EndPoint, "--sequential");
            await ours.Succeeds();

            content.AssertEqualTo(folder);
            var text = ours.Process.Everything();
            Assert.Matches("(?i)port [1-9][0-9]+|:[1-9][0-9]{3,4}", text);
            Assert.DoesNotContain('\u001b', text);
        });

    [Fact]
    public Task A_seeder_killed_in_the_middle_does_not_stop_it() =>
        Stage.Play(output, Deadline, async stage =>
        {
            var tracker = await OpenTracker.Start(stage, Content.Torrent.InfoHash);
            var torrent = Content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"), tracker.Announce);
            var victim = await RealPeer.Seed(stage, RealClient.Libtorrent, torrent, Content, kibibytesPerSecond: 12 << 10);
            await RealPeer.Seed(stage, RealClient.Aria2, torrent, Content, kibibytesPerSecond: 24 << 10);
            await tracker.Knows(Content.Torrent, seeds: 2);

            var folder = stage.Folder.Make("fetched");
            var ours = ActorTorrentProcess.Start(stage, "download", torrent, "--output", folder, "--port", "0", "--json");
            await Poll.Until("the victim has served 24 MiB", async () => await victim.Uploaded() >= 24 << 20, stage.Deadline);
            Assert.False(ours.Process.HasExited);
            victim.Process.Kill();
            stage.Note("killed one of two");

            await ours.Succeeds();
            stage.Note("complete");
            Content.AssertEqualTo(folder);

            var faults = ours.Events("fault").Where(fault => string.Equals((string?)fault["address"], victim.EndPoint, StringComparison.Ordinal)).ToList();
            Assert.NotEmpty(faults);
            Assert.Contains((string?)faults[0]["phase"], (string[])["wire", "transfer"], StringComparer.Ordinal);
            foreach (var key in (string[])["cause", "action", "attempt", "delayMs", "blocksReturned"])
                Assert.All(faults, fault => Assert.True(fault.ContainsKey(key), $"no {key} in {fault}"));
            stage.Note($"the fault: {faults[0].ToJsonString()}");

            // What was asked of the dead and not yet come is asked of the other; little or nothing comes twice.
            Assert.InRange((long)ours.Lines()[^1]["wastedBytes"]!, 0, 1 << 20);
        });

    [Fact]
    public Task What_was_verified_before_a_stop_is_not_fetched_again() =>
        Stage.Play(output, Deadline, async stage =>
        {
            // What may have been on its way, or in pieces that were not whole yet, when the first run was stopped.
            const long Tolerance = 16 << 20;

            var torrent = Content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"));
            var seeder = await RealPeer.Seed(stage, RealClient.Libtorrent, torrent, Content, kibibytesPerSecond: 32 << 10);
            var folder = stage.Folder.Make("fetched");
            string[] command = ["download", torrent, "--output", folder, "--port", "0", "--peer", seeder.EndPoint, "--json"];

            var first = ActorTorrentProcess.Start(stage, command);
            await Poll.Until("96 MiB were served", async () => await seeder.Uploaded() >= 96 << 20, stage.Deadline);
            first.Process.Signal(ChildProcess.Terminate);
            var clock = Stopwatch.StartNew();
            Assert.Equal(130, await first.Exit());
            stage.Note(string.Create(CultureInfo.InvariantCulture, $"stopped within {clock.Elapsed.TotalSeconds:F2} s"));
            Assert.Empty(first.Events("complete"));
            var servedAtFirst = await Steady(seeder, stage);

            var second = ActorTorrentProcess.Start(stage, command);
            await second.Succeeds();
            Content.AssertEqualTo(folder);
            var servedInAll = await Steady(seeder, stage);
            stage.Note($"served {servedAtFirst} bytes to the first run, {servedInAll - servedAtFirst} to the second, of {Content.Length}");
            Assert.InRange(servedInAll, Content.Length, Content.Length + Tolerance);

            // A third run finds everything and fetches nothing.
            var third = ActorTorrentProcess.Start(stage, command);
            await third.Succeeds();
            Assert.Equal(servedInAll, await Steady(seeder, stage));
        });

    [Fact]
    public Task Ctrl_C_ends_it_as_SIGTERM_does() =>
        Stage.Play(output, Deadline, async stage =>
        {
            using var content = new TestContent(8 << 20);
            var tracker = await OpenTracker.Start(stage, content.Torrent.InfoHash);
            var torrent = content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"), tracker.Announce);
            await RealPeer.Seed(stage, RealClient.Libtorrent, torrent, content, kibibytesPerSecond: 512);
            await tracker.Knows(content.Torrent, seeds: 1);

            var ours = ActorTorrentProcess.Start(
                stage, "download", torrent, "--output", stage.Folder.Make("fetched"), "--port", "0", "--json");
            await tracker.Knows(content.Torrent, seeds: 1, leechers: 1);
            ours.Process.Signal(ChildProcess.Interrupt);
            Assert.Equal(130, await ours.Exit());

            // It has said goodbye to the tracker.
            await Poll.Until(
                "opentracker has forgotten us", async () => (await tracker.Scrape(content.Torrent)).Leechers == 0, stage.Deadline);
        });

    [Fact]
    public Task Only_the_selected_files_are_made() =>
        Stage.Play(output, Deadline, async stage =>
        {
            var torrent = Content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"));
            var seeder = await RealPeer.Seed(stage, RealClient.Libtorrent, torrent, Content);
            var chosen = Content.Torrent.Files()
                .Select(static (path, index) => (Path: path, Number: index + 1))
                .Where(static file => file.Path.StartsWith("notes/", StringComparison.Ordinal) || file.Path.Contains("track 02", StringComparison.Ordinal))
                .ToList();

            var folder = stage.Folder.Make("fetched");
            var ours = ActorTorrentProcess.Start(
                stage,
                "download",
                torrent,
                "--output",
                folder,
                "--port",
                "0",
                "--peer",
                seeder.EndPoint,
                "--select",
                string.Join(',', chosen.Select(static file => file.Number.ToString(CultureInfo.InvariantCulture))),
                "--json");
            await ours.Succeeds();

            foreach (var (path, _) in chosen)
                Assert.Equal(Content.Sums[path], TestContent.SumOf(Path.Combine(folder, TestContent.RootName, path)));
            // It counts a little later than we do.
            await Poll.Until("the seeder has counted what it sent", async () => await seeder.Uploaded() > 0, stage.Deadline);
            Assert.InRange(await seeder.Uploaded(), 1, Content.Length / 3);
        });

    private static void Report(Stage stage, string what, long bytes, TimeSpan time) =>
        stage.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: {bytes / 1048576.0:F0} MiB in {time.TotalSeconds:F2} s, {bytes / 1e6 / time.TotalSeconds:F0} MB/s"));

    /// <summary>What was served, once that does not grow any more: the seeder has noticed that we are gone.</summary>
    private static async Task<long> Steady(RealPeer seeder, Stage stage)
    {
        var before = -1L;
        var since = Stopwatch.StartNew();
        await Poll.Until(
            "the seeder serves no more",
            async () =>
            {
                var now = await seeder.Uploaded();
                if (now != before)
                {
                    before = now;
                    since.Restart();
                }

                return since.Elapsed > TimeSpan.FromSeconds(1);
            },
            stage.Deadline);
        return before;
    }
}
