using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// The reading half of a connection: connects, exchanges the handshake under absolute deadlines, then frames what comes
/// into batches for the peer actor. One async loop, which tells the connection's actor why it ends and never throws; closing the socket
/// ends it too. A peer that sends nothing costs the loop alone: no buffer, no timer, nothing that waits for being cancelled.
/// </summary>
internal sealed class PeerReceiver
{
    private const int EvidenceLength = 64;

    // Messages told of at once: the shortest have 4 bytes, and 128 KiB of them would take megabytes.
    private const int MostMessages = 2_048;

    private readonly int _session;
    private readonly Socket _socket;
    private readonly IActorRef _owner;
    private readonly IActorRef _connection;
    private readonly PeerEnvironment _environment;
    private readonly ReceiveCredit _credit;
    private readonly InboundBatch?[] _ring;
    private volatile PeerMessageLimits _limits;
    private volatile bool _isStopped;
    private int _next;
    private long _received;
    private ReceiveGathering? _gathering;
    private ReceiveTurn? _turn;

    // The slab being filled: [_parsed, _filled) is a message that is not whole yet, of which so many bytes are needed to go on.
    private Slab? _slab;
    private int _parsed;
    private int _filled;
    private int _needed;

    // Whether more messages may lie there than were told of at once.
    private bool _isCut;

    // Whether the last receive took everything that was there.
    private bool _isDrained;

    public PeerReceiver(int session, Socket socket, IActorRef owner, IActorRef connection, PeerEnvironment environment)
    {
        _session = session;
        _socket = socket;
        _owner = owner;
        _connection = connection;
        _environment = environment;
        _limits = environment.Limits;
        _credit = new ReceiveCredit(environment.Options.BatchesInFlight, connection);
        _ring = new InboundBatch?[environment.Options.BatchesInFlight];
    }

    private PeerOptions Options => _environment.Options;

    private SlabPool Slabs => _environment.Slabs;

    /// <summary>Dials, shakes hands, and receives until the connection ends.</summary>
    public async Task DialAsync(IPEndPoint endPoint, Handshake own)
    {
        ConnectionEnd? end;
        try
        {
            end = await ConnectAsync(endPoint).ConfigureAwait(false);
            if (end is null)
            {
                _owner.Tell(new PeerConnectionProtocol.Connected(_session), ActorRefs.NoSender);
                end = await ShakeHandsAsync(own).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            end = Unexpected(e);
        }
        if (end is null)
            await ReceiveAsync().ConfigureAwait(false);
        else
            Over(end);
    }

    /// <summary>Goes on with a connection whose handshake was read by somebody else, who may have read too far.</summary>
    public Task ContinueAsync(ReadOnlyMemory<byte> leftover)
    {
        if (!leftover.IsEmpty)
        {
            _slab = Slabs.RentFor(leftover.Length);
            leftover.CopyTo(_slab.Memory);
            _filled = leftover.Length;
        }
        return ReceiveAsync();
    }

    /// <summary>Holds what is framed from now on against other limits.</summary>
    public void UseLimits(PeerMessageLimits limits) => _limits = limits;

    /// <summary>Nobody is told of anything any more. The loop ends once the socket is closed.</summary>
    public void Stop()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        // It may be waiting for one of these instead of the socket.
        _credit.Stop();
        _turn?.Begin();
    }

    /// <summary>Returns the memory of batches that their owner will never see. Only when the owner processes nothing any more.</summary>
    public void ReleaseBatches()
    {
        foreach (var batch in _ring)
            batch?.Release();
    }

    private async Task<ConnectionEnd?> ConnectAsync(IPEndPoint endPoint)
    {
        using var deadline = new CancellationTokenSource(Options.ConnectTimeout);
        try
        {
            await _environment.Connector.ConnectAsync(_socket, endPoint, deadline.Token).ConfigureAwait(false);
            return null;
        }
        catch (SocketException e)
        {
            return SocketFaults.Map(FaultPhase.Connect, e);
        }
        catch (OperationCanceledException)
        {
            return new(FaultPhase.Connect, FaultCause.ConnectTimeout, $"no connection within {Seconds(Options.ConnectTimeout)}");
        }
    }

