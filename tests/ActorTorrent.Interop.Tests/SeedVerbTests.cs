using ActorTorrent.Interop.Tests.Fixtures;
using Xunit.Abstractions;

namespace ActorTorrent.Interop.Tests;

/// <summary>The verb <c>seed</c>: content and torrent of our own making, fetched by real clients.</summary>
public sealed class SeedVerbTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    [Theory]
    [InlineData(RealClient.Aria2)]
    [InlineData(RealClient.Libtorrent)]
    public Task What_we_made_and_seed_is_fetched_by(RealClient leecher) =>
        Stage.Play(output, Deadline, async stage =>
        {
            using var content = new TestContent(16 << 20);
            var tracker = await OpenTracker.Start(stage, content.Torrent.InfoHash);
            var torrent = Path.Combine(stage.Folder.Path, "content.torrent");
            await ActorTorrentProcess.Start(
                stage, "create", content.Folder, "-o", torrent, "--piece-length", "256K", "--tracker", tracker.Announce).Succeeds();

            var ours = ActorTorrentProcess.Start(stage, "seed", torrent, "--data", content.Parent, "--port", "0");
            var line = await ours.Process.Line("that it seeds", static line => line.StartsWith("seeding ", StringComparison.Ordinal), stage.Deadline);
            stage.Note(line);
            Assert.Contains(content.Torrent.InfoHash, line, StringComparison.Ordinal);
            await tracker.Knows(content.Torrent, seeds: 1);
            var folder = stage.Folder.Make("fetched");
            var fetching = await RealPeer.Fetch(stage, leecher, torrent, folder);
            await fetching.Completed();

            content.AssertEqualTo(folder);
            Assert.False(ours.Process.HasExited, "it seeds until it is told to stop");
            ours.Process.Signal(ChildProcess.Terminate);
            Assert.Equal(0, await ours.Exit());
        });
}
