using ActorTorrent.Interop.Tests.Fixtures;
using Xunit.Abstractions;

namespace ActorTorrent.Interop.Tests;

/// <summary>Downloads through proxies that other people wrote.</summary>
public sealed class ProxyTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("socks5")]
    [InlineData("http")]
    public Task It_asks_the_tracker_and_fetches_from_the_peer_through_it(string scheme) =>
        Stage.Play(output, Deadline, async stage =>
        {
            using var content = new TestContent(8 << 20);
            var tracker = await OpenTracker.Start(stage, content.Torrent.InfoHash);
            var torrent = content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"), tracker.Announce);
            var seed = await Libtorrent.Seed(stage, torrent, content.Parent);
            await tracker.Knows(content.Torrent, seeds: 1);
            var proxy = await RealProxy.Start(stage, scheme);

            var folder = stage.Folder.Make("fetched");
            var ours = ActorTorrentProcess.Start(stage, "download", torrent, "--output", folder, "--port", "0", "--json", "--proxy", proxy.Url());
            await ours.Succeeds();
            content.AssertEqualTo(folder);
            Assert.True(proxy.WasAskedFor(tracker.Port), "The tracker was not asked through the proxy.");
            Assert.True(proxy.WasAskedFor(seed.Port), "The peer was not dialled through the proxy.");
        });

    [Theory]
    [InlineData("socks5")]
    [InlineData("http")]
    public Task Whom_the_proxy_does_not_know_is_told_so_and_nothing_goes_past_it(string scheme) =>
        Stage.Play(output, Deadline, async stage =>
        {
            using var content = new TestContent(1 << 20);
            var torrent = content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"));
            var seed = await Libtorrent.Seed(stage, torrent, content.Parent);
            var proxy = await RealProxy.Start(stage, scheme);

            var ours = ActorTorrentProcess.Start(
                stage, "download", torrent, "--output", stage.Folder.Make("fetched"), "--port", "0", "--json", "--peer", seed.EndPoint, "--proxy", proxy.Url("wrong"));
            var fault = await ours.Event("fault");
            Assert.Equal("connect", (string?)fault["phase"]);
            Assert.Contains("proxy.password", (string?)fault["detail"], StringComparison.Ordinal);
            Assert.Equal(0, await seed.Uploaded());
        });
}
