using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
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
        Receive<Failed>(failed => Give(failed.Cause, failed.Reason, failed.Evidence));
        // Absolute: nothing else is heard before the whole handshake.
        Receive<ReceiveTimeout>(_ => Give(
            FaultCause.HandshakeTimeout,
            FormattableString.Invariant($"no whole handshake within {_context.Options.Peer.HandshakeTimeout.TotalSeconds:0.###} s")));
        Receive<EngineProtocol.Route>(OnRoute);
    }

    protected override ActorKind Kind => ActorKind.Handshake;

    public static Props Props(EngineContext context, Socket socket, IActorRef engine)
        => Akka.Actor.Props.Create(() => new PendingHandshakeActor(context, socket, engine));

    protected override void PreStart()
    {
        Context.SetReceiveTimeout(_context.Options.Peer.HandshakeTimeout);
        ReadAsync(_socket!, _context.Slabs).PipeTo(Self, failure: Failure);
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
                    return new Failed(FaultCause.Closed, $"closed after {filled} of {Handshake.Length} handshake bytes", Evidence(buffer.Span[..filled]));
                filled += count;
                if (HandshakeCheck.Examine(buffer.Span[..Math.Min(filled, Handshake.Length)], expected: null) == HandshakeVerdict.WrongProtocol)
                    return new Failed(FaultCause.WrongProtocol, "the first 20 bytes are not BitTorrent's", Evidence(buffer.Span[..filled]));
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
            Give(FaultCause.Self, "the peer id is our own");
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
            Give(FaultCause.WrongInfoHash, $"torrent {_connection!.Handshake.InfoHash} is not ours");
            return;
        }
        _socket = null;
        route.Coordinator.Tell(new CoordinatorProtocol.Incoming(_endPoint, _connection!));
        Context.Stop(Self);
    }

    private static byte[] Evidence(ReadOnlySpan<byte> received) => received[..Math.Min(received.Length, Handshake.Length)].ToArray();

    private static Failed Failure(Exception exception) => exception is SocketException failure
        ? new(SocketFaults.Map(FaultPhase.Handshake, failure).Cause, failure.Message, default)
        : new(FaultCause.InternalError, exception.ToString(), default);

    private void Give(FaultCause cause, string reason, ReadOnlyMemory<byte> evidence = default)
    {
        Context.GetLogger().Debug("{0} is closed: {1}", _endPoint, reason);
        var handshake = _connection?.Handshake;
        var client = handshake is { } told ? PeerClient.Describe(told.PeerId) : null;
        if (_context.Refusals.Count(_endPoint, handshake?.InfoHash ?? default, cause, reason, client, evidence) is { } entry)
            Context.System.EventStream.Publish(entry);
        Context.Stop(Self);
    }

    private static IPEndPoint RemoteOf(Socket socket)
    {
        var remote = (IPEndPoint)socket.RemoteEndPoint!;
        return remote.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(remote.Address.MapToIPv4(), remote.Port) : remote;
    }

    private sealed record HandshakeRead(Handshake Handshake, ReadOnlyMemory<byte> Leftover) : IDeadLetterSuppression;

    private sealed record Failed(FaultCause Cause, string Reason, ReadOnlyMemory<byte> Evidence) : IDeadLetterSuppression;
}