    private async Task<ConnectionEnd?> ShakeHandsAsync(Handshake own)
    {
        using var deadline = new CancellationTokenSource(Options.HandshakeTimeout);
        _slab = Slabs.RentFor(Handshake.Length);
        try
        {
            var bytes = new byte[Handshake.Length];
            own.Write(bytes);
            await _socket.SendAsync(bytes, SocketFlags.None, deadline.Token).ConfigureAwait(false);
            while (true)
            {
                var count = await _socket.ReceiveAsync(_slab.Memory[_filled..], SocketFlags.None, deadline.Token).ConfigureAwait(false);
                if (count == 0)
                    return new(FaultPhase.Handshake, FaultCause.Closed, $"closed after {_filled} of {Handshake.Length} handshake bytes", Evidence(0));
                _filled += count;
                if (JudgeHandshake(_slab.Memory.Span[..Math.Min(_filled, Handshake.Length)], own.InfoHash) is { } verdict)
                    return verdict with { Evidence = Evidence(0) };
                if (_filled >= Handshake.Length)
                    break;
            }
        }
        catch (SocketException e)
        {
            return SocketFaults.Map(FaultPhase.Handshake, e) with { Evidence = Evidence(0) };
        }
        catch (OperationCanceledException)
        {
            return new(
                FaultPhase.Handshake,
                FaultCause.HandshakeTimeout,
                $"{_filled} of {Handshake.Length} handshake bytes within {Seconds(Options.HandshakeTimeout)}",
                Evidence(0));
        }
        _owner.Tell(
            new PeerConnectionProtocol.HandshakeReceived(_session, Handshake.Read(_slab.Memory.Span[..Handshake.Length])),
            ActorRefs.NoSender);
        _parsed = Handshake.Length;
        return null;
    }

    internal static ConnectionEnd? JudgeHandshake(ReadOnlySpan<byte> bytes, InfoHash expected) => HandshakeCheck.Examine(bytes, expected) switch
    {
        HandshakeVerdict.WrongProtocol => new(FaultPhase.Handshake, FaultCause.WrongProtocol, "the first 20 bytes are not BitTorrent's"),
        HandshakeVerdict.WrongInfoHash => new(FaultPhase.Handshake, FaultCause.WrongInfoHash, "the handshake names another torrent"),
        _ => null,
    };

