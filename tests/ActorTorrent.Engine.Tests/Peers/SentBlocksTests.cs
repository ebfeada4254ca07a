using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Peers;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorTorrent.Engine.Tests.Peers;

/// <summary>What a connection tells of blocks that left.</summary>
public sealed class SentBlocksTests : TestKit
{
    private const int Block = FileLayout.BlockLength;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly GeneratedContent _content = new("content", 5, 256 << 10, [new("a.bin", 1 << 20)]);

    [Fact]
    public async Task What_our_own_system_holds_for_a_peer_that_does_not_read_does_not_count_as_taken()
    {
        // Elsewhere nobody tells.
        if (!OperatingSystem.IsLinux())
            return;
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 2048 };
        peer.Connect(listener.LocalEndPoint!);
        var accepted = new AcceptedConnection(listener.Accept(), new Handshake(_content.Metainfo.InfoHash, PeerId.Create(new Random(2)), PeerCapabilities.Fast), default);
        var environment = Environment();
        var props = PeerConnectionActor.Props(environment, new PeerConnectionStart(1, (IPEndPoint)peer.LocalEndPoint!, accepted));
        var listens = TestActor;
        var owner = Sys.ActorOf(Akka.Actor.Props.Create(() => new Relay(props, listens)));
        ExpectMsg<PeerConnectionProtocol.HandshakeReceived>(Patience);
        var connection = LastSender;

        Send(environment, connection, 0);
        var first = ExpectMsg<PeerConnectionProtocol.BlocksSent>(Patience);
        Assert.Equal(Block, first.PayloadBytes);
        Assert.InRange(first.Acknowledged, 0, Block - 1);

        var rest = Handshake.Length + PeerMessageWriter.BlockHeaderLength + Block;
        var bytes = new byte[rest];
        using var patience = new CancellationTokenSource(Patience);
        while (rest > 0)
            rest -= await peer.ReceiveAsync(bytes.AsMemory(0, rest), patience.Token);
        Send(environment, connection, 1);
        Assert.True(ExpectMsg<PeerConnectionProtocol.BlocksSent>(Patience).Acknowledged > first.Acknowledged);
        Sys.Stop(owner);
    }

    private static void Send(PeerEnvironment environment, IActorRef connection, int block)
    {
        var run = environment.UploadRuns.Rent();
        run.Range = new BlockRequest(new PieceIndex(0), block * Block, Block);
        run.Parts.Add(run.Range);
        run.Blocks.Add(run.Range);
        connection.Tell(new PeerConnectionProtocol.SendBlocks(run, new ReadBuffer(PeerMessageWriter.BlockHeaderLength + Block)));
    }

    private PeerEnvironment Environment() => new(
        _content.Metainfo.InfoHash,
        PeerId.Create(new Random(1)),
        _content.Metainfo.Layout,
        new PeerOptions(),
        TestActor,
        new SlabPool(1 << 17, 4),
        ListenPort: 1,
        TimeProvider.System);
}
