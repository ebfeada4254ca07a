using System.Text.Json.Nodes;
using ActorTorrent.Interop.Tests.Fixtures;
using Xunit.Abstractions;

namespace ActorTorrent.Interop.Tests;

/// <summary>
/// Three parties without a tracker: a seed, one that fetches by a magnet link, and one in the middle, whom alone both know. The middle sends
/// and receives so little that the fetcher can only be done in time if it or the seed heard of the other from it (BEP 11).
/// </summary>
public sealed class PexTests(ITestOutputHelper output)
{
    private const int Trickle = 16;

    // At the middle's rate 4 MiB take four minutes.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(100);

    [Fact]
    public Task Ours_hears_from_libtorrent_of_our_own_seed() =>
        Play(async (stage, content, torrent, folder) =>
        {
            var seed = await OurSeed(stage, content, torrent);
            var middle = await Libtorrent.Fetch(stage, torrent, stage.Folder.Make("middle"), peer: seed.EndPoint, kibibytesPerSecond: Trickle);
            await middle.Connected(1);
            var ours = Ours(stage, content, folder, middle.EndPoint);
            await ours.Succeeds();
            AssertHeard(ours, seed.Process);
        });

    [Fact]
    public Task Ours_hears_from_libtorrent_of_a_libtorrent_seed() =>
        Play(async (stage, content, torrent, folder) =>
        {
            var seed = await Libtorrent.Seed(stage, torrent, content.Parent);
            var middle = await Libtorrent.Fetch(stage, torrent, stage.Folder.Make("middle"), peer: seed.EndPoint, kibibytesPerSecond: Trickle);
            await middle.Connected(1);
            await Ours(stage, content, folder, middle.EndPoint).Succeeds();
        });

    [Fact]
    public Task Ours_hears_from_ours_of_a_libtorrent_seed() =>
        Play(async (stage, content, torrent, folder) =>
        {
            var seed = await Libtorrent.Seed(stage, torrent, content.Parent);
            var middle = await OurMiddle(stage, torrent, seed.EndPoint);
            await Ours(stage, content, folder, middle).Succeeds();
        });

    [Fact]
    public Task Ours_hears_from_ours_of_our_own_seed() =>
        Play(async (stage, content, torrent, folder) =>
        {
            var seed = await OurSeed(stage, content, torrent);
            var middle = await OurMiddle(stage, torrent, seed.EndPoint);
            var ours = Ours(stage, content, folder, middle);
            await ours.Succeeds();
            AssertHeard(ours, seed.Process);
        });

    [Fact]
    public Task Libtorrent_hears_from_ours_of_a_libtorrent_seed() =>
        Play(async (stage, content, torrent, folder) =>
        {
            var seed = await Libtorrent.Seed(stage, torrent, content.Parent);
            var middle = await OurMiddle(stage, torrent, seed.EndPoint);
            var peer = await Libtorrent.Fetch(stage, content.Torrent.Magnet(), folder, peer: middle);
            await peer.Completed();
        });

    [Fact]
    public Task Libtorrent_hears_from_libtorrent_of_our_own_seed() =>
        Play(async (stage, content, torrent, folder) =>
        {
            var seed = await OurSeed(stage, content, torrent);
            var middle = await Libtorrent.Fetch(stage, torrent, stage.Folder.Make("middle"), peer: seed.EndPoint, kibibytesPerSecond: Trickle);
            await middle.Connected(1);
            var peer = await Libtorrent.Fetch(stage, content.Torrent.Magnet(), folder, peer: middle.EndPoint);
            await peer.Completed();
        });

    [Fact]
    public Task Aria2_hears_from_ours_of_a_libtorrent_seed() =>
        Play(async (stage, content, torrent, folder) =>
        {
            var seed = await Libtorrent.Seed(stage, torrent, content.Parent);
            var peer = Aria2.Fetch(stage, content.Torrent.Magnet(), folder, "--enable-peer-exchange=true");
            await OurMiddle(stage, torrent, seed.EndPoint, peer.EndPoint);
            await peer.Completed();
        });

    /// <summary>
    /// transmission does not dial this machine's own addresses; our seed hears of it and dials. It keeps one connection to an address, so the
    /// seed has its own.
    /// </summary>
    [Fact]
    public Task Of_transmission_our_seed_hears_from_ours() =>
        Play(async (stage, content, torrent, folder) =>
        {
            var seed = await OurSeed(stage, content, torrent, "127.0.0.2");
            var peer = await TransmissionDaemon.Fetch(stage, torrent, folder, pex: true);
            await OurMiddle(stage, torrent, seed.EndPoint, peer.EndPoint);
            await peer.Completed();
        });

    // Four seconds of content, so that those who print their peers once a second print who named them.
    private static async Task<(ActorTorrentProcess Process, string EndPoint)> OurSeed(
        Stage stage, TestContent content, string torrent, string address = "127.0.0.1")
    {
        var seed = ActorTorrentProcess.Start(
            stage, "seed", torrent, "--data", content.Parent, "--bind", address, "--port", "0", "--upload-limit", "1MiB/s", "--json");
        await seed.Event("seeding");
        return (seed, $"{address}:{await seed.Port()}");
    }

    /// <summary>Starts ours as the one in the middle, which dials these; says where it listens.</summary>
    private static async Task<string> OurMiddle(Stage stage, string torrent, params string[] peers)
    {
        var middle = ActorTorrentProcess.Start(
            stage,
            [
                "download", torrent, "--output", stage.Folder.Make("middle"), "--port", "0", "--json", "--state", stage.Folder.Make("middle-state"),
                "--download-limit", $"{Trickle}KiB/s", "--upload-limit", $"{Trickle}KiB/s", .. peers.SelectMany(static peer => (string[])["--peer", peer]),
            ]);
        await Poll.Until(
            "the one in the middle is connected", () => middle.Events("progress").Any(static progress => (int?)progress["peersConnected"] > 0), stage.Deadline);
        return $"127.0.0.1:{await middle.Port()}";
    }

    private static ActorTorrentProcess Ours(Stage stage, TestContent content, string folder, string middle) =>
        ActorTorrentProcess.Start(stage, "download", content.Torrent.Magnet(peer: middle), "--output", folder, "--port", "0", "--json");

    /// <summary>One of the two heard of the other by PEX, and nobody else told it.</summary>
    private static void AssertHeard(params ActorTorrentProcess[] ours) =>
        Assert.Contains(ours.SelectMany(static one => one.Events("progress")), static progress => (int?)((JsonObject)progress["peersBySource"]!)["pex"] > 0);

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
