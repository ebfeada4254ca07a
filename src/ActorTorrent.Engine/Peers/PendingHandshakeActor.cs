using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Coordination;
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
    private const int LongestRead = 4096;

    private readonly EngineContext _context;
    private readonly IActorRef _engine;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stop = new();
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
        Receive<EngineProtocol.Route>(OnRoute);
    }

    protected override ActorKind Kind => ActorKind.Handshake;

    public static Props Props(EngineContext context, Socket socket, IActorRef engine)
        => Akka.Actor.Props.Create(() => new PendingHandshakeActor(context, socket, engine));

    protected override void PreStart()
        => ReadAsync(_socket!).PipeTo(Self, failure: e => new Failed(e.Message));

    protected override void PostStop()
    {
        _stop.Cancel();
        _socket?.Dispose();
    }

    private async Task<object> ReadAsync(Socket socket)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        deadline.CancelAfter(_context.Options.Peer.HandshakeTimeout);
        var buffer = new byte[LongestRead];
        var filled = 0;
        while (filled < Handshake.Length)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None, deadline.Token).ConfigureAwait(false);
            if (count == 0)
                return new Failed($"closed after {filled} of {Handshake.Length} handshake bytes");
            filled += count;
            if (HandshakeCheck.Examine(buffer.AsSpan(0, Math.Min(filled, Handshake.Length)), expected: null) == HandshakeVerdict.WrongProtocol)
                return new Failed("the first 20 bytes are not BitTorrent's");
        }
        // A copy: the connection keeps the leftover for good, and mostly it is empty.
        return new HandshakeRead(Handshake.Read(buffer.AsSpan(0, Handshake.Length)), buffer.AsSpan(Handshake.Length, filled - Handshake.Length).ToArray());
    }

    private void OnRead(HandshakeRead read)
    {
        if (read.Handshake.PeerId == _context.OwnId)
        {
            Give("it is ourselves");
            return;
        }
        _connection = new AcceptedConnection(_socket!, read.Handshake, read.Leftover);
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
        _log.Debug("{0} is closed: {1}", _endPoint, reason);
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
