using System.Net.Sockets;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Lab.Tests.Peers;

public sealed class StubPeerTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly GeneratedContent Content = new("stub", 7, 64 << 10, [new("a.bin", 700_000), new("b.bin", 348_577)]);

    [Fact]
    public async Task A_healthy_one_serves_everything_as_it_is()
    {
        await using var peer = await StubPeer.StartAsync(PeerScript.Healthy(), Content.InfoHash, Content);
        var result = await Download(peer);
        Assert.Equal(LeecherEnding.Complete, result.Ending);
        Assert.Equal(Content.Layout.TotalLength, result.Bytes);
        Assert.Equal(0, result.CorruptBlocks);
        var counts = peer.Counts;
        Assert.Equal((1, 1, result.Blocks, result.Bytes), (counts.Connections, counts.Handshakes, counts.Blocks, counts.Bytes));
        Assert.Equal(0, counts.ProtocolErrors);
    }

    [Fact]
    public async Task It_serves_many_at_once()
    {
        await using var peer = await StubPeer.StartAsync(PeerScript.Healthy(), Content.InfoHash, Content);
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Download(peer)));
        Assert.All(results, result => Assert.Equal((LeecherEnding.Complete, 0), (result.Ending, result.CorruptBlocks)));
        Assert.Equal(20 * Content.Layout.TotalLength, peer.Counts.Bytes);
    }

    [Fact]
    public async Task It_keeps_under_its_rate()
    {
        await using var peer = await StubPeer.StartAsync(PeerScript.Healthy(1_000_000), Content.InfoHash, Content);
        var result = await Download(peer);
        Assert.Equal(LeecherEnding.Complete, result.Ending);
        // A tenth of a second may be caught up; the last block's own time does not count.
        Assert.True(result.Elapsed > TimeSpan.FromSeconds(0.85), $"{result.Elapsed}");
    }

    [Theory]
    [InlineData(TransferEnding.Close, LeecherEnding.Closed)]
    [InlineData(TransferEnding.Reset, LeecherEnding.Reset)]
    public async Task It_dies_in_the_middle_of_a_block_and_is_gone(TransferEnding ending, LeecherEnding seen)
    {
        const long after = 300_000;
        await using var peer = await StubPeer.StartAsync(PeerScript.Dies(after, ending), Content.InfoHash, Content);
        var result = await Download(peer);
        Assert.Equal(seen, result.Ending);
        // What was sent before a reset may be lost with it; what was sent before an end in order is not.
        var whole = after - (after % FileLayout.BlockLength);
        if (ending == TransferEnding.Close)
            Assert.Equal(whole, result.Bytes);
        else
            Assert.InRange(result.Bytes, 0, whole);
        Assert.Equal(after, peer.Counts.Bytes);
        Assert.True(peer.Counts.FaultStruck);
        var exception = await Assert.ThrowsAsync<SocketException>(() => Download(peer));
        Assert.Equal(SocketError.ConnectionRefused, exception.SocketErrorCode);
    }

    [Fact]
    public async Task It_comes_back_at_the_same_address_and_serves_on()
    {
        var script = PeerScript.Dies(300_000, TransferEnding.Reset, returnsAfter: TimeSpan.FromMilliseconds(50));
        await using var peer = await StubPeer.StartAsync(script, Content.InfoHash, Content);
        Assert.Equal(LeecherEnding.Reset, (await Download(peer)).Ending);
        LeecherResult? second = null;
        using var deadline = new CancellationTokenSource(Deadline);
        while (second is null)
        {
            try
            {
                second = await StubLeecher.DownloadAsync(peer.EndPoint, Content, cancellation: deadline.Token);
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
            {
                await Task.Delay(10, deadline.Token);
            }
        }
        Assert.Equal(LeecherEnding.Complete, second.Ending);
    }

    [Fact]
    public async Task It_stalls_and_keeps_the_connection()
    {
        const long after = 300_000;
        await using var peer = await StubPeer.StartAsync(PeerScript.Stalls(after), Content.InfoHash, Content);
        using var leave = new CancellationTokenSource();
        var download = StubLeecher.DownloadAsync(peer.EndPoint, Content, cancellation: leave.Token);
        await peer.FaultStruck.WaitAsync(Deadline);
        await Task.WhenAny(download, Task.Delay(300));
        Assert.False(download.IsCompleted);
        Assert.Equal(after, peer.Counts.Bytes);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => download);
    }

    [Fact]
    public async Task It_corrupts_the_blocks_of_its_script()
    {
        await using var one = await StubPeer.StartAsync(PeerScript.Corrupts(new BlockCorruption(At: 3)), Content.InfoHash, Content);
        Assert.Equal(1, (await Download(one)).CorruptBlocks);
        await using var some = await StubPeer.StartAsync(PeerScript.Corrupts(new BlockCorruption(Every: 10)), Content.InfoHash, Content);
        var result = await Download(some);
        Assert.Equal(result.Blocks / 10, result.CorruptBlocks);
        Assert.Equal(result.CorruptBlocks, some.Counts.CorruptBlocks);
        await using var all = await StubPeer.StartAsync(PeerScript.Corrupts(new BlockCorruption(Probability: 1)), Content.InfoHash, Content);
        result = await Download(all);
        Assert.Equal(result.Blocks, result.CorruptBlocks);
    }

    [Fact]
    public async Task It_closes_on_another_torrents_handshake()
    {
        var other = new GeneratedContent("other", 8, 64 << 10, [new("a.bin", 1000)]);
        await using var peer = await StubPeer.StartAsync(PeerScript.Healthy(), Content.InfoHash, Content);
        var result = await StubLeecher.DownloadAsync(peer.EndPoint, other);
        Assert.Equal(LeecherEnding.Closed, result.Ending);
        Assert.Equal(1, peer.Counts.ProtocolErrors);
    }

    [Fact]
    public async Task A_leecher_may_leave_early_and_slowly()
    {
        await using var peer = await StubPeer.StartAsync(PeerScript.Healthy(), Content.InfoHash, Content);
        var script = new LeecherScript { LeavesAfterBytes = 200_000, BytesPerSecond = 2_000_000, Pipeline = 4 };
        var result = await StubLeecher.DownloadAsync(peer.EndPoint, Content, script);
        Assert.Equal(LeecherEnding.Left, result.Ending);
        Assert.InRange(result.Bytes, 200_000, 300_000);
    }

    [Fact]
    public async Task Disposing_of_it_ends_its_connections()
    {
        var peer = await StubPeer.StartAsync(PeerScript.Healthy(10_000), Content.InfoHash, Content);
        var download = Download(peer);
        while (peer.Counts.Handshakes == 0)
            await Task.Delay(5);
        await peer.DisposeAsync();
        Assert.Equal(LeecherEnding.Reset, (await download).Ending);
    }

    private static Task<LeecherResult> Download(StubPeer peer) =>
        StubLeecher.DownloadAsync(peer.EndPoint, Content).WaitAsync(Deadline);
}
