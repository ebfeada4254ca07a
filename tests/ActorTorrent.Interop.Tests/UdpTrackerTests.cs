using ActorTorrent.Interop.Tests.Fixtures;
using Xunit.Abstractions;

namespace ActorTorrent.Interop.Tests;

/// <summary>Torrents whose only tracker speaks UDP (BEP 15): opentracker's, and ours. Magnet links with one are in <see cref="MagnetTests"/>.</summary>
public sealed class UdpTrackerTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    [Fact]
    public Task Through_opentracker_over_udp_it_comes_from_our_own_seed_and_show_tells_the_numbers() =>
        Stage.Play(output, Deadline, async stage =>
        {
            using var content = new TestContent(8 << 20);
            var tracker = await OpenTracker.Start(stage, content.Torrent.InfoHash);
            var torrent = content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"), tracker.UdpAnnounce);
            ActorTorrentProcess.Start(stage, "seed", torrent, "--data", content.Parent, "--port", "0", "--json");
            await tracker.Knows(content.Torrent, seeds: 1);

            var shown = ActorTorrentProcess.Start(stage, "show", torrent, "--scrape");
            await shown.Succeeds();
            Assert.Contains($"scrape:     {tracker.UdpAnnounce}: 1 seeder, 0 leechers, ", shown.Process.Everything(), StringComparison.Ordinal);

            var folder = stage.Folder.Make("fetched");
            var ours = ActorTorrentProcess.Start(stage, "download", torrent, "--output", folder, "--port", "0", "--json");
            await ours.Succeeds();
            content.AssertEqualTo(folder);
        });

    [Theory]
    [InlineData(RealClient.Transmission)]
    [InlineData(RealClient.Aria2)]
    [InlineData(RealClient.Libtorrent)]
    public Task Through_our_tracker_over_udp_our_seed_serves(RealClient fetcher) =>
        Stage.Play(output, Deadline, async stage =>
        {
            using var content = new TestContent(8 << 20);
            var tracker = ActorTorrentProcess.Start(stage, "tracker", "--port", "0");
            const string Words = "announce to ";
            var announce = (await tracker.Process.Line("its address", static line => line.StartsWith(Words + "udp", StringComparison.Ordinal), stage.Deadline))[Words.Length..];
            var torrent = content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"), announce);

            // The one who comes second learns of the first, and dials: transmission does not dial loopback.
            var folder = stage.Folder.Make("fetched");
            RealPeer peer = fetcher == RealClient.Aria2
                ? Aria2.Fetch(stage, torrent, folder, Aria2.WithUdpTrackers(stage))
                : await RealPeer.Fetch(stage, fetcher, torrent, folder);
            await Poll.Until("our tracker knows the fetcher", () => Knows(stage, torrent, "1 leecher"), stage.Deadline);
            ActorTorrentProcess.Start(stage, "seed", torrent, "--data", content.Parent, "--port", "0", "--json");

            await peer.Completed();
            content.AssertEqualTo(folder, emptyFilesMayBeMissing: fetcher == RealClient.Transmission);
        });

    private static async Task<bool> Knows(Stage stage, string torrent, string text)
    {
        var shown = ActorTorrentProcess.Start(stage, "show", torrent, "--scrape");
        await shown.Succeeds();
        return shown.Process.Everything().Contains(text, StringComparison.Ordinal);
    }
}
