using System.Buffers;
using System.Net.Sockets;
using System.Threading.Channels;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Lab.Peers;

/// <summary>One connection to a stub peer: a loop that reads and one that sends, with buffers only while there is something in them.</summary>
internal sealed class StubConnection
{
    private const int ReadLength = 4096;
    private const int MostQueued = 2000;
    private const int MostBlocksAtOnce = 7;

    /// <summary>Blocks that a free rider has asked for and not received, at most.</summary>
    private const int MostAsked = 8;

    /// <summary>How long an ended connection waits for the other side to end it too.</summary>
    private static readonly TimeSpan Parting = TimeSpan.FromSeconds(5);

    private readonly StubPeer _peer;
    private readonly Socket _socket;
    private readonly CancellationToken _life;
    private readonly PeerMessageLimits _limits;
    private readonly Channel<PeerMessage> _outgoing = Channel.CreateBounded<PeerMessage>(
        new BoundedChannelOptions(MostQueued) { SingleReader = true, SingleWriter = false });
    private readonly HashSet<BlockRequest> _cancelled = [];
    private readonly bool _dialled;
    private readonly LinkShaper? _link;
    private PeerGate? _lost;
    private Bitfield? _there;
    private int _asked;

    public StubConnection(StubPeer peer, Socket socket, bool dialled, CancellationToken life)
    {
        _dialled = dialled;
        _peer = peer;
        _socket = socket;
        _socket.NoDelay = true;
        _life = life;
        _limits = new PeerMessageLimits(peer.Layout?.PieceCount ?? -1);
        if (peer.Script.Link is { } link)
            _link = new LinkShaper(() => link, peer.NextSeed(), peer.Time, SendNowAsync);
    }

    private StubPeerCounters Counters => _peer.Counters;

    public async Task RunAsync()
    {
        using (_socket)
        {
            try
            {
                await TalkAsync();
            }
            catch (SocketException)
            {
                Counters.AddReset();
            }
            catch (PeerWireException)
            {
                Counters.AddProtocolError();
            }
        }
    }

    private async Task TalkAsync()
    {
        try
        {
            if (_link is null)
                await GreetAndServeAsync();
            else
                await TalkOverAsync(_link, _peer.Script.Link!);
        }
        catch (OperationCanceledException) when (_life.IsCancellationRequested)
        {
            if (_peer.EndsInOrder && _lost is null)
                await PartAsync();
            else
                Reset();
        }
    }

