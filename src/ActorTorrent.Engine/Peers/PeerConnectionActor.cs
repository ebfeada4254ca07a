using System.Net.Sockets;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Peers;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// TCP I/O of one connection: owns the socket, frames bytes into messages and messages into bytes. It is never
/// restarted: a stream that broke in mid-frame is gone. It dies with its socket and its owner learns why.
/// </summary>
internal sealed class PeerConnectionActor : ObservedActor, IWithTimers
{
    private static readonly object SendDeadline = new();

    private readonly PeerEnvironment _environment;
    private readonly PeerConnectionStart _start;
    private readonly IActorRef _owner;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<ArraySegment<byte>> _segments = [];
    private Socket? _socket;
    private PeerReceiver? _receiver;
    private Task<ConnectionEnd>? _receiving;
    private Outbox _filling = new();
    private Outbox _leaving = new();
    private bool _isSending;
    private bool _hasEnded;

    public PeerConnectionActor(PeerEnvironment environment, PeerConnectionStart start)
    {
        _environment = environment;
        _start = start;
        _owner = Context.Parent;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorKind Kind => ActorKind.Connection;

    protected override string State => _hasEnded ? "Ended" : _isSending ? "Sending" : "Open";

    public static Props Props(PeerEnvironment environment, PeerConnectionStart start)
        => Akka.Actor.Props.Create(() => new PeerConnectionActor(environment, start));

    protected override void PreStart()
    {
        var accepted = _start.Accepted;
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
        _receiver = new PeerReceiver(_start.Session, _socket, _owner, _environment.Options, _environment.Limits, _environment.Slabs);
        var own = new Handshake(_environment.InfoHash, _environment.OwnId, _environment.Capabilities);
        if (accepted is null)
        {
            _receiving = _receiver.DialAsync(_environment.Connector, _start.EndPoint, own, _stop.Token);
        }
        else
        {
            Span<byte> bytes = stackalloc byte[Handshake.Length];
            own.Write(bytes);
            _filling.Add(bytes);
            Flush();
            _owner.Tell(new PeerConnectionProtocol.HandshakeReceived(_start.Session, accepted.Handshake));
            _receiving = _receiver.ContinueAsync(accepted.Leftover, _stop.Token);
        }
        _receiving.PipeTo(Self, failure: e => new ConnectionEnd(FaultPhase.Transfer, FaultCause.InternalError, e.ToString()));
    }

    protected override void PostStop()
    {
        _stop.Cancel();
        _socket?.Dispose();
        // The owner handles none of this connection's batches any more, but the loop may still be filling one.
        _receiving?.ContinueWith(
            static (_, receiver) => ((PeerReceiver)receiver!).ReleaseBatches(), _receiver, TaskScheduler.Default);
        _filling.Dispose();
        // A send in flight still reads from the buffers that are leaving; they are left to the collector.
        if (!_isSending)
            _leaving.Dispose();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case PeerConnectionProtocol.SendRequests requests:
                foreach (var block in requests.Blocks)
                    _filling.Add(PeerMessage.Request(block));
                Flush();
                break;
            case PeerConnectionProtocol.SendBlocks blocks:
                _filling.Add(blocks.Blocks, blocks.Offset, blocks.Buffer);
                Flush();
                break;
            case PeerConnectionProtocol.SendHaves haves:
                foreach (var piece in haves.Pieces)
                    _filling.Add(PeerMessage.Have(piece));
                Flush();
                break;
            case PeerConnectionProtocol.Send send:
                foreach (var item in send.Messages)
                    _filling.Add(item);
                Flush();
                break;
            case PeerConnectionProtocol.SendPaced paced:
                _filling.AddPaced(paced.Message);
                Flush();
                break;
            case PeerConnectionProtocol.UseLimits use:
                _receiver!.UseLimits(use.Limits);
                break;
            case SendCompleted completed:
                _isSending = false;
                Timers.Cancel(SendDeadline);
                OnSent(completed.Error);
                break;
            case SendLate:
                End(new(FaultPhase.Transfer, FaultCause.SendTimeout, $"nothing taken for {_environment.Options.SendTimeout.TotalSeconds:0} s"));
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
        if (_filling.ControlBytes > _environment.Options.MaxUnsentBytes)
            End(new(FaultPhase.Transfer, FaultCause.SendTimeout, $"{_filling.ControlBytes} bytes wait for it and it does not read"));
        while (!_isSending && !_filling.IsEmpty && !_hasEnded)
        {
            (_filling, _leaving) = (_leaving, _filling);
            _leaving.ListSegments(_segments);
            _isSending = true;
            var sending = SendAsync();
            if (!sending.IsCompletedSuccessfully)
            {
                Timers.StartSingleTimer(SendDeadline, SendLate.Instance, _environment.Options.SendTimeout);
                sending.PipeTo(Self, failure: e => new SendCompleted(e.Message));
                return;
            }
            _isSending = false;
            AccountSent();
        }
    }

    private async Task<SendCompleted> SendAsync()
    {
        if (_segments.Count == 1)
            await _socket!.SendAsync(_segments[0].AsMemory(), SocketFlags.None).ConfigureAwait(false);
        else
            await _socket!.SendAsync(_segments, SocketFlags.None).ConfigureAwait(false);
        return SendCompleted.Success;
    }

    private void OnSent(string? error)
    {
        AccountSent();
        if (error is not null)
            End(new(FaultPhase.Transfer, FaultCause.Reset, error));
        else
            Flush();
    }

    private void AccountSent()
    {
        var payload = _leaving.PayloadBytes;
        var paced = _leaving.PacedMessages;
        _leaving.Clear();
        if (paced > 0)
            _owner.Tell(new PeerConnectionProtocol.PacedSent(_start.Session, paced));
        if (payload > 0)
            _owner.Tell(new PeerConnectionProtocol.BlocksSent(_start.Session, payload));
    }

    private void End(ConnectionEnd end)
    {
        if (_hasEnded)
            return;
        _hasEnded = true;
        _stop.Cancel();
        _socket?.Dispose();
        _owner.Tell(new PeerConnectionProtocol.Ended(_start.Session, end));
    }

    private sealed record SendCompleted(string? Error) : IDeadLetterSuppression
    {
        public static readonly SendCompleted Success = new((string?)null);
    }

    private sealed record SendLate
    {
        public static readonly SendLate Instance = new();
    }
}
