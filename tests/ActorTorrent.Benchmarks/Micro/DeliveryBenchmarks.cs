using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Peers;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;
using BenchmarkDotNet.Attributes;

namespace ActorTorrent.Benchmarks.Micro;

/// <summary>
/// The way of a block through the real actors: requested, received from a loopback socket, framed, told by the connection to its peer
/// and by the peer to storage, where it is let go. A block each; the other end of the socket is part of the time.
/// </summary>
public class DeliveryBenchmarks
{
    private const int Blocks = 4096;

    private readonly BlockCount _count = new();
    private ActorSystem _system = null!;
    private Socket _near = null!;
    private Socket _far = null!;
    private BlockFeeder _feeder = null!;

    [GlobalSetup]
    public void Setup()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _far.Connect(listener.LocalEndPoint!);
        _near = listener.Accept();

        var settings = EngineSettings.Load();
        _system = ActorSystem.Create("micro", settings.Akka);
        var options = settings.Options.Peer with { SnubTimeout = TimeSpan.FromHours(1), InactivityTimeout = TimeSpan.FromHours(1) };
        var hash = new InfoHash(new byte[InfoHash.Length]);
        var environment = new PeerEnvironment(
            hash,
            PeerId.Create(new Random(1)),
            PieceMessages.Layout(1000),
            options,
            _system.ActorOf(Props.Create(() => new BlockSink(_count)), "storage"),
            new SlabPool(options.ReceiveBufferBytes, kept: 256),
            ListenPort: 0,
            TimeProvider.System);
        var handshake = new Handshake(hash, PeerId.Create(new Random(2)), PeerCapabilities.Fast);
        var accepted = new AcceptedConnection(_near, handshake, Introduction());
        _feeder = new BlockFeeder(_far);
        _feeder.Start();
        _system.ActorOf(Props.Create(() => new BlockSource(environment, accepted)), "torrent");
        Deliver();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _far.Dispose();
        _system.Terminate().Wait();
        _near.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Blocks)]
    public void Deliver()
    {
        _count.Want(Blocks);
        _feeder.Allow(Blocks);
        _count.Wait();
    }

    private static byte[] Introduction()
    {
        var all = new byte[PeerMessageWriter.GetLength(PeerMessage.HaveAll)];
        PeerMessageWriter.Write(all, PeerMessage.HaveAll);
        var unchoke = new byte[PeerMessageWriter.GetLength(PeerMessage.Unchoke)];
        PeerMessageWriter.Write(unchoke, PeerMessage.Unchoke);
        return [.. all, .. unchoke];
    }
}
