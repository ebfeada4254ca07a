using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Peers;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Tests.EndToEnd;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.TestKit;
using Akka.TestKit.Xunit2;

namespace ActorTorrent.Engine.Tests.Peers;

/// <summary>What all connections together may have waiting to be sent.</summary>
public sealed class SendBudgetTests : TestKit
{
    private const int Block = FileLayout.BlockLength;
    private const int KiB = 1 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly GeneratedContent _content = new("content", 5, 256 << 10, [new("a.bin", 1 << 20)]);
    private readonly ByteBudget _budget = new(1 << 20);
    private readonly LoanCount _loans = new();
    private readonly TestProbe _storage;

    public SendBudgetTests() => _storage = CreateTestProbe();

    [Fact]
    public void A_read_at_a_time_is_made_for_a_peer_while_it_is_spent()
    {
        var connection = CreateTestProbe();
        var uploads = new PeerUploads(Environment(), 1, connection.Ref, TestActor);
        uploads.SetChoke(false);
        for (var i = 0; i < 12; i++)
            Assert.True(uploads.Enqueue(new BlockRequest(new PieceIndex(0), i * Block, Block)));
        _budget.Take(_budget.Most);
        uploads.Pump();
        Assert.Equal(Block, _storage.ExpectMsg<StorageProtocol.ReadBlock>().Block.Length);
        uploads.Pump();
        _storage.ExpectNoMsg(TimeSpan.Zero);
        Assert.Equal(_budget.Most + Block, _budget.Taken);

        // It goes on, though slowly, and as before when there is room again.
        uploads.Sent(Block, Block, TimeSpan.Zero);
        Assert.Equal(Block, _storage.ExpectMsg<StorageProtocol.ReadBlock>().Block.Length);
        _budget.Return(_budget.Most);
        uploads.Sent(Block, Block, TimeSpan.Zero);
        Assert.Equal(8 * Block, _storage.ExpectMsg<StorageProtocol.ReadBlock>().Block.Length);

        uploads.Leave();
        Assert.Equal(0, _budget.Taken);
    }

    [Fact]
    public async Task Who_does_not_read_what_it_is_told_is_let_go_while_it_is_spent_and_everything_comes_back()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4 * KiB };
        peer.Connect(listener.LocalEndPoint!);
        var accepted = new AcceptedConnection(listener.Accept(), new Handshake(_content.Metainfo.InfoHash, PeerId.Create(new Random(2)), PeerCapabilities.Fast), default);
        var props = PeerConnectionActor.Props(Environment(), new PeerConnectionStart(1, (IPEndPoint)peer.LocalEndPoint!, accepted));
        var listens = TestActor;
        var connection = Sys.ActorOf(Akka.Actor.Props.Create(() => new Relay(props, listens)));
        ExpectMsg<PeerConnectionProtocol.HandshakeReceived>(Patience);

        // Until the socket takes no more: then a send is under way, and the rest waits.
        await Eventually.HoldsAsync(
            () =>
            {
                connection.Tell(new PeerConnectionProtocol.Send([PeerMessage.Extended(1, new byte[512 * KiB])]), TestActor);
                return _budget.Taken > 0;
            },
            static () => "nothing waits");
        _budget.Take(_budget.Most);
        connection.Tell(new PeerConnectionProtocol.Send([PeerMessage.Extended(1, new byte[32 * KiB])]), TestActor);
        var ended = FishForMessage(static message => message is PeerConnectionProtocol.Ended, Patience);
        Assert.Equal(FaultCause.SendTimeout, ((PeerConnectionProtocol.Ended)ended).End.Cause);
        Sys.Stop(connection);
        await Eventually.HoldsAsync(() => _budget.Taken == _budget.Most, () => $"{_budget.Taken - _budget.Most} bytes are not given back");
    }

    [Fact]
    public async Task What_a_send_under_way_reads_from_comes_back_when_the_connection_ends()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4 * KiB };
        peer.Connect(listener.LocalEndPoint!);
        using var socket = listener.Accept();
        var outbox = new Outbox();
        var sends = 0;
        while (true)
        {
            outbox.Add(new byte[64 * KiB]);
            if (!outbox.Send(socket, TestActor))
                break;
            outbox.Clear();
            Assert.InRange(++sends, 0, 1_000);
        }
        outbox.Abandon();
        socket.Dispose();
        await Eventually.HoldsAsync(() => outbox.IsEmpty, static () => "the memory is not returned");
        ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_message_that_nobody_got_lets_go_of_what_it_carried()
    {
        LostMessages.Release(new StorageProtocol.BlockRead(new BlockRequest(new PieceIndex(0), 0, 10), new ReadBuffer(10, _loans)));
        Assert.Equal(0, _loans.Count);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        LostMessages.Release(new CoordinatorProtocol.Incoming(new IPEndPoint(IPAddress.Loopback, 1), new AcceptedConnection(socket, default, default)));
        Assert.Throws<ObjectDisposedException>(() => socket.Available);
        var slabs = new SlabPool(1024, 1);
        var slab = slabs.Rent();
        LostMessages.Release(new BlockBatchPool().Rent(1, slab, null).ToStore);
        slab.Release();
        Assert.Equal(0, slabs.Rented);
    }

    private PeerEnvironment Environment() => new(
        _content.Metainfo.InfoHash,
        PeerId.Create(new Random(1)),
        _content.Metainfo.Layout,
        new PeerOptions { FirstUploadWindowBytes = 16 * Block, UploadWindowBytes = 16 * Block, UploadReadBytes = 8 * Block, MaxUnsentBytes = 64 << 20 },
        _storage.Ref,
        new SlabPool(1 << 17, 4),
        ListenPort: 1,
        TimeProvider.System)
    {
        SendBudget = _budget,
    };
}
