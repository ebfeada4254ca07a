using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Peers;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// One incoming socket until its torrent is known: reads 68 bytes under an absolute deadline, asks the engine for the
/// torrent, hands over socket and leftover bytes, and ends. Nothing is answered to a peer that names no torrent of ours.
/// </summary>
internal sealed class PendingHandshakeActor : ObservedReceiveActor
{
    private readonly EngineContext _context;
    private readonly IActorRef _engine;
    private readonly IPEndPoint _endPoint;
    private Socket? _socket;
    private AcceptedConnection? _connection;

    public PendingHandshakeActor(EngineContext context, Socket socket, IActorRef engine)
    {
        _context = context;
        _socket = socket;
        _engine = engine;
        _endPoint = RemoteOf(socket);
        Receive<HandshakeRead>(OnRead);
        Receive<Failed>(failed => Give(failed.Reason));
        // Absolute: nothing else is heard before the whole handshake.
        Receive<ReceiveTimeout>(_ => Give("no handshake in time"));
        Receive<EngineProtocol.Route>(OnRoute);
    }

    protected override ActorKind Kind => ActorKind.Handshake;

    public static Props Props(EngineContext context, Socket socket, IActorRef engine)
        => Akka.Actor.Props.Create(() => new PendingHandshakeActor(context, socket, engine));

    protected override void PreStart()
    {
        Context.SetReceiveTimeout(_context.Options.Peer.HandshakeTimeout);
        ReadAsync(_socket!, _context.Slabs).PipeTo(Self, failure: e => new Failed(e.Message));
    }

    /// <summary>Closing the socket ends the reading too.</summary>
    protected override void PostStop() => _socket?.Dispose();

    private static async Task<object> ReadAsync(Socket socket, SlabPool slabs)
    {
        var slab = slabs.RentFor(Handshake.Length);
        try
        {
            var buffer = slab.Memory;
            var filled = 0;
            while (filled < Handshake.Length)
            {
                var count = await socket.ReceiveAsync(buffer[filled..], SocketFlags.None).ConfigureAwait(false);
                if (count == 0)
                    return new Failed($"closed after {filled} of {Handshake.Length} handshake bytes");
                filled += count;
                if (HandshakeCheck.Examine(buffer.Span[..Math.Min(filled, Handshake.Length)], expected: null) == HandshakeVerdict.WrongProtocol)
                    return new Failed("the first 20 bytes are not BitTorrent's");
            }
            // A copy: the connection keeps the leftover for good, and mostly it is empty.
            return new HandshakeRead(Handshake.Read(buffer.Span[..Handshake.Length]), buffer.Span[Handshake.Length..filled].ToArray());
        }
        finally
        {
            slab.Release();
        }
    }

    private void OnRead(HandshakeRead read)
    {
        if (read.Handshake.PeerId == _context.OwnId)
        {
            Give("it is ourselves");
            return;
        }
        _connection = new AcceptedConnection(_socket!, read.Handshake, read.Leftover);
        Context.SetReceiveTimeout(null);
        _engine.Tell(new EngineProtocol.FindTorrent(read.Handshake.InfoHash));
    }

    private void OnRoute(EngineProtocol.Route route)
    {
        if (route.Coordinator is null)
        {
            Give($"torrent {_connection!.Handshake.InfoHash} is not ours");
            return;
        }
        _socket = null;
        route.Coordinator.Tell(new CoordinatorProtocol.Incoming(_endPoint, _connection!));
        Context.Stop(Self);
    }

    private void Give(string reason)
    {
        Context.GetLogger().Debug("{0} is closed: {1}", _endPoint, reason);
        Context.Stop(Self);
    }

    private static IPEndPoint RemoteOf(Socket socket)
    {
        var remote = (IPEndPoint)socket.RemoteEndPoint!;
        return remote.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(remote.Address.MapToIPv4(), remote.Port) : remote;
    }

    private sealed record HandshakeRead(Handshake Handshake, ReadOnlyMemory<byte> Leftover) : IDeadLetterSuppression;

    private sealed record Failed(string Reason) : IDeadLetterSuppression;
}
