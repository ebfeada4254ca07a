using ActorTorrent.Interop.Tests.Fixtures;
using Xunit.Abstractions;

namespace ActorTorrent.Interop.Tests;

/// <summary>Magnet links that are nothing but an info hash, in a network of their own: peers find each other by multicast alone (BEP 14).</summary>
public sealed class LsdTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(100);

    [Fact]
    public Task It_comes_from_libtorrent() =>
        Play(async (stage, content, torrent, folder) =>
        {
            // libtorrent hears of us: it has announced itself before we were there.
            await Libtorrent.Seed(stage, torrent, content.Parent, lsd: true);
            await ActorTorrentProcess.StartWithLsd(stage, "download", content.Torrent.Magnet(), "--output", folder, "--port", "0", "--json").Succeeds();
        });

    [Fact]
    public Task Libtorrent_gets_it_from_our_seed() =>
        Play(async (stage, content, torrent, folder) =>
        {
            await ActorTorrentProcess.StartWithLsd(stage, "seed", torrent, "--data", content.Parent, "--port", "0", "--json").Event("seeding");
            var peer = await Libtorrent.Fetch(stage, content.Torrent.Magnet(), folder, lsd: true);
            await peer.Completed();
        });

    [Fact]
    public Task Aria2_gets_it_from_our_seed() =>
        Play(async (stage, content, torrent, folder) =>
        {
            await ActorTorrentProcess.StartWithLsd(stage, "seed", torrent, "--data", content.Parent, "--port", "0", "--json").Event("seeding");
            var peer = Aria2.Fetch(stage, content.Torrent.Magnet(), folder, "--bt-enable-lpd=true", "--bt-lpd-interface=127.0.0.1");
            await peer.Completed();
        });

    [Fact]
    public Task It_comes_from_transmission() =>
        Play(async (stage, content, torrent, folder) =>
        {
            await LocalTransmission.Start(stage, torrent, content.Parent);
            var ours = ActorTorrentProcess.StartWithLsd(
                stage, "download", content.Torrent.Magnet(), "--output", folder, "--bind", PrivateNetwork.Second, "--port", "0", "--json");
            await ours.Succeeds();
        });

    [Fact]
    public Task Transmission_gets_it_from_our_seed() =>
        Play(async (stage, content, torrent, folder) =>
        {
            var seed = ActorTorrentProcess.StartWithLsd(
                stage, "seed", torrent, "--data", content.Parent, "--bind", PrivateNetwork.Second, "--port", "0", "--json");
            await seed.Event("seeding");
            var peer = await LocalTransmission.Start(stage, content.Torrent.Magnet(), folder);
            await peer.Completed();
        });

    [Fact]
    public Task Our_own_engines_find_each_other() =>
        Play(async (stage, content, torrent, folder) =>
        {
            await ActorTorrentProcess.StartWithLsd(stage, "seed", torrent, "--data", content.Parent, "--port", "0", "--json").Event("seeding");
            await ActorTorrentProcess.StartWithLsd(stage, "download", content.Torrent.Magnet(), "--output", folder, "--port", "0", "--json").Succeeds();
        });

    private Task Play(Func<Stage, TestContent, string, string, Task> scene) =>
        Stage.Play(output, Deadline, async stage =>
        {
            stage.Network = await PrivateNetwork.Start(stage);
            using var content = new TestContent(8 << 20);
            var torrent = content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"));
            var folder = stage.Folder.Make("fetched");
            await scene(stage, content, torrent, folder);
            content.AssertEqualTo(folder, emptyFilesMayBeMissing: true);
        });
}
