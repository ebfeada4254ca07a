using System.Text;
using ActorTorrent.Interop.Tests.Fixtures;
using Xunit.Abstractions;

namespace ActorTorrent.Interop.Tests;

/// <summary><c>probe</c> against real clients.</summary>
public sealed class ProbeTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(RealClient.Transmission, "Transmission 3")]
    [InlineData(RealClient.Aria2, "aria2 1.")]
    [InlineData(RealClient.Libtorrent, "libtorrent")]
    public Task It_prints_OK_and_the_name_of(RealClient client, string name) =>
        Stage.Play(output, Deadline, async stage =>
        {
            using var content = new TestContent(4 << 20);
            var torrent = content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"));
            var peer = await RealPeer.Seed(stage, client, torrent, content);

            var ours = ActorTorrentProcess.Start(stage, "probe", peer.EndPoint, "--info-hash", content.Torrent.InfoHash);
            await ours.Succeeds();
            var line = Assert.Single(ours.Process.Output(), line => line.Contains(peer.EndPoint, StringComparison.Ordinal));
            stage.Note(line);
            Assert.Contains("OK", line, StringComparison.Ordinal);
            Assert.Contains(name, line, StringComparison.Ordinal);
        });

    // With a client of its own: transmission closes a second connection from the same address within half a second.
    [Theory]
    [InlineData(RealClient.Transmission, "-TR3", "Transmission 3")]
    [InlineData(RealClient.Aria2, "A2-1-", "aria2 1.")]
    [InlineData(RealClient.Libtorrent, "-LT2", "libtorrent")]
    public Task With_json_it_gives_outcome_peer_id_and_client_of(RealClient client, string peerId, string name) =>
        Stage.Play(output, Deadline, async stage =>
        {
            using var content = new TestContent(4 << 20);
            var torrent = content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"));
            var peer = await RealPeer.Seed(stage, client, torrent, content);

            var ours = ActorTorrentProcess.Start(stage, "probe", peer.EndPoint, "--info-hash", content.Torrent.InfoHash, "--json");
            await ours.Succeeds();
            var found = Assert.Single(ours.Lines(), line => line.ContainsKey("address"));
            Assert.Equal(peer.EndPoint, (string?)found["address"]);
            Assert.Equal("ok", (string?)found["outcome"]);
            Assert.StartsWith(peerId, Encoding.Latin1.GetString(Convert.FromHexString((string)found["peerId"]!)), StringComparison.Ordinal);
            Assert.Contains(name, (string?)found["client"], StringComparison.Ordinal);
            Assert.InRange((double)found["milliseconds"]!, 0, 10_000);
            Assert.Null(found["detail"]);
        });

    [Fact]
    public Task By_torrent_it_asks_the_tracker_for_the_peers() =>
        Stage.Play(output, Deadline, async stage =>
        {
            using var content = new TestContent(4 << 20);
            var tracker = await OpenTracker.Start(stage, content.Torrent.InfoHash);
            var torrent = content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"), tracker.Announce);
            var lives = await RealPeer.Seed(stage, RealClient.Transmission, torrent, content);
            var dies = await RealPeer.Seed(stage, RealClient.Libtorrent, torrent, content);
            await tracker.Knows(content.Torrent, seeds: 2);
            dies.Process.Kill();
            await dies.Process.Exit(stage.Deadline);

            var ours = ActorTorrentProcess.Start(stage, "probe", torrent, "--json");
            await ours.Exit();
            var outcomes = ours.Lines()
                .Where(static line => line.ContainsKey("address"))
                .ToDictionary(static line => (string)line["address"]!, static line => (string?)line["outcome"], StringComparer.Ordinal);
            Assert.Equal("ok", outcomes[lives.EndPoint]);
            Assert.Equal("refused", outcomes[dies.EndPoint]);
            Assert.Equal(2, outcomes.Count);
        });

    [Fact]
    public Task A_hash_that_the_client_does_not_serve_is_answered_with_a_close() =>
        Stage.Play(output, Deadline, async stage =>
        {
            using var content = new TestContent(4 << 20);
            var torrent = content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"));
            var peer = await RealPeer.Seed(stage, RealClient.Transmission, torrent, content);

            var ours = ActorTorrentProcess.Start(stage, "probe", peer.EndPoint, "--info-hash", new string('0', 40), "--json");
            await ours.Exit();
            var found = Assert.Single(ours.Lines(), line => line.ContainsKey("address"));
            Assert.Contains((string?)found["outcome"], (string[])["closed", "reset"], StringComparer.Ordinal);
        });
}
