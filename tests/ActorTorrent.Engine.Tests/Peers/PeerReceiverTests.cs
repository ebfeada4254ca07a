using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Peers;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Tests.EndToEnd;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;

namespace ActorTorrent.Engine.Tests.Peers;

/// <summary>What comes in on a socket, on its way to the peer's actor.</summary>
public sealed class PeerReceiverTests : TestKit
{
    private const int KiB = 1 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly GeneratedContent _content = new("content", 5, 256 << 10, [new("a.bin", 64 << 20)]);
    private readonly Socket _sender = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Socket _socket;
    private readonly TestProbe _owner;
    private readonly TestProbe _connection;

    public PeerReceiverTests()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _sender.Connect(listener.LocalEndPoint!);
        _socket = listener.Accept();
        _owner = CreateTestProbe();
        _connection = CreateTestProbe();
    }

    [Fact]
    public async Task A_batch_in_use_stays_as_it_is_though_the_receiver_is_stopped()
    {
        var (receiver, slabs) = Receiver(batches: 1);
        var receiving = receiver.ContinueAsync(default);
        await _sender.SendAsync(WirePeer.Bytes(PeerMessage.Have(new PieceIndex(7))));
        var batch = _owner.ExpectMsg<PeerConnectionProtocol.Received>(Patience).Batch;

        // The next message is there, but there is no batch for it until the first one is given back.
        await _sender.SendAsync(WirePeer.Bytes(PeerMessage.Have(new PieceIndex(8))));
        await Eventually.HoldsAsync(() => _socket.Available == 0, static () => "the receiver does not read");
        receiver.Stop();
        _socket.Dispose();
        await receiving.WaitAsync(Patience);

        Assert.Equal(PeerMessage.Have(new PieceIndex(7)), Assert.Single(batch.Messages.ToArray()));
        _owner.ExpectNoMsg(TimeSpan.Zero);
        batch.Release();
        receiver.ReleaseBatches();
        Assert.Equal(0, slabs.Rented);
    }

    [Fact]
    public async Task Very_many_short_messages_come_in_batches_of_bounded_length()
    {
        const int Count = 30_000;
        var (receiver, slabs) = Receiver(batches: 4);
        var receiving = receiver.ContinueAsync(default);
        var sending = _sender.SendAsync(new byte[4 * Count]);
        var received = 0;
        while (received < Count)
        {
            var batch = _owner.ExpectMsg<PeerConnectionProtocol.Received>(Patience).Batch;
            Assert.InRange(batch.Count, 1, 2_048);
            Assert.All(batch.Messages.ToArray(), static message => Assert.Equal(PeerMessageKind.KeepAlive, message.Kind));
            received += batch.Count;
            batch.Release();
        }
        Assert.Equal(4 * Count, await sending);
        _sender.Dispose();
        Assert.Equal(FaultCause.Closed, _connection.ExpectMsg<ConnectionEnd>(Patience).Cause);
        await receiving.WaitAsync(Patience);
        Assert.Equal((Count, 0), (received, slabs.Rented));
    }

    [Fact]
    public async Task Memory_for_a_long_message_grows_with_what_has_come_of_it()
    {
        var (receiver, slabs) = Receiver(batches: 1);
        var receiving = receiver.ContinueAsync(default);
        var message = WirePeer.Bytes(PeerMessage.Extended(0, Enumerable.Range(0, 1000 * KiB).Select(static i => (byte)i).ToArray()));
        var sent = 0;
        foreach (var until in new[] { 5, 100 * KiB, 300 * KiB, 900 * KiB })
        {
            while (sent < until)
                sent += await _sender.SendAsync(message.AsMemory(sent, until - sent), SocketFlags.None);
            await Eventually.HoldsAsync(() => _socket.Available == 0, static () => "the receiver does not read");
            Assert.InRange(slabs.Budget.Taken, 0, Math.Max(128 * KiB, 4 * until));
        }
        while (sent < message.Length)
            sent += await _sender.SendAsync(message.AsMemory(sent), SocketFlags.None);

        var batch = _owner.ExpectMsg<PeerConnectionProtocol.Received>(Patience).Batch;
        Assert.Equal(message.AsSpan(6), Assert.Single(batch.Messages.ToArray()).Payload.Span);
        batch.Release();
        _sender.Dispose();
        await receiving.WaitAsync(Patience);
        Assert.Equal((0, 0L), (slabs.Rented, slabs.Budget.Taken));
    }

    [Fact]
    public async Task A_peer_that_stops_in_the_middle_of_a_block_holds_room_for_that_block_alone()
    {
        var (receiver, slabs) = Receiver(batches: 2);
        var receiving = receiver.ContinueAsync(default);
        var block = WirePeer.Bytes(PeerMessage.Block(new PieceIndex(3), 0, new byte[FileLayout.BlockLength]));
        block = [.. block, .. block];
        foreach (var part in new[] { 5, 6_000, (block.Length / 2) + 1_995 })
        {
            await _sender.SendAsync(block.AsMemory(0, part));
            block = block[part..];
            await Eventually.HoldsAsync(() => _socket.Available == 0, static () => "the receiver does not read");
            Assert.InRange(slabs.Budget.Taken, 0, 2 * slabs.MediumLength);
        }
        var batch = _owner.ExpectMsg<PeerConnectionProtocol.Received>(Patience).Batch;
        Assert.Equal(FileLayout.BlockLength, Assert.Single(batch.Messages.ToArray()).Payload.Length);
        batch.Release();
        _sender.Dispose();
        await receiving.WaitAsync(Patience);
        Assert.Equal((0, 0L), (slabs.Rented, slabs.Budget.Taken));
    }

    [Fact]
    public async Task While_the_budget_is_spent_blocks_go_on_and_long_messages_wait()
    {
        var budget = new ByteBudget(1);
        var (receiver, slabs) = Receiver(batches: 4, budget);
        budget.Take(1);
        var receiving = receiver.ContinueAsync(default);
        var block = new byte[FileLayout.BlockLength];
        new Random(1).NextBytes(block);
        for (var i = 0; i < 3; i++)
        {
            await SendAsync(PeerMessage.Block(new PieceIndex(i), 0, block));
            var batch = _owner.ExpectMsg<PeerConnectionProtocol.Received>(Patience).Batch;
            Assert.Equal(block, Assert.Single(batch.Messages.ToArray()).Payload.ToArray());
            Assert.InRange(budget.Taken, 1, 64 * KiB);
            batch.Release();
        }
        var sending = SendAsync(PeerMessage.Extended(0, new byte[1000 * KiB]));
        await Eventually.HoldsAsync(() => slabs.Rented > 0, static () => "the long message does not begin");
        _owner.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Assert.InRange(budget.Taken, 1, 200 * KiB);

        budget.Return(10 << 20);
        var late = _owner.ExpectMsg<PeerConnectionProtocol.Received>(Patience).Batch;
        Assert.Equal(1000 * KiB, Assert.Single(late.Messages.ToArray()).Payload.Length);
        late.Release();
        await sending;
        _sender.Dispose();
        await receiving.WaitAsync(Patience);
        Assert.Equal(0, slabs.Rented);
    }

    [Fact]
    public async Task What_comes_fast_is_received_in_rounds_as_it_was_sent_to_the_last_byte()
    {
        const int Messages = 3_000;
        var random = new Random(3);
        var lengths = Enumerable.Range(0, Messages).Select(_ => random.Next(4) == 0 ? random.Next(1, 100) : FileLayout.BlockLength).ToArray();
        var (receiver, slabs) = Receiver(batches: 4, gatherWait: TimeSpan.FromSeconds(1));
        var receiving = receiver.ContinueAsync(default);
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < Messages; i++)
            {
                await SendAsync(PeerMessage.Extended(0, Payload(i, lengths[i])));
                // The last comes when nothing has come for a while; it is not held up.
                if (i == Messages - 2)
                    await Task.Delay(TimeSpan.FromMilliseconds(20));
            }
            _sender.Dispose();
        });
        for (var received = 0; received < Messages;)
        {
            var batch = _owner.ExpectMsg<PeerConnectionProtocol.Received>(Patience).Batch;
            foreach (var message in batch.Messages)
            {
                Assert.Equal(Payload(received, lengths[received]), message.Payload.Span);
                received++;
            }
            batch.Release();
        }
        await sending.WaitAsync(Patience);
        Assert.Equal(FaultCause.Closed, _connection.ExpectMsg<ConnectionEnd>(Patience).Cause);
        await receiving.WaitAsync(Patience);
        Assert.Equal(0, slabs.Rented);
    }

    [Fact]
    public async Task A_receiver_that_is_stopped_between_rounds_ends()
    {
        var (receiver, slabs) = Receiver(batches: 4, gatherWait: TimeSpan.FromSeconds(30));
        var receiving = receiver.ContinueAsync(default);
        var sending = SendManyAsync();
        for (var received = 0; received < 1_000;)
        {
            var batch = _owner.ExpectMsg<PeerConnectionProtocol.Received>(Patience).Batch;
            received += batch.Count;
            batch.Release();
        }
        await sending;
        receiver.Stop();
        _socket.Dispose();
        await receiving.WaitAsync(Patience);
        receiver.ReleaseBatches();
        _connection.ExpectNoMsg(TimeSpan.Zero);
        Assert.Equal(0, slabs.Rented);

        async Task SendManyAsync()
        {
            for (var i = 0; i < 1_000; i++)
                await SendAsync(PeerMessage.Extended(0, new byte[FileLayout.BlockLength]));
        }
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _sender.Dispose();
        _socket.Dispose();
    }

    private static byte[] Payload(int number, int length)
    {
        var bytes = new byte[length];
        new Random(number).NextBytes(bytes);
        return bytes;
    }

    private async Task SendAsync(PeerMessage message)
    {
        var bytes = WirePeer.Bytes(message);
        for (var sent = 0; sent < bytes.Length;)
            sent += await _sender.SendAsync(bytes.AsMemory(sent), SocketFlags.None);
    }

    private (PeerReceiver Receiver, SlabPool Slabs) Receiver(int batches, ByteBudget? budget = null, TimeSpan? gatherWait = null)
    {
        var slabs = new SlabPool(128 * KiB, 4, budget ?? new ByteBudget(long.MaxValue));
        var environment = new PeerEnvironment(
            _content.Metainfo.InfoHash,
            PeerId.Create(new Random(1)),
            _content.Metainfo.Layout,
            new PeerOptions
            {
                BatchesInFlight = batches,
                Tick = TimeSpan.FromMilliseconds(10),
                ReceiveGatherWait = gatherWait ?? TimeSpan.FromMilliseconds(10),
            },
            ActorRefs.Nobody,
            slabs,
            ListenPort: 1,
            TimeProvider.System);
        return (new PeerReceiver(1, _socket, _owner.Ref, Sys.ActorOf(Props.Create(() => new Connection(_connection.Ref))), environment), slabs);
    }

    /// <summary>Receives when it is told to, as a connection does, and hands everything else on.</summary>
    private sealed class Connection : ReceiveActor
    {
        public Connection(IActorRef other)
        {
            Receive<PeerConnectionProtocol.ReceiveRound>(static round => round.Turn.Begin());
            Receive<PeerConnectionProtocol.ReceiveMore>(static more => more.Credit.GoOn());
            ReceiveAny(other.Tell);
        }
    }
}
