using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// Accepts peers on IPv4 and IPv6. Each gets a short-lived actor that reads its handshake under an absolute deadline;
/// when too many are pending, newcomers are closed at once.
/// </summary>
internal sealed class PeerListenerActor : ObservedReceiveActor, IWithTimers
{
    private readonly EngineContext _context;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Socket> _listeners = [];
    private readonly Dictionary<IPAddress, int> _pendingFrom = [];
    private int _pending;
    private long _accepted;
    private TimeSpan _pause;

    public PeerListenerActor(EngineContext context)
    {
        _context = context;
        Receive<Accepted>(OnAccepted);
        Receive<ListenAgain>(_ => Listen());
        Receive<PendingEnded>(ended =>
        {
            _pending--;
            if (--_pendingFrom[ended.Address] == 0)
                _pendingFrom.Remove(ended.Address);
        });
        Receive<AcceptFailed>(OnAcceptFailed);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorKind Kind => ActorKind.Listener;

    private AddressFamily FirstFamily =>
        _context.Options.Bind.Uses(AddressFamily.InterNetwork) ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;

    public static Props Props(EngineContext context) => Akka.Actor.Props.Create(() => new PeerListenerActor(context));

    protected override SupervisorStrategy SupervisorStrategy() => Akka.Actor.SupervisorStrategy.StoppingStrategy;

    protected override void PreStart() => Listen();

    private void Listen()
    {
        // After a restart the port must stay what trackers and peers were told.
        var wanted = _context.ListenPort != 0 ? _context.ListenPort : _context.Options.Listen.Port;
        try
        {
            var first = BindFirst(wanted);
            var port = ((IPEndPoint)first.LocalEndPoint!).Port;
            if (Socket.OSSupportsIPv6 && first.AddressFamily == AddressFamily.InterNetwork && _context.Options.Bind.Uses(AddressFamily.InterNetworkV6))
                TryBindV6(port);
            Context.Parent.Tell(new EngineProtocol.Listening(port));
        }
        catch (SocketException e)
        {
            Context.Parent.Tell(new EngineProtocol.ListenFailed(e.SocketErrorCode == SocketError.AddressNotAvailable
                ? $"{_context.Options.Bind.AddressOf(FirstFamily)} is not an address of this host. Choose another with --bind."
                : $"Port {wanted} cannot be listened on: {e.Message}. Choose another with --port."));
            // A port that was ours comes back; one that never was is for the user to choose anew.
            if (_context.ListenPort != 0)
                Timers.StartSingleTimer(ListenAgain.Instance, ListenAgain.Instance, _context.Options.Faults.RetryDelay);
        }
    }

    protected override void PostStop()
    {
        _stop.Cancel();
        CloseListeners();
    }

    private Socket BindFirst(int wanted)
    {
        try
        {
            return Bind(FirstFamily, wanted);
        }
        catch (SocketException e) when (_context.Options.Listen.AnyPortIfTaken && _context.ListenPort == 0 && wanted != 0)
        {
            _log.Warning("Port {0} is not to be had ({1}); another one is taken", wanted, e.Message);
            return Bind(FirstFamily, 0);
        }
    }

    private void TryBindV6(int port)
    {
        try
        {
            Bind(AddressFamily.InterNetworkV6, port);
        }
        catch (SocketException e)
        {
            _log.Warning("Port {0} is not listened on over IPv6: {1}", port, e.Message);
        }
    }

    private Socket Bind(AddressFamily family, int port)
    {
        var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (family == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.Bind(new IPEndPoint(_context.Options.Bind.AddressOf(family), port));
            socket.Listen(_context.Options.Listen.Backlog);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
        _listeners.Add(socket);
        Accept(socket);
        return socket;
    }

    private void Accept(Socket listener)
        => AcceptAsync(listener).PipeTo(Self, failure: e => new AcceptFailed(listener, e));

    private async Task<Accepted> AcceptAsync(Socket listener)
    {
        while (true)
        {
            try
            {
                return new Accepted(listener, await listener.AcceptAsync(_stop.Token).ConfigureAwait(false));
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                // The peer left before we came; the next one counts.
                _log.Debug("A connection ended before it was accepted: {0}", e.Message);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
            {
                _log.Warning("No more connections can be accepted for now: {0}. Raise the limit of open files (ulimit -n).", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), _context.Time, _stop.Token).ConfigureAwait(false);
            }
        }
    }

    private void OnAccepted(Accepted accepted)
    {
        _pause = TimeSpan.Zero;
        Accept(accepted.Listener);
        if (accepted.Socket.RemoteEndPoint is not IPEndPoint remote)
        {
            accepted.Socket.Dispose();
            return;
        }
        var address = remote.Address;
        if (Refusal(address) is var (cause, reason))
        {
            accepted.Socket.Dispose();
            _log.Debug("{0} is refused: {1}", address, reason);
            if (_context.Refusals.Count(remote, default, cause, reason) is { } entry)
                Context.System.EventStream.Publish(entry);
            return;
        }
        _pending++;
        _pendingFrom[address] = _pendingFrom.GetValueOrDefault(address) + 1;
        var pending = Context.ActorOf(PendingHandshakeActor.Props(_context, accepted.Socket, Context.Parent), $"pending-{++_accepted}");
        Context.WatchWith(pending, new PendingEnded(address));
    }

    /// <summary>Why a newcomer is not even listened to; null when it is.</summary>
    private (FaultCause Cause, string Reason)? Refusal(IPAddress address)
    {
        var options = _context.Options.Listen;
        if (_context.Bans.ReasonFor(address) is { } ban)
            return (FaultCause.Banned, ban);
        if (_context.Filter.Blocks(address))
            return (FaultCause.Filtered, "the IP filter names its address");
        return _pending >= options.MaxPending ? (FaultCause.ConnectionLimit, "too many handshakes are pending")
            : _pendingFrom.GetValueOrDefault(address) >= options.MaxPendingPerAddress ? (FaultCause.ConnectionLimit, "too many handshakes of its address are pending")
            : _context.Connections.Free == 0 ? (FaultCause.ConnectionLimit, "there are as many connections as there may be")
            : null;
    }

    /// <summary>A socket that accepts no more is no reason to end: the port is listened on anew, after a pause that doubles while that does not help.</summary>
    private void OnAcceptFailed(AcceptFailed failed)
    {
        if (!_listeners.Contains(failed.Listener))
            return;
        CloseListeners();
        var options = _context.Options.Faults;
        _pause = _pause == TimeSpan.Zero ? options.RetryDelay : _pause * 2;
        if (_pause > options.MaxRetryDelay)
            _pause = options.MaxRetryDelay;
        _log.Error(failed.Reason, "The port is listened on anew in {0}", _pause);
        Timers.StartSingleTimer(ListenAgain.Instance, ListenAgain.Instance, _pause);
    }

    private void CloseListeners()
    {
        foreach (var listener in _listeners)
            listener.Dispose();
        _listeners.Clear();
    }

    private sealed record Accepted(Socket Listener, Socket Socket) : IDeadLetterSuppression;

    private sealed record AcceptFailed(Socket Listener, Exception Reason) : IDeadLetterSuppression;

    private sealed record ListenAgain
    {
        public static readonly ListenAgain Instance = new();
    }

    private sealed record PendingEnded(IPAddress Address);
}
