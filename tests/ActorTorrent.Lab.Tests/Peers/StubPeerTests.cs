using System.Net.Sockets;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

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

    [Fact]
    public async Task Cut_off_it_holds_what_comes_and_answers_on_the_same_connection_once_the_cut_is_mended()
    {
        await using var peer = await StubPeer.StartAsync(PeerScript.Healthy(), Content.InfoHash, Content);
        using var socket = await GreetAsync(peer);
        peer.CutOff();
        var message = new byte[100];
        var length = PeerMessageWriter.Write(message, PeerMessage.Interested);
        length += PeerMessageWriter.Write(message.AsSpan(length), PeerMessage.Request(new BlockRequest(new PieceIndex(1), 0, 16 << 10)));
        await socket.SendAsync(message.AsMemory(0, length));
        Assert.False(socket.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead), "something came through the cut");
        Assert.Equal(0, peer.Counts.Requests);

        peer.Rejoin();
        // An unchoke, and the block.
        await ReceiveAsync(socket, 5 + 13 + (16 << 10));
        var counts = peer.Counts;
        Assert.Equal((1, 1, 0), (counts.Connections, counts.Requests, counts.Resets));
    }

    [Fact]
    public async Task Who_leaves_while_cut_off_does_so_unheard_and_is_new_when_it_returns()
    {
        await using var peer = await StubPeer.StartAsync(PeerScript.Healthy(), Content.InfoHash, Content);
        using var socket = await GreetAsync(peer);
        peer.CutOff();
        peer.Depart(PeerDeparture.Fin);
        peer.Rejoin();
        Assert.False(socket.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead), "the good-bye was heard");
        peer.Return();
        var exception = await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(socket, 1));
        Assert.Equal(SocketError.ConnectionReset, exception.SocketErrorCode);
        Assert.Equal(LeecherEnding.Complete, (await Download(peer)).Ending);
    }

    [Fact]
    public async Task A_connection_that_is_left_half_open_says_nothing_more_and_does_not_end()
    {
        var script = PeerScript.Healthy() with { Link = new LinkShape { LostAfter = TimeSpan.FromTicks(1), HalfOpen = 1 } };
        await using var peer = await StubPeer.StartAsync(script, Content.InfoHash, Content);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var next = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var deadline = new CancellationTokenSource(Deadline);
        await socket.ConnectAsync(peer.EndPoint, deadline.Token);
        await next.ConnectAsync(peer.EndPoint, deadline.Token);
        // The second is taken once the first is looked after, and lost.
        while (peer.Counts.Connections < 2)
            await Task.Delay(5, deadline.Token);
        var handshake = new byte[Handshake.Length];
        new Handshake(Content.InfoHash, PeerId.Create(new Random(1)), PeerCapabilities.None).Write(handshake);
        await socket.SendAsync(handshake, deadline.Token);
        Assert.False(socket.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead), "something came over a dead link");
    }

    /// <summary>Connects, shakes hands and reads the bitfield.</summary>
    private static async Task<Socket> GreetAsync(StubPeer peer)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(peer.EndPoint);
        var handshake = new byte[Handshake.Length];
        new Handshake(Content.InfoHash, PeerId.Create(new Random(1)), PeerCapabilities.None).Write(handshake);
        await socket.SendAsync(handshake);
        await ReceiveAsync(socket, Handshake.Length + 5 + ((Content.Layout.PieceCount + 7) / 8));
        return socket;
    }

    private static async Task ReceiveAsync(Socket socket, int count)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var buffer = new byte[count];
        for (var received = 0; received < count;)
        {
            var more = await socket.ReceiveAsync(buffer.AsMemory(received), deadline.Token);
            Assert.True(more > 0, "the connection ended");
            received += more;
        }
    }

    private static Task<LeecherResult> Download(StubPeer peer) =>
        StubLeecher.DownloadAsync(peer.EndPoint, Content).WaitAsync(Deadline);
}
