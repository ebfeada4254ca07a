using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Connecting;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// The reading half of a connection: connects, exchanges the handshake under absolute deadlines, then frames what comes
/// into batches for the peer actor. One async loop; it ends with the reason and never throws for what a peer does.
/// </summary>
internal sealed class PeerReceiver
{
    private const int EvidenceLength = 64;

    private readonly int _session;
    private readonly Socket _socket;
    private readonly IActorRef _owner;
    private readonly PeerOptions _options;
    private readonly SlabPool _slabs;
    private readonly SemaphoreSlim _credit;
    private readonly InboundBatch?[] _ring;
    private volatile PeerMessageLimits _limits;
    private int _next;

    // The slab being filled: [_parsed, _filled) is a message that is not whole yet.
    private Slab? _slab;
    private int _parsed;
    private int _filled;
    private int _needed;

    public PeerReceiver(int session, Socket socket, IActorRef owner, PeerOptions options, PeerMessageLimits limits, SlabPool slabs)
    {
        _session = session;
        _socket = socket;
        _owner = owner;
        _options = options;
        _limits = limits;
        _slabs = slabs;
        _credit = new SemaphoreSlim(options.BatchesInFlight, options.BatchesInFlight);
        _ring = new InboundBatch[options.BatchesInFlight];
    }

    /// <summary>Dials, shakes hands, and receives until the connection ends.</summary>
    public async Task<ConnectionEnd> DialAsync(OutgoingConnector connector, IPEndPoint endPoint, Handshake own, CancellationToken stop)
    {
        try
        {
            using (var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop))
            {
                deadline.CancelAfter(_options.ConnectTimeout);
                try
                {
                    await connector.ConnectAsync(_socket, endPoint, deadline.Token).ConfigureAwait(false);
                }
                catch (SocketException e)
                {
                    return SocketFaults.Map(FaultPhase.Connect, e);
                }
                catch (OperationCanceledException) when (!stop.IsCancellationRequested)
                {
                    return new(FaultPhase.Connect, FaultCause.ConnectTimeout, $"no connection within {Seconds(_options.ConnectTimeout)}");
                }
            }
            _owner.Tell(new PeerConnectionProtocol.Connected(_session), ActorRefs.NoSender);
            if (await ShakeHandsAsync(own, stop).ConfigureAwait(false) is { } end)
                return end;
            return await ReceiveAsync(stop).ConfigureAwait(false);
        }
        finally
        {
            DropSlab();
        }
    }

    /// <summary>Goes on with a connection whose handshake was read by somebody else, who may have read too far.</summary>
    public async Task<ConnectionEnd> ContinueAsync(ReadOnlyMemory<byte> leftover, CancellationToken stop)
    {
        try
        {
            if (!leftover.IsEmpty)
            {
                _slab = _slabs.Rent(leftover.Length);
                leftover.CopyTo(_slab.Memory);
                _filled = leftover.Length;
                if (await DeliverAsync(stop).ConfigureAwait(false) is { } end)
                    return end;
            }
            return await ReceiveAsync(stop).ConfigureAwait(false);
        }
        finally
        {
            DropSlab();
        }
    }

    /// <summary>Holds what is framed from now on against other limits.</summary>
    public void UseLimits(PeerMessageLimits limits) => _limits = limits;

    /// <summary>Returns the memory of batches that their owner will never see. Only when the owner processes nothing any more.</summary>
    public void ReleaseBatches()
    {
        foreach (var batch in _ring)
            batch?.Release();
    }

    private async Task<ConnectionEnd?> ShakeHandsAsync(Handshake own, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(_options.HandshakeTimeout);
        _slab = _slabs.Rent();
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
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new(
                FaultPhase.Handshake,
                FaultCause.HandshakeTimeout,
                $"{_filled} of {Handshake.Length} handshake bytes within {Seconds(_options.HandshakeTimeout)}",
                Evidence(0));
        }
        _owner.Tell(
            new PeerConnectionProtocol.HandshakeReceived(_session, Handshake.Read(_slab.Memory.Span[..Handshake.Length])),
            ActorRefs.NoSender);
        _parsed = Handshake.Length;
        return await DeliverAsync(stop).ConfigureAwait(false);
    }

    internal static ConnectionEnd? JudgeHandshake(ReadOnlySpan<byte> bytes, InfoHash expected) => HandshakeCheck.Examine(bytes, expected) switch
    {
        HandshakeVerdict.WrongProtocol => new(FaultPhase.Handshake, FaultCause.WrongProtocol, "the first 20 bytes are not BitTorrent's"),
        HandshakeVerdict.WrongInfoHash => new(FaultPhase.Handshake, FaultCause.WrongInfoHash, "the handshake names another torrent"),
        _ => null,
    };

    private async Task<ConnectionEnd> ReceiveAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                // An idle peer holds no buffer: wait for the first byte with none.
                if (_slab is null && _socket.Available == 0)
                    await _socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, stop).ConfigureAwait(false);
                MakeRoom();
                var count = await _socket.ReceiveAsync(_slab!.Memory[_filled..], SocketFlags.None, stop).ConfigureAwait(false);
                if (count == 0)
                {
                    var rest = _filled - _parsed;
                    return new(FaultPhase.Transfer, FaultCause.Closed, rest == 0 ? "the peer closed the connection" : $"closed {rest} bytes into a message");
                }
                _filled += count;
            }
            catch (SocketException e)
            {
                return SocketFaults.Map(FaultPhase.Transfer, e);
            }
            if (await DeliverAsync(stop).ConfigureAwait(false) is { } end)
                return end;
        }
    }

    /// <summary>Frames what is buffered and tells the owner; the end of the connection when a message breaks the protocol.</summary>
    private async ValueTask<ConnectionEnd?> DeliverAsync(CancellationToken stop)
    {
        if (_parsed == _filled)
        {
            DropSlab();
            return null;
        }
        await _credit.WaitAsync(stop).ConfigureAwait(false);
        var batch = _ring[_next] ??= new InboundBatch(_session, _credit);
        _next = (_next + 1) % _ring.Length;
        var limits = _limits;
        batch.Begin(_slab!, limits);
        ConnectionEnd? end = null;
        try
        {
            ReadOnlyMemory<byte> buffered = _slab!.Memory[.._filled];
            while (PeerMessageReader.TryRead(buffered[_parsed..], limits, out var message, out var consumed, out _needed) == PeerReadStatus.Read)
            {
                batch.Add(message, consumed);
                _parsed += consumed;
            }
        }
        catch (PeerWireException e)
        {
            end = new(FaultPhase.Wire, CauseOf(e.Error), e.Message, Evidence(_parsed));
        }
        if (batch.Count > 0)
            _owner.Tell(batch.Message, ActorRefs.NoSender);
        else
            batch.ReleaseUnused(ref _next, _ring.Length);
        if (_parsed == _filled)
            DropSlab();
        return end;
    }

    /// <summary>Makes sure that the slab has room for the rest of the message that is coming in.</summary>
    private void MakeRoom()
    {
        if (_slab is null)
        {
            _slab = _slabs.Rent();
            _parsed = _filled = 0;
            return;
        }
        var rest = _filled - _parsed;
        var room = _slab.Memory.Length - _parsed;
        if (room > _needed && _slab.Memory.Length - _filled >= _slabs.SlabLength / 4)
            return;
        var next = _slabs.Rent(Math.Max(_needed, rest + 1));
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

    private static string Seconds(TimeSpan time) => FormattableString.Invariant($"{time.TotalSeconds:0.###} s");
}
