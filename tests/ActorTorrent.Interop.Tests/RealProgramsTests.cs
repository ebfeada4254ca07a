using ActorTorrent.Interop.Tests.Fixtures;
using Xunit.Abstractions;

namespace ActorTorrent.Interop.Tests;

/// <summary>
/// The real programs among themselves, without ours. When one of these fails, the fault lies with the machine or the fixtures,
/// and the other tests of this project say nothing.
/// </summary>
public sealed class RealProgramsTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(RealClient.Transmission, RealClient.Libtorrent)]
    [InlineData(RealClient.Aria2, RealClient.Libtorrent)]
    [InlineData(RealClient.Libtorrent, RealClient.Aria2)]
    public Task One_fetches_from_the_other_through_opentracker(RealClient seeder, RealClient leecher) =>
        Stage.Play(output, Deadline, async stage =>
        {
            using var content = new TestContent(8 << 20);
            var tracker = await OpenTracker.Start(stage, content.Torrent.InfoHash);
            var torrent = content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"), tracker.Announce);

            await RealPeer.Seed(stage, seeder, torrent, content);
            await tracker.Knows(content.Torrent, seeds: 1);
            stage.Note($"{seeder} seeds");

            var folder = stage.Folder.Make("fetched");
            var fetching = await RealPeer.Fetch(stage, leecher, torrent, folder);
            await fetching.Completed();
            stage.Note($"{leecher} has it all");
            content.AssertEqualTo(folder);
        });

    [Fact]
    public Task Opentracker_refuses_what_is_not_on_its_list() =>
        Stage.Play(output, Deadline, async stage =>
        {
            using var content = new TestContent(4 << 20);
            var tracker = await OpenTracker.Start(stage);
            Assert.Equal((0, 0), await tracker.Scrape(content.Torrent));
            var torrent = content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"), tracker.Announce);
            var peer = await RealPeer.Seed(stage, RealClient.Libtorrent, torrent, content);
            await peer.Process.Line(
                "the tracker's refusal",
                static line => line.Contains("not authorized", StringComparison.Ordinal),
                stage.Deadline);
        });
}
