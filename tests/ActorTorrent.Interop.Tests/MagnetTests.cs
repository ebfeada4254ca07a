using System.Text.Json.Nodes;
using ActorTorrent.Interop.Tests.Fixtures;
using Xunit.Abstractions;

namespace ActorTorrent.Interop.Tests;

/// <summary>Magnet links with one way to find peers each: a peer's address, an HTTP tracker, a UDP tracker. Both sides of the metadata (BEP 9).</summary>
public sealed class MagnetTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    [Theory]
    [InlineData(RealClient.Transmission)]
    [InlineData(RealClient.Aria2)]
    [InlineData(RealClient.Libtorrent)]
    public Task With_a_peer_alone_it_comes_from(RealClient seeder) =>
        Play(async (stage, content, torrent, folder) =>
        {
            var peer = await RealPeer.Seed(stage, seeder, torrent, content);
            await Ours(stage, content, content.Torrent.Magnet(peer: peer.EndPoint), folder, source: "manual");
        });

    [Fact]
    public Task With_a_peer_given_beside_the_link_it_comes_from_our_own_seed() =>
        Play(async (stage, content, torrent, folder) =>
        {
            var seed = await OurSeed(stage, content, torrent);
            await Ours(stage, content, content.Torrent.Magnet(), folder, source: "manual", "--peer", $"127.0.0.1:{await seed.Port()}");
        });

    /// <summary>libtorrent dials the peer that the link names; the others know no such thing, so our seed dials them.</summary>
    [Theory]
    [InlineData(RealClient.Transmission)]
    [InlineData(RealClient.Aria2)]
    [InlineData(RealClient.Libtorrent)]
    public Task With_a_peer_alone_our_seed_gives_it_to(RealClient fetcher) =>
        Play(async (stage, content, torrent, folder) =>
        {
            RealPeer peer;
            if (fetcher == RealClient.Libtorrent)
            {
                var seed = await OurSeed(stage, content, torrent);
                peer = await RealPeer.Fetch(stage, fetcher, content.Torrent.Magnet(peer: $"127.0.0.1:{await seed.Port()}"), folder);
            }
            else
            {
                peer = await RealPeer.Fetch(stage, fetcher, content.Torrent.Magnet(), folder);
                await OurSeed(stage, content, torrent, "--peer", peer.EndPoint);
            }
            await peer.Completed();
        });

    [Theory]
    [InlineData(RealClient.Transmission, false)]
    [InlineData(RealClient.Aria2, false)]
    [InlineData(RealClient.Libtorrent, false)]
    [InlineData(RealClient.Transmission, true)]
    [InlineData(RealClient.Aria2, true)]
    [InlineData(RealClient.Libtorrent, true)]
    public Task With_a_tracker_alone_it_comes_from(RealClient seeder, bool isUdp) =>
        Play(async (stage, content, torrent, folder) =>
        {
            var tracker = await Tracker(stage, content, torrent, isUdp);
            _ = seeder == RealClient.Aria2
                ? await Aria2.Seed(stage, torrent, content.Parent, more: isUdp ? Aria2.WithUdpTrackers(stage) : [])
                : await RealPeer.Seed(stage, seeder, torrent, content);
            await tracker.Server.Knows(content.Torrent, seeds: 1);
            var ours = await Ours(stage, content, content.Torrent.Magnet(tracker.Announce), folder, source: "tracker");
            Assert.Equal(tracker.Announce, (string?)ours.Events("announced")[0]["tracker"]);
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task With_a_tracker_alone_it_comes_from_our_own_seed(bool isUdp) =>
        Play(async (stage, content, torrent, folder) =>
        {
            var tracker = await Tracker(stage, content, torrent, isUdp);
            await OurSeed(stage, content, torrent);
            await tracker.Server.Knows(content.Torrent, seeds: 1);
            await Ours(stage, content, content.Torrent.Magnet(tracker.Announce), folder, source: "tracker");
        });

    [Theory]
    [InlineData(RealClient.Transmission, false)]
    [InlineData(RealClient.Aria2, false)]
    [InlineData(RealClient.Libtorrent, false)]
    [InlineData(RealClient.Transmission, true)]
    [InlineData(RealClient.Aria2, true)]
    [InlineData(RealClient.Libtorrent, true)]
    public Task With_a_tracker_alone_our_seed_gives_it_to(RealClient fetcher, bool isUdp) =>
        Play(async (stage, content, torrent, folder) =>
        {
            var tracker = await Tracker(stage, content, torrent, isUdp);

            // The one who comes second learns of the first, and dials: transmission does not dial loopback.
            var isFirst = fetcher == RealClient.Transmission;
            if (!isFirst)
            {
                await OurSeed(stage, content, torrent);
                await tracker.Server.Knows(content.Torrent, seeds: 1);
            }
            var link = content.Torrent.Magnet(tracker.Announce);
            RealPeer peer = fetcher == RealClient.Aria2
                ? Aria2.Fetch(stage, link, folder, isUdp ? Aria2.WithUdpTrackers(stage) : [])
                : await RealPeer.Fetch(stage, fetcher, link, folder);
            if (isFirst)
            {
                await tracker.Server.Knows(content.Torrent, seeds: 0, leechers: 1);
                await OurSeed(stage, content, torrent);
            }
            await peer.Completed();
        });

    private static async Task<(OpenTracker Server, string Announce)> Tracker(Stage stage, TestContent content, string torrent, bool isUdp)
    {
        var tracker = await OpenTracker.Start(stage, content.Torrent.InfoHash);
        var announce = isUdp ? tracker.UdpAnnounce : tracker.Announce;
        content.Torrent.WriteTo(torrent, announce);
        return (tracker, announce);
    }

    private static async Task<ActorTorrentProcess> OurSeed(Stage stage, TestContent content, string torrent, params IEnumerable<string> more)
    {
        var seed = ActorTorrentProcess.Start(stage, ["seed", torrent, "--data", content.Parent, "--port", "0", "--json", .. more]);
        await seed.Event("seeding");
        return seed;
    }

    private static async Task<ActorTorrentProcess> Ours(Stage stage, TestContent content, string link, string folder, string source, params IEnumerable<string> more)
    {
        var ours = ActorTorrentProcess.Start(stage, ["download", link, "--output", folder, "--port", "0", "--json", .. more]);
        await ours.Succeeds();
        var metadata = Assert.Single(ours.Events("metadata"));
        stage.Note($"{metadata.ToJsonString()}, {source}, {content.Length} bytes");
        Assert.All(ours.Events("progress"), progress => Assert.All(
            (JsonObject)progress["peersBySource"]!, named => Assert.True((int?)named.Value == 0 || named.Key == source, $"{named.Key}: {named.Value}")));
        return ours;
    }

    private Task Play(Func<Stage, TestContent, string, string, Task> scene) =>
        Stage.Play(output, Deadline, async stage =>
        {
            using var content = new TestContent(4 << 20);
            var torrent = content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"));
            var folder = stage.Folder.Make("fetched");
            await scene(stage, content, torrent, folder);
            stage.Note("complete");
            content.AssertEqualTo(folder, emptyFilesMayBeMissing: true);
        });
}