    /// <summary>Frames what is there already, and then receives and frames until the end.</summary>
    private async Task ReceiveAsync()
    {
        ConnectionEnd? end = null;
        try
        {
            while (true)
            {
                if (_parsed < _filled)
                {
                    await _credit.TakeAsync().ConfigureAwait(false);
                    // What it was given by the stop is no free batch.
                    if (_isStopped)
                        break;
                    end = Deliver();
                    if (end is not null || _isStopped)
                        break;
                    if (_isCut)
                        continue;
                }
                if (_parsed == _filled)
                    DropSlab();
                while (IsToWait)
                    await Task.Delay(Options.Tick, _environment.Time).ConfigureAwait(false);
                while (_gathering is { IsOn: true } gathering && (_isDrained || _socket.Available == 0))
                {
                    if (!_isDrained)
                        gathering.WasEmpty();
                    _isDrained = false;
                    if (gathering.IsOn)
                        await NextRoundOf(gathering).ConfigureAwait(false);
                    if (_isStopped)
                        break;
                }
                var ready = 0;
                if (_slab is null)
                {
                    // In a round there is something, and soon a slab full.
                    ready = _gathering is { IsOn: true } ? Slabs.SlabLength : _socket.Available;
                    if (ready == 0)
                    {
                        // An idle peer holds no buffer: wait for the first byte with none.
                        await _socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None).ConfigureAwait(false);
                        ready = _socket.Available;
                    }
                }
                MakeRoom(ready);
                var room = _slab!.Memory[_filled..];
                var count = await _socket.ReceiveAsync(room, SocketFlags.None).ConfigureAwait(false);
                if (count == 0)
                {
                    var rest = _filled - _parsed;
                    end = new(FaultPhase.Transfer, FaultCause.Closed, rest == 0 ? "the peer closed the connection" : $"closed {rest} bytes into a message");
                    break;
                }
                _filled += count;
                _isDrained = count < room.Length;
                Gather(count);
            }
        }
        catch (SocketException e)
        {
            end = SocketFaults.Map(FaultPhase.Transfer, e);
        }
        catch (Exception e)
        {
            end = Unexpected(e);
        }
        Over(end);
    }

    /// <summary>
    /// Whether a message longer than honest peers send has to wait in the socket, because all connections together hold what they may. Blocks
    /// never wait: there is always room for one.
    /// </summary>
    private bool IsToWait => _slab is not null && _needed > Slabs.SlabLength && Slabs.Budget.IsSpent && !_isStopped;

    /// <summary>Counts what came. Only a connection that brings much is looked at.</summary>
    private void Gather(int count)
    {
        _received += count;
        if (_gathering is not null)
            _gathering.Received(count);
        else if (_received >= ReceiveGathering.WindowBytes && Options.ReceiveGatherBytes > 0 && OperatingSystem.IsLinux())
        {
            _turn = new ReceiveTurn(_connection);
            _gathering = new ReceiveGathering(_socket, Options.ReceiveGatherBytes, Options.ReceiveGatherWait, _environment.Rounds, _turn, _environment.Time);
        }
    }

    private ValueTask NextRoundOf(ReceiveGathering gathering)
    {
        var round = gathering.NextRound();
        // A connection that has stopped handles no round any more.
        if (_isStopped)
            _turn!.Begin();
        return round;
    }

    private void Over(ConnectionEnd? end)
    {
        DropSlab();
        if (end is not null && !_isStopped)
            _connection.Tell(end, ActorRefs.NoSender);
    }

    /// <summary>Frames what is buffered and tells the owner; the end of the connection when a message breaks the protocol.</summary>
    private ConnectionEnd? Deliver()
    {
        var batch = _ring[_next] ??= new InboundBatch(_session, _credit);
        _next = (_next + 1) % _ring.Length;
        var limits = _limits;
        batch.Begin(_slab!, limits);
        ConnectionEnd? end = null;
        try
        {
            ReadOnlyMemory<byte> buffered = _slab!.Memory[.._filled];
            while (batch.Count < MostMessages && PeerMessageReader.TryRead(buffered[_parsed..], limits, out var message, out var consumed, out _needed) == PeerReadStatus.Read)
            {
                batch.Add(message, consumed);
                _parsed += consumed;
            }
        }
        catch (PeerWireException e)
        {
            end = new(FaultPhase.Wire, CauseOf(e.Error), e.Message, Evidence(_parsed));
        }
        _isCut = batch.Count == MostMessages;
        if (batch.Count > 0)
            _owner.Tell(batch.Message, ActorRefs.NoSender);
        else
            batch.ReleaseUnused(ref _next, _ring.Length);
        return end;
    }

    /// <summary>Makes sure that the slab has room for the rest of the message that is coming in.</summary>
    /// <param name="ready">How many bytes wait in the socket, as far as that is known.</param>
    private void MakeRoom(int ready)
    {
        // Who has brought little so far gets room for the message at hand and no more: thousands may stop in the middle of one.
        var isBusy = _received >= ReceiveGathering.WindowBytes;
        if (_slab is null)
        {
            ready = Math.Min(ready, Slabs.SlabLength);
            _slab = isBusy || Slabs.Budget.IsSpent ? Slabs.RentFor(ready) : Slabs.RentForOne(ready);
            _parsed = _filled = 0;
            return;
        }
        var rest = _filled - _parsed;
        var room = _slab.Memory.Length - _parsed;
        var left = _slab.Memory.Length - _filled;
        if (room > _needed && left >= (isBusy ? Slabs.SlabLength / 4 : 1))
            return;
        // A length is only a claim: memory for a long message grows with what has come of it, not more than twice as large.
        var isLong = _needed > Slabs.SlabLength;
        if (left > 0 && (isLong || (room >= _needed && Slabs.Budget.IsSpent)))
            return;
        var usual = isBusy ? Slabs.SlabLength : Slabs.MediumLength;
        var length = isLong ? Math.Min(_needed, Math.Max(usual, 2 * rest)) : Math.Max(_needed, rest) + 1;
        var next = length > usual || isBusy ? Slabs.Rent(length) : Slabs.RentForOne(length);
        _slab.Memory.Slice(_parsed, rest).CopyTo(next.Memory);
        _slab.Release();
        _slab = next;
        _parsed = 0;
        _filled = rest;
    }

    private void DropSlab()
    {
        _slab?.Release();
        _slab = null;
        _parsed = _filled = 0;
        _needed = 0;
    }

    private byte[] Evidence(int from)
        => _slab is null ? [] : _slab.Memory.Span[from..Math.Min(_filled, from + EvidenceLength)].ToArray();

    internal static FaultCause CauseOf(PeerWireError error) => error switch
    {
        PeerWireError.OversizedMessage => FaultCause.OversizedMessage,
        PeerWireError.BadBitfield => FaultCause.BadBitfield,
        PeerWireError.IndexOutOfRange => FaultCause.IndexOutOfRange,
        _ => FaultCause.MalformedMessage,
    };

    /// <summary>A bug of ours, unless the socket was closed under the loop: then nobody is told.</summary>
    private static ConnectionEnd Unexpected(Exception exception) => new(FaultPhase.Transfer, FaultCause.InternalError, exception.ToString());

    private static string Seconds(TimeSpan time) => FormattableString.Invariant($"{time.TotalSeconds:0.###} s");
}
