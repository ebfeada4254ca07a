using System.Diagnostics;
using System.Globalization;
using ActorTorrent.Interop.Tests.Fixtures;
using Xunit.Abstractions;

namespace ActorTorrent.Interop.Tests;

/// <summary>The other direction: real clients fetch from ours once it has everything.</summary>
[Collection(RealClientsCollection.Name)]
public sealed class SeedTests(LargeContent large, ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private TestContent Content => large.Content;

    /// <summary>One process, from the first byte to the last one served: these clients find us at the tracker and dial.</summary>
    [Theory]
    [InlineData(RealClient.Aria2)]
    [InlineData(RealClient.Libtorrent)]
    public Task After_it_completed_it_serves(RealClient leecher) =>
        Stage.Play(output, Deadline, async stage =>
        {
            var tracker = await OpenTracker.Start(stage, Content.Torrent.InfoHash);
            var torrent = Content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"), tracker.Announce);
            var origin = await RealPeer.Seed(stage, RealClient.Libtorrent, torrent, Content);
            await tracker.Knows(Content.Torrent, seeds: 1);

            var ours = ActorTorrentProcess.Start(
                stage, "download", torrent, "--output", stage.Folder.Make("ours"), "--port", "0", "--seed", "--json");
            await ours.Event("complete");
            stage.Note("ours is complete");

            // From here on, ours is the only one that has anything.
            origin.Process.Kill();
            await Poll.Until(
                "the tracker has heard that ours is complete",
                async () => (await tracker.Scrape(Content.Torrent)).Seeds >= 2,
                stage.Deadline);

            await Serve(stage, leecher, torrent, ours);
        });

    /// <summary>
    /// transmission does not dial this machine's own addresses: it announces itself, and ours, started on a folder that has it
    /// all, learns of it from the tracker and dials.
    /// </summary>
    [Fact]
    public Task Started_on_a_complete_folder_it_dials_a_leecher_that_the_tracker_names() =>
        Stage.Play(output, Deadline, async stage =>
        {
            var bare = Content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "bare.torrent"));
            var origin = await RealPeer.Seed(stage, RealClient.Libtorrent, bare, Content);
            var folder = stage.Folder.Make("ours");
            var first = ActorTorrentProcess.Start(
                stage, "download", bare, "--output", folder, "--port", "0", "--peer", origin.EndPoint, "--json");
            await first.Succeeds();
            origin.Process.Kill();
            stage.Note("ours is complete");

            var tracker = await OpenTracker.Start(stage, Content.Torrent.InfoHash);
            var torrent = Content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"), tracker.Announce);
            var fetched = stage.Folder.Make("fetched");
            var clock = Stopwatch.StartNew();
            var transmission = await RealPeer.Fetch(stage, RealClient.Transmission, torrent, fetched);
            await tracker.Knows(Content.Torrent, seeds: 0, leechers: 1);

            var ours = ActorTorrentProcess.Start(
                stage, "download", torrent, "--output", folder, "--port", "0", "--seed", "--json");
            await transmission.Completed();
            await Finish(stage, RealClient.Transmission, fetched, clock, ours);
        });

    private async Task Serve(Stage stage, RealClient leecher, string torrent, ActorTorrentProcess ours)
    {
        var folder = stage.Folder.Make("fetched");
        var clock = Stopwatch.StartNew();
        var fetching = await RealPeer.Fetch(stage, leecher, torrent, folder);
        await fetching.Completed();
        await Finish(stage, leecher, folder, clock, ours);
    }

    private async Task Finish(Stage stage, RealClient leecher, string folder, Stopwatch clock, ActorTorrentProcess ours)
    {
        stage.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"{leecher} fetched {Content.Length / 1048576.0:F0} MiB in {clock.Elapsed.TotalSeconds:F2} s"));
        Content.AssertEqualTo(folder, emptyFilesMayBeMissing: leecher == RealClient.Transmission);

        Assert.False(ours.Process.HasExited, "it seeds until it is told to stop");
        ours.Process.Signal(ChildProcess.Terminate);
        Assert.Contains(await ours.Exit(), (int[])[0, 130]);
    }
}
