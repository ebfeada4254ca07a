using System.Globalization;
using ActorTorrent.Interop.Tests.Fixtures;
using Xunit.Abstractions;

namespace ActorTorrent.Interop.Tests;

/// <summary>
/// A magnet link that is nothing but an info hash, and a DHT of twenty nodes on loopback, half of them ours and half of them libtorrent's: that is
/// all that the clients have to find each other.
/// </summary>
public sealed class DhtTests(ITestOutputHelper output)
{
    private const int Half = 10;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    [Fact]
    public Task Ours_finds_a_libtorrent_seeder_by_the_DHT_alone() =>
        Stage.Play(output, Deadline, async stage =>
        {
            await using var ours = OurNodes.Create(stage);
            var theirs = await Mixed(stage, ours);
            using var content = new TestContent(4 << 20);
            var torrent = content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"));
            // The seeder and we begin at different nodes, each at one of the other's kind.
            await Libtorrent.Seed(stage, torrent, content.Parent, nodePort: ours.Ports[^1]);

            var folder = stage.Folder.Make("fetched");
            var download = ActorTorrentProcess.Start(
                stage, "download", content.Torrent.Magnet(), "--output", folder, "--port", "0", "--dht-node", Node(theirs.Ports[^1]), "--profile", OurNodes.Profile(stage), "--json");
            await download.Succeeds();
            Assert.Single(download.Events("metadata"));
            content.AssertEqualTo(folder);
            stage.Note("ours is complete");
        });

    [Fact]
    public Task Libtorrent_finds_ours_by_the_DHT_alone() =>
        Stage.Play(output, Deadline, async stage =>
        {
            await using var ours = OurNodes.Create(stage);
            var theirs = await Mixed(stage, ours);
            using var content = new TestContent(4 << 20);
            var torrent = content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"));
            var seed = ActorTorrentProcess.Start(
                stage,
                "seed", torrent, "--data", content.Parent, "--port", "0", "--dht-node", Node(theirs.Ports[^1]), "--profile", OurNodes.Profile(stage), "--json");
            await seed.Event("seeding");
            await Poll.Until(
                "our seed is announced to nodes of ours", async () => (await ours.Status()).Any(static node => node.StoredPeers > 0), stage.Deadline);
            stage.Note("our seed is announced");

            var folder = stage.Folder.Make("fetched");
            var libtorrent = await Libtorrent.Fetch(stage, content.Torrent.Magnet(), folder, nodePort: ours.Ports[^1]);
            await libtorrent.Completed();
            content.AssertEqualTo(folder);
            stage.Note("libtorrent is complete");
        });

    /// <summary>A node of ours, ten of libtorrent's that begin with it, nine of ours that begin with one of those.</summary>
    private static async Task<LibtorrentNodes> Mixed(Stage stage, OurNodes ours)
    {
        await ours.Add(bootstrapPort: null);
        var theirs = await LibtorrentNodes.Start(stage, Half, ours.Ports[0]);
        for (var i = 1; i < Half; i++)
            await ours.Add(theirs.Ports[i]);
        await Poll.Until(
            "every node of ours knows eight others and more", async () => (await ours.Status()).All(static node => node.Nodes >= 8), stage.Deadline);
        stage.Note("every node of ours knows eight others");
        await Poll.Until("every node of libtorrent's knows some others", () => theirs.Known().All(static known => known >= 4), stage.Deadline);
        var status = await ours.Status();
        stage.Note($"nodes known: ours {string.Join(' ', status.Select(static node => node.Nodes))}, theirs {string.Join(' ', theirs.Known())}");
        Assert.All(status, static node => Assert.Equal(0, node.Malformed));
        return theirs;
    }

    private static string Node(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
}