    private async Task TalkOverAsync(LinkShaper link, LinkShape shape)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_life);
        var delivering = link.RunAsync(end.Token);
        var losing = LinkShaper.LoseAsync(shape, new Random(_peer.NextSeed()), _peer.Time, end.Token);
        try
        {
            var talking = GreetAndServeAsync();
            var first = await Task.WhenAny(talking, delivering, losing);
            if (first == talking || _life.IsCancellationRequested)
            {
                await talking;
            }
            else if (first == losing && await losing)
            {
                var gate = new PeerGate();
                gate.Close();
                Volatile.Write(ref _lost, gate);
                await talking;
            }
            else
            {
                // Whether the link was lost or the other side is gone: nothing gets through any more.
                Reset();
                await talking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await first;
            }
        }
        finally
        {
            await end.CancelAsync();
            await delivering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task GreetAndServeAsync()
    {
        if (!await GreetAsync())
            return;
        Counters.AddLive(1);
        try
        {
            await ServeAsync();
        }
        finally
        {
            Counters.AddLive(-1);
        }
    }

    private async Task<bool> GreetAsync()
    {
        var script = _peer.Script.Handshake;
        if (_dialled)
        {
            await SendHandshakeAsync();
            return await EndGreetingAsync() && await ReceiveHandshakeAsync() == true;
        }
        var verdict = await ReceiveHandshakeAsync();
        // As real programs do: another torrent, or an encrypted greeting, gets no answer.
        if (verdict is null || (verdict == false && script.Ending == HandshakeEnding.GoesOn))
            return false;
        await SendHandshakeAsync();
        return await EndGreetingAsync();
    }

    /// <summary>Reads the other side's handshake.</summary>
    /// <returns>Whether it is right; null when it did not come whole.</returns>
    private async Task<bool?> ReceiveHandshakeAsync()
    {
        var buffer = new byte[Handshake.Length];
        for (var received = 0; received < buffer.Length;)
        {
            var count = await _socket.ReceiveAsync(buffer.AsMemory(received), _life);
            if (count == 0)
                return null;
            received += count;
        }
        if (HandshakeCheck.Examine(buffer, _peer.InfoHash) == HandshakeVerdict.Ok)
        {
            Counters.AddHandshake();
            return true;
        }
        if (_peer.Script.Handshake.Ending == HandshakeEnding.GoesOn)
            Counters.AddProtocolError();
        return false;
    }

    private async Task SendHandshakeAsync()
    {
        var buffer = new byte[Handshake.Length];
        Compose(_peer.Script.Handshake.Text, buffer);
        var bytes = buffer.AsMemory(0, _peer.Script.Handshake.Length);
        if (_peer.Script.HandshakeBytesPerSecond is not { } rate)
        {
            await SendAsync(bytes);
            return;
        }
        for (var i = 0; i < bytes.Length; i++)
        {
            await SendAsync(bytes.Slice(i, 1));
            await Task.Delay(TimeSpan.FromSeconds(1 / rate), _peer.Time, _life);
        }
    }

    private async Task<bool> EndGreetingAsync()
    {
        switch (_peer.Script.Handshake.Ending)
        {
            case HandshakeEnding.Silence:
                await DrainAsync(_life);
                return false;
            case HandshakeEnding.Close:
                await PartAsync();
                return false;
            case HandshakeEnding.Reset:
                Reset();
                return false;
            default:
                return true;
        }
    }

    private void Compose(HandshakeText text, Span<byte> buffer)
    {
        new Handshake(_peer.InfoHash, _peer.PeerId, PeerCapabilities.None).Write(buffer);
        if (text == HandshakeText.WrongProtocol)
            "\u0013NoTorrent protocol!"u8.CopyTo(buffer);
        if (text == HandshakeText.WrongInfoHash)
        {
            foreach (ref var value in buffer.Slice(28, InfoHash.Length))
                value = (byte)~value;
        }
    }

    private async Task ServeAsync()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_life);
        var reading = ReadLoopAsync(end.Token);
        var sending = SendLoopAsync(end.Token);
        var flooding = _peer.Script.FloodPerSecond > 0 ? FloodAsync(_peer.Script.FloodPerSecond, end.Token) : Task.CompletedTask;
        var first = await Task.WhenAny(reading, sending);
        await end.CancelAsync();
        await Task.WhenAll(reading, sending, flooding).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _life.ThrowIfCancellationRequested();
        // The one that ended first says why; the other was stopped for it.
        await first;
    }

    private async Task ReadLoopAsync(CancellationToken end)
    {
        byte[]? buffer = null;
        var filled = 0;
        try
        {
            while (true)
            {
                if (filled == 0)
                {
                    if (buffer is not null)
                        ArrayPool<byte>.Shared.Return(buffer);
                    buffer = null;
                    // Waits until there is something, without a buffer to put it in.
                    await _socket.ReceiveAsync(Memory<byte>.Empty, end);
                    buffer = ArrayPool<byte>.Shared.Rent(ReadLength);
                }
                await PassAsync(end);
                var count = await _socket.ReceiveAsync(buffer.AsMemory(filled), end);
                if (count == 0)
                    return;
                filled += count;
                var consumed = HandleAll(buffer.AsMemory(0, filled), out var needed);
                filled -= consumed;
                if (needed > buffer!.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(needed);
                    buffer.AsSpan(consumed, filled).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
                else if (consumed > 0)
                {
                    buffer.AsSpan(consumed, filled).CopyTo(buffer);
                }
            }
        }
        finally
        {
            if (buffer is not null)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private int HandleAll(ReadOnlyMemory<byte> buffer, out int needed)
    {
        var consumed = 0;
        while (PeerMessageReader.TryRead(buffer[consumed..], _limits, out var message, out var length, out needed) == PeerReadStatus.Read)
        {
            consumed += length;
            Handle(message);
        }
        return consumed;
    }

    private void Handle(in PeerMessage message)
    {
        switch (message.Kind)
        {
            case PeerMessageKind.Interested:
                if (!_peer.Script.ChokesForever)
                    Enqueue(PeerMessage.Unchoke);
                break;
            case PeerMessageKind.Request:
                Counters.AddRequest();
                if (_peer.Script.LiesInBitfield || _peer.Role != PeerRole.Seed)
                    break;
                Check(message.AsBlockRequest);
                lock (_cancelled)
                    _cancelled.Remove(message.AsBlockRequest);
                Enqueue(message);
                break;
            case PeerMessageKind.Cancel:
                Counters.AddCancel();
                lock (_cancelled)
                    _cancelled.Add(message.AsBlockRequest);
                break;
            default:
                if (_peer.Role == PeerRole.FreeRider)
                    Ride(message);
                break;
        }
    }

    /// <summary>What a free rider makes of what it is told.</summary>
    private void Ride(in PeerMessage message)
    {
        if (_peer.Layout is not { } layout)
            return;
        switch (message.Kind)
        {
            case PeerMessageKind.Bitfield:
                _there = Bitfield.FromBytes(message.Payload.Span, layout.PieceCount);
                break;
            case PeerMessageKind.Have:
                (_there ??= new Bitfield(layout.PieceCount)).Set(message.Piece);
                break;
            case PeerMessageKind.Choke:
                _asked = 0;
                break;
            case PeerMessageKind.Unchoke:
                AskMore(layout);
                break;
            case PeerMessageKind.Piece:
                Counters.AddReceived(message.Length);
                _asked = Math.Max(0, _asked - 1);
                AskMore(layout);
                break;
        }
    }

    private void AskMore(FileLayout layout)
    {
        while (_asked < MostAsked && _peer.ChoosePiece(_there) is { } piece)
        {
            _asked++;
            var block = _peer.Choose(layout.BlockCount(piece));
            Enqueue(PeerMessage.Request(new BlockRequest(piece, block * FileLayout.BlockLength, layout.BlockSize(piece, block))));
        }
    }

    private async Task FloodAsync(double perSecond, CancellationToken end)
    {
        var pacer = new RatePacer((long)Math.Max(1, perSecond), _peer.Time);
        while (true)
        {
            await pacer.WaitAsync(1, end);
            // A full line floods the other side as well as it can.
            if (!_outgoing.Writer.TryWrite(PeerMessage.KeepAlive))
                await Task.Delay(TimeSpan.FromMilliseconds(10), _peer.Time, end);
        }
    }

    private void Enqueue(in PeerMessage message)
    {
        if (!_outgoing.Writer.TryWrite(message))
            throw new PeerWireException(PeerWireError.MalformedMessage, $"More than {MostQueued} requests are waiting.");
    }

    private void Check(BlockRequest block)
    {
        var layout = _peer.Content is null ? null : _peer.Layout;
        if (layout is null || (uint)block.Piece.Value >= (uint)layout.PieceCount || block.Offset < 0 || block.Length is < 1 or > FileLayout.BlockLength || block.Offset + (long)block.Length > layout.PieceSize(block.Piece))
            throw new PeerWireException(PeerWireError.IndexOutOfRange, $"A request for {block}, which is not there.");
    }

    private async Task SendLoopAsync(CancellationToken end)
    {
        await SendAvailabilityAsync();
        var reader = _outgoing.Reader;
        var most = _peer.Pacer is { } pacer
            ? (int)Math.Clamp(pacer.BytesPerSecond / 100 / FileLayout.BlockLength, 1, MostBlocksAtOnce)
            : MostBlocksAtOnce;
        while (await reader.WaitToReadAsync(end))
        {
            var buffer = ArrayPool<byte>.Shared.Rent(most * (PeerMessageWriter.BlockHeaderLength + FileLayout.BlockLength));
            try
            {
                var filled = 0;
                var strikes = false;
                for (var i = 0; i < most && !strikes && reader.TryRead(out var message); i++)
                {
                    filled += message.Kind == PeerMessageKind.Request && _peer.Role == PeerRole.Seed
                        ? ComposeBlock(message.AsBlockRequest, buffer.AsSpan(filled), out strikes)
                        : PeerMessageWriter.Write(buffer.AsSpan(filled), message);
                }
                await SendPacedAsync(buffer.AsMemory(0, filled), end);
                if (strikes)
                    _peer.Strike();
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private async Task SendAvailabilityAsync()
    {
        if (_peer.Role == PeerRole.FreeRider)
            Enqueue(PeerMessage.Interested);
        if (_peer.Role != PeerRole.Seed || _peer.Layout is not { } layout || (_peer.Content is null && !_peer.Script.LiesInBitfield))
            return;
        var all = new Bitfield(layout.PieceCount);
        all.SetAll();
        var message = PeerMessage.Bitfield(all.ToBytes());
        var bytes = new byte[PeerMessageWriter.GetLength(message)];
        PeerMessageWriter.Write(bytes, message);
        await SendAsync(bytes);
    }

    private int ComposeBlock(BlockRequest block, Span<byte> destination, out bool strikes)
    {
        strikes = false;
        lock (_cancelled)
        {
            if (_cancelled.Count > 0 && _cancelled.Remove(block))
                return 0;
        }
        var granted = _peer.Grant(block.Length, out strikes);
        if (granted == 0)
            return 0;
        var head = PeerMessageWriter.WriteBlockHeader(destination, block);
        var data = destination.Slice(head, granted);
        var content = _peer.Content!;
        content.Read(content.Layout.PieceOffset(block.Piece) + block.Offset, data);
        if (_peer.Corrupts(Counters.AddBlock(granted)))
        {
            Counters.AddCorruptBlock();
            data[granted / 2] ^= 0x10;
        }
        return head + granted;
    }

    private async Task SendPacedAsync(ReadOnlyMemory<byte> bytes, CancellationToken end)
    {
        if (_peer.Pacer is not { } pacer)
        {
            await SendAsync(bytes);
            return;
        }
        // Twenty pieces a second at least, so that a slow peer trickles instead of falling silent between blocks.
        var most = (int)Math.Clamp(pacer.BytesPerSecond / 20, 64, int.MaxValue);
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(most, bytes.Length)];
            await pacer.WaitAsync(part.Length, end);
            await SendAsync(part);
            bytes = bytes[part.Length..];
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await PassAsync(_life);
        if (_link is not null)
            await _link.SendAsync(bytes, _life);
        else
            await SendNowAsync(bytes, _life);
    }

    private async ValueTask SendNowAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await PassAsync(cancellation);
        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes, cancellation)..];
    }

    /// <summary>Waits while the peer is cut off, or this connection is half-open.</summary>
    private async ValueTask PassAsync(CancellationToken cancellation)
    {
        await _peer.Gate.WaitAsync(cancellation);
        if (Volatile.Read(ref _lost) is { } lost)
            await lost.WaitAsync(cancellation);
    }

    /// <summary>
    /// Ends in order: our end is sent first, then what still comes is read away, because closing on unread bytes would be a reset.
    /// </summary>
    private async Task PartAsync()
    {
        _socket.Shutdown(SocketShutdown.Send);
        using var deadline = new CancellationTokenSource(Parting);
        try
        {
            await DrainAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            Reset();
        }
    }

    private async Task DrainAsync(CancellationToken end)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReadLength);
        try
        {
            int count;
            do
            {
                await _socket.ReceiveAsync(Memory<byte>.Empty, end);
                count = await _socket.ReceiveAsync(buffer, end);
            }
            while (count > 0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }
}
