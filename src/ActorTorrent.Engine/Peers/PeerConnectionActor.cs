using System.Net.Sockets;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// TCP I/O of one connection: owns the socket, frames bytes into messages and messages into bytes. It is never
/// restarted: a stream that broke in mid-frame is gone. It dies with its socket and its owner learns why.
/// </summary>
internal sealed class PeerConnectionActor : ObservedActor
{
    // What may wait for a peer even while all connections together hold what they may.
    private const int AlwaysFree = 16 << 10;

    // A send may be many blocks, and the peer's line slow: who takes one within the timeout is waited for.
    private const int LeastTaken = FileLayout.BlockLength;

    private readonly PeerEnvironment _environment;
    private readonly PeerConnectionStart _start;
    private readonly IActorRef _owner;
    private Socket? _socket;
    private PeerReceiver? _receiver;
    private Task? _receiving;

    // What waits, and what is on its way; null while there is nothing.
    private Outbox? _filling;
    private Outbox? _leaving;
    private int _sends;
    private ICancelable? _sendWatch;
    private long _taken;
    private long _acknowledged;
    private int _booked;
    private bool _hasEnded;

    public PeerConnectionActor(PeerEnvironment environment, PeerConnectionStart start)
    {
        _environment = environment;
        _start = start;
        _owner = Context.Parent;
    }

    protected override ActorKind Kind => ActorKind.Connection;

    protected override string State => _hasEnded ? "Ended" : _leaving is not null ? "Sending" : "Open";

    private Outbox Filling => _filling ??= _environment.Outboxes.Rent();

    public static Props Props(PeerEnvironment environment, PeerConnectionStart start)
        => Akka.Actor.Props.Create(() => new PeerConnectionActor(environment, start));

    protected override void PreStart()
    {
        var accepted = _start.TakeAccepted();
        try
        {
            _socket = accepted?.Socket ?? _environment.Connector.Create(_start.EndPoint.AddressFamily);
            _socket.NoDelay = true;
        }
        catch (SocketException e)
        {
            // No descriptor is left, say, or the system has no such addresses.
            End(SocketFaults.Map(accepted is null ? FaultPhase.Connect : FaultPhase.Handshake, e));
            return;
        }
        _receiver = new PeerReceiver(_start.Session, _socket, _owner, Self, _environment);
        if (accepted is null)
        {
            _receiving = _receiver.DialAsync(_start.EndPoint, _environment.OwnHandshake);
            return;
        }
        Span<byte> bytes = stackalloc byte[Handshake.Length];
        _environment.OwnHandshake.Write(bytes);
        Filling.Add(bytes);
        Flush();
        _owner.Tell(new PeerConnectionProtocol.HandshakeReceived(_start.Session, accepted.Handshake));
        _receiving = _receiver.ContinueAsync(accepted.Leftover);
    }

