using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Peers;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Tests.EndToEnd;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Peers;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Configs;
using Akka.TestKit.Xunit2;

namespace ActorTorrent.Engine.Tests.Peers;

/// <summary>How long a peer may take for what we send, in virtual time.</summary>
public sealed class SendTimeoutTests : TestKit
{
    private const int KiB = 1 << 10;

    private static readonly PeerOptions Options = new() { MaxUnsentBytes = 64 << 20 };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly GeneratedContent _content = new("content", 5, 256 << 10, [new("a.bin", 1 << 20)]);

    public SendTimeoutTests()
        : base(TestConfigs.TestSchedulerConfig)
    {
    }

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public async Task A_slow_peer_is_waited_for_as_long_as_it_takes_a_block_in_time_and_no_longer()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 64 * KiB };
        peer.Connect(listener.LocalEndPoint!);
        var accepted = new AcceptedConnection(listener.Accept(), new Handshake(_content.Metainfo.InfoHash, PeerId.Create(new Random(2)), PeerCapabilities.Fast), default);
        var props = PeerConnectionActor.Props(Environment(), new PeerConnectionStart(1, (IPEndPoint)peer.LocalEndPoint!, accepted));
        var listens = TestActor;
        var owner = Sys.ActorOf(Akka.Actor.Props.Create(() => new Relay(props, listens)));
        ExpectMsg<PeerConnectionProtocol.HandshakeReceived>(Patience);
        var connection = LastSender;

        // One send, of more than the system's buffers hold.
        connection.Tell(new PeerConnectionProtocol.Send([PeerMessage.Extended(1, new byte[32 << 20])]), TestActor);
        await AnswersAsync(connection);
        var bytes = new byte[64 * KiB];
        using var patience = new CancellationTokenSource(Patience);
        for (var round = 0; round < 5; round++)
        {
            // Half of it has left the peer's buffer for more, whatever was in there before.
            for (var left = 256 * KiB; left > 0;)
                left -= await peer.ReceiveAsync(bytes.AsMemory(0, Math.Min(left, bytes.Length)), patience.Token);
            Scheduler.Advance(Options.SendTimeout);
            await AnswersAsync(connection);
        }
        ExpectNoMsg(TimeSpan.Zero);

        // It stops: what its system still takes by itself is soon full.
        PeerConnectionProtocol.Ended? ended = null;
        await Eventually.HoldsAsync(
            () =>
            {
                Scheduler.Advance(Options.SendTimeout);
                return (ended ??= ReceiveOne(TimeSpan.Zero) as PeerConnectionProtocol.Ended) is not null;
            },
            static () => "a peer that takes nothing is kept");
        Assert.Equal(FaultCause.SendTimeout, ended!.End.Cause);
        Sys.Stop(owner);
    }

    /// <summary>The connection has handled what it was told before.</summary>
    private static Task AnswersAsync(IActorRef connection) => connection.Ask<ActorIdentity>(new Identify(1)).WaitAsync(Patience);

    private PeerEnvironment Environment() => new(
        _content.Metainfo.InfoHash,
        PeerId.Create(new Random(1)),
        _content.Metainfo.Layout,
        Options,
        TestActor,
        new SlabPool(1 << 17, 4),
        ListenPort: 1,
        TimeProvider.System);
}
