using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>What a peer may do without end, and for how long it is borne.</summary>
public sealed class PatienceTests : IDisposable
{
    private readonly GeneratedContent _content = new("content", 9, 64 << 10, [new("a.bin", 3_000_000)]);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("interest")]
    [InlineData("choke")]
    [InlineData("ask and take back")]
    public async Task Changing_ones_mind_for_ever_is_a_flood(string what)
    {
        var data = Path.Combine(_folder.Path, "data");
        await _content.WriteFilesAsync(data);
        await using var engine = await EngineUnderTest.StartAsync();
        var added = await engine.DownloadAsync(_content, data);
        await engine.UntilComplete();
        await using var peer = await Dial(added.ListenPort);
        await peer.SendAsync(PeerMessage.HaveNone);
        var allowed = (await peer.ReceiveAsync(PeerMessageKind.AllowedFast)).Piece;
        var block = new BlockRequest(allowed, 0, FileLayout.BlockLength);
        PeerMessage[] turn = what switch
        {
            "interest" => [PeerMessage.Interested, PeerMessage.NotInterested],
            "choke" => [PeerMessage.Unchoke, PeerMessage.Choke],
            _ => [PeerMessage.Request(block), PeerMessage.Cancel(block)],
        };

        var flooding = FloodAsync(peer, [.. Enumerable.Repeat(turn, 30_000).SelectMany(m => m)]);

        var fault = await engine.Until<FaultJournalEntry>();
        Assert.Equal(FaultCause.Flood, fault.Fault.Cause);
        await flooding;
        // Others are served as before.
        await using var other = await Dial(added.ListenPort);
        await other.ReceiveAsync(PeerMessageKind.AllowedFast);
        await other.SendAsync(PeerMessage.HaveNone, PeerMessage.Request(block));
        Assert.Equal(allowed, (await other.ReceiveAsync(PeerMessageKind.Piece)).Piece);
    }

    [Fact]
    public async Task Who_refuses_all_it_is_asked_for_is_not_asked_as_fast_as_it_can_refuse()
    {
        await using var engine = await EngineUnderTest.StartAsync("actortorrent.peer.tick = 200ms");
        var added = await engine.DownloadAsync(_content, Path.Combine(_folder.Path, "out"));
        await engine.Until<TorrentEvent.Checked>();
        await using var peer = await Dial(added.ListenPort);
        await peer.SendAsync(PeerMessage.HaveAll, PeerMessage.Unchoke);
        var start = engine.Context.Now;
        for (var i = 0; i < 64; i++)
            await peer.SendAsync(PeerMessage.Reject((await peer.ReceiveAsync(PeerMessageKind.Request)).AsBlockRequest));

        // A pipeline starts with 16 blocks: the 64th refusal is at the earliest that of the fourth round.
        Assert.InRange(engine.Context.Now - start, TimeSpan.FromMilliseconds(300), TimeSpan.MaxValue);
    }

    [Fact]
    public async Task One_address_does_not_shut_out_the_others_by_keeping_silent()
    {
        var data = Path.Combine(_folder.Path, "data");
        await _content.WriteFilesAsync(data);
        await using var engine = await EngineUnderTest.StartAsync("actortorrent.listen.max-pending-per-address = 3, actortorrent.peer.handshake-timeout = 30s");
        var added = await engine.DownloadAsync(_content, data);
        await engine.UntilComplete();
        var silent = new List<Socket>();
        try
        {
            for (var i = 0; i < 4; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                silent.Add(socket);
                socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.9"), 0));
                await socket.ConnectAsync(IPAddress.Loopback, added.ListenPort);
            }
            // The fourth is one too many.
            Assert.Equal(0, await silent[3].ReceiveAsync(new byte[1]));
            await using var other = await Dial(added.ListenPort);
            await other.ReceiveAsync(PeerMessageKind.HaveAll);
        }
        finally
        {
            silent.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task There_are_no_more_connections_than_there_may_be_and_each_that_ends_makes_room()
    {
        var data = Path.Combine(_folder.Path, "data");
        await _content.WriteFilesAsync(data);
        await using var engine = await EngineUnderTest.StartAsync("actortorrent.peer.max-connections = 2");
        var added = await engine.DownloadAsync(_content, data);
        await engine.UntilComplete();
        var first = await Dial(added.ListenPort);
        await using var second = await Dial(added.ListenPort);
        await engine.Until<TorrentSnapshot>(snapshot => snapshot.Peers.Running == 2);
        await Assert.ThrowsAnyAsync<Exception>(() => Dial(added.ListenPort));

        await first.DisposeAsync();
        await engine.Until<TorrentSnapshot>(snapshot => snapshot.Peers.Running == 1);
        await using var third = await Dial(added.ListenPort);
        await third.ReceiveAsync(PeerMessageKind.HaveAll);
        Assert.Equal(2, engine.Context.Connections.Taken);
    }

    [Fact]
    public async Task A_torrent_that_was_removed_in_the_middle_can_be_fetched_again()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        engine.Engine.SetLimits(new(Download: new(3_000_000)));
        await using var seed = await StubPeer.StartAsync(PeerScript.Healthy(), _content.InfoHash, _content);
        var spec = new TorrentSpec(_content.Metainfo, Path.Combine(_folder.Path, "out")) { Peers = [seed.EndPoint] };
        await engine.Engine.AddAsync(spec);
        await engine.Until<TorrentSnapshot>(snapshot => snapshot.Downloaded > 0);
        await engine.Engine.RemoveAsync(_content.InfoHash, withData: true);
        Assert.Equal(0, engine.Context.Connections.Taken);

        await engine.Engine.AddAsync(spec);
        await engine.Until<TorrentEvent.Completed>();
        Assert.True(_content.Verify(spec.OutputFolder).IsGood);
    }

    [Fact]
    public async Task Resumed_while_it_is_checked_it_is_at_work_whatever_it_was_before()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        await using var seed = await StubPeer.StartAsync(PeerScript.Healthy(), _content.InfoHash, _content);
        await engine.Engine.AddAsync(new TorrentSpec(_content.Metainfo, Path.Combine(_folder.Path, "out")) { Peers = [seed.EndPoint], IsPaused = true });
        await engine.Engine.ResumeAsync(_content.InfoHash);
        await engine.UntilComplete();
    }

    private static async Task FloodAsync(WirePeer peer, PeerMessage[] messages)
    {
        try
        {
            await peer.SendAsync(messages);
            while (await peer.ReceiveAsync() is not null)
            {
                // Until the engine has had enough.
            }
        }
        catch (SocketException)
        {
            // It had enough before all was said.
        }
    }

    private Task<WirePeer> Dial(int port) =>
        WirePeer.DialAsync(port, _content.InfoHash, _content.Layout.PieceCount, PeerCapabilities.Fast | PeerCapabilities.Extended);
}