    protected override void PostStop()
    {
        Close();
        _sendWatch?.Cancel();
        // The owner handles none of this connection's batches any more, but the loop may still be filling one.
        _receiving?.ContinueWith(
            static (_, receiver) => ((PeerReceiver)receiver!).ReleaseBatches(), _receiver, TaskScheduler.Default);
        _environment.SendBudget.Return(_booked);
        _filling?.Dispose();
        // A send in flight still reads from the buffers that are leaving; it gives them back when the closed socket has ended it.
        _leaving?.Abandon();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case PeerConnectionProtocol.SendRequests requests:
                foreach (var block in requests.Batch.List)
                    Filling.Add(PeerMessage.Request(block));
                requests.Batch.Recycle();
                Flush();
                break;
            case PeerConnectionProtocol.SendBlocks blocks:
                Filling.Add(blocks.Run, blocks.Buffer);
                blocks.Run.Recycle();
                Flush();
                break;
            case PeerConnectionProtocol.SendHaves haves:
                foreach (var piece in haves.Pieces)
                    Filling.Add(PeerMessage.Have(piece));
                Flush();
                break;
            case PeerConnectionProtocol.Send send:
                foreach (var item in send.Messages)
                    Filling.Add(item);
                Flush();
                break;
            case PeerConnectionProtocol.SendPaced paced:
                Filling.AddPaced(paced.Message);
                Flush();
                break;
            case PeerConnectionProtocol.UseLimits use:
                _receiver?.UseLimits(use.Limits);
                break;
            case PeerConnectionProtocol.SendCompleted:
                OnSent();
                Flush();
                break;
            case PeerConnectionProtocol.ReceiveRound round:
                round.Turn.Begin();
                break;
            case PeerConnectionProtocol.ReceiveMore more:
                more.Credit.GoOn();
                break;
            case SendLate late:
                OnSendLate(late);
                break;
            case ConnectionEnd end:
                End(end);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Flush()
    {
        if (_filling?.ControlBytes > _environment.Options.MaxUnsentBytes)
            End(new(FaultPhase.Transfer, FaultCause.SendTimeout, $"{_filling.ControlBytes} bytes wait for it and it does not read"));
        while (_leaving is null && _filling is { IsEmpty: false } && !_hasEnded)
        {
            var outbox = _leaving = _filling;
            _filling = null;
            _sends++;
            if (!outbox.Send(_socket!, Self))
            {
                WatchSends();
                break;
            }
            OnSent();
        }
        Book();
    }

    /// <summary>Counts what waits because the peer does not read; who makes us keep more than a little while too much waits for all is let go.</summary>
    private void Book()
    {
        var waiting = _hasEnded ? 0 : _filling?.ControlBytes ?? 0;
        if (waiting == _booked)
            return;
        _environment.SendBudget.Take(waiting - _booked);
        _booked = waiting;
        if (waiting > AlwaysFree && _environment.SendBudget.IsSpent)
            End(new(FaultPhase.Transfer, FaultCause.SendTimeout, $"{waiting} bytes wait for it, all connections together hold {_environment.SendBudget.Taken}, and it does not read"));
    }

    private void OnSent()
    {
        var (payload, paced, error) = (_leaving!.PayloadBytes, _leaving.PacedMessages, _leaving.Error);
        _leaving.Clear();
        _environment.Outboxes.Return(_leaving);
        _leaving = null;
        if (paced > 0)
            _owner.Tell(new PeerConnectionProtocol.PacedSent(_start.Session, paced));
        if (payload > 0)
            _owner.Tell(new PeerConnectionProtocol.BlocksSent(_start.Session, payload, AcknowledgedAfter(payload)));
        if (error != SocketError.Success)
            End(new(FaultPhase.Transfer, FaultCause.Reset, new SocketException((int)error).Message));
    }

    /// <summary>The system asked, but only until it has told of enough.</summary>
    private long AcknowledgedAfter(int payload)
    {
        if (_acknowledged < _environment.Options.UploadWindowBytes && !_hasEnded)
            _acknowledged = TcpProgress.Acknowledged(_socket!) ?? (_acknowledged + payload);
        return _acknowledged;
    }

    /// <summary>One timer looks after many sends: it is not begun anew for each.</summary>
    private void WatchSends()
    {
        if (_sendWatch is not null)
            return;
        _taken = TcpProgress.Acknowledged(_socket!) ?? 0;
        // By the scheduler: timers of an actor's own cost each actor that might need one memory, and hardly any of these does.
        _sendWatch = Context.System.Scheduler.ScheduleTellOnceCancelable(_environment.Options.SendTimeout, Self, new SendLate(_sends), Self);
    }

    private void OnSendLate(SendLate late)
    {
        _sendWatch = null;
        if (_leaving is null || _hasEnded)
            return;
        var taken = (TcpProgress.Acknowledged(_socket!) ?? 0) - _taken;
        if (late.Send == _sends && taken < LeastTaken)
            End(new(FaultPhase.Transfer, FaultCause.SendTimeout, $"{taken} bytes taken within {_environment.Options.SendTimeout.TotalSeconds:0} s"));
        else
            WatchSends();
    }

    private void End(ConnectionEnd end)
    {
        if (_hasEnded)
            return;
        _hasEnded = true;
        Close();
        _owner.Tell(new PeerConnectionProtocol.Ended(_start.Session, end));
    }

    private void Close()
    {
        _receiver?.Stop();
        _socket?.Dispose();
    }

    /// <param name="Send">The number of the send that was under way when the time began.</param>
    private sealed record SendLate(int Send) : IDeadLetterSuppression;
}
