using System.Buffers;
using System.Net;
using System.Net.Sockets;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Lab.Peers;

/// <summary>A client that downloads from one peer, in order, and compares every block with what it must be. Keeps nothing.</summary>
public sealed class StubLeecher
{
    private const int BufferLength = 256 << 10;

    private readonly GeneratedContent _content;
    private readonly LeecherScript _script;
    private readonly RatePacer? _pacer;
    private readonly PeerMessageLimits _limits;
    private readonly Bitfield _there;
    private readonly HashSet<BlockRequest> _wanted = [];
    private readonly Queue<BlockRequest> _next = new();
    private readonly ArrayBufferWriter<byte> _outgoing = new();
    private bool _isChoked = true;
    private long _bytes;
    private int _blocks;
    private int _corruptBlocks;

    private StubLeecher(GeneratedContent content, LeecherScript script, TimeProvider time)
    {
        _content = content;
        _script = script;
        _pacer = script.BytesPerSecond is { } rate ? new RatePacer(rate, time) : null;
        _limits = new PeerMessageLimits(content.Layout.PieceCount);
        _there = new Bitfield(content.Layout.PieceCount);
    }

    /// <summary>Downloads from a peer until it has everything or something ends it.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="content">The torrent, and what every block must be.</param>
    /// <param name="script">How it behaves.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="SocketException">The connection could not be made.</exception>
    public static async Task<LeecherResult> DownloadAsync(
        IPEndPoint peer, GeneratedContent content, LeecherScript? script = null, TimeProvider? time = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(content);
        time ??= TimeProvider.System;
        var leecher = new StubLeecher(content, script ?? new LeecherScript(), time);
        var started = time.GetTimestamp();
        using var socket = new Socket(peer.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(peer, cancellation);
        var ending = await leecher.RunAsync(socket, cancellation);
        return new LeecherResult(ending, leecher._bytes, leecher._blocks, leecher._corruptBlocks, time.GetElapsedTime(started));
    }

    private async Task<LeecherEnding> RunAsync(Socket socket, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            Greet();
            await FlushAsync(socket, cancellation);
            var filled = 0;
            var greeted = false;
            while (true)
            {
                var count = await socket.ReceiveAsync(buffer.AsMemory(filled), cancellation);
                if (count == 0)
                    return LeecherEnding.Closed;
                filled += count;
                var consumed = 0;
                if (!greeted && filled >= Handshake.Length)
                {
                    if (HandshakeCheck.Examine(buffer.AsSpan(0, Handshake.Length), _content.InfoHash) != HandshakeVerdict.Ok)
                        return LeecherEnding.ProtocolError;
                    consumed = Handshake.Length;
                    greeted = true;
                    Append(PeerMessage.Interested);
                }
                if (greeted)
                    consumed += HandleAll(buffer.AsMemory(consumed, filled - consumed));
                buffer.AsSpan(consumed, filled - consumed).CopyTo(buffer);
                filled -= consumed;
                if (_bytes == _content.Layout.TotalLength)
                    return LeecherEnding.Complete;
                if (_bytes >= _script.LeavesAfterBytes)
                    return LeecherEnding.Left;
                Ask();
                await FlushAsync(socket, cancellation);
                if (_pacer is not null)
                    await _pacer.WaitAsync(count, cancellation);
            }
        }
        catch (SocketException)
        {
            return LeecherEnding.Reset;
        }
        catch (PeerWireException)
        {
            return LeecherEnding.ProtocolError;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Greet()
    {
        var id = _script.PeerId ?? PeerId.Create(Random.Shared);
        new Handshake(_content.InfoHash, id, PeerCapabilities.None).Write(_outgoing.GetSpan(Handshake.Length));
        _outgoing.Advance(Handshake.Length);
    }

    private int HandleAll(ReadOnlyMemory<byte> buffer)
    {
        var consumed = 0;
        while (PeerMessageReader.TryRead(buffer[consumed..], _limits, out var message, out var length, out _) == PeerReadStatus.Read)
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
            case PeerMessageKind.Bitfield:
                foreach (var piece in Bitfield.FromBytes(message.Payload.Span, _limits.PieceCount))
                    Learn(piece);
                break;
            case PeerMessageKind.Have:
                Learn(message.Piece);
                break;
            case PeerMessageKind.Unchoke:
                _isChoked = false;
                break;
            case PeerMessageKind.Choke:
                // What was asked for is forgotten by the other side (BEP 3).
                _isChoked = true;
                foreach (var block in _wanted)
                    _next.Enqueue(block);
                _wanted.Clear();
                break;
            case PeerMessageKind.Piece when _wanted.Remove(message.AsBlockRequest):
                Compare(message);
                break;
        }
    }

    private void Learn(PieceIndex piece)
    {
        if (!_there.Set(piece))
            return;
        for (var block = 0; block < _content.Layout.BlockCount(piece); block++)
            _next.Enqueue(new BlockRequest(piece, block * FileLayout.BlockLength, _content.Layout.BlockSize(piece, block)));
    }

    private void Compare(in PeerMessage message)
    {
        Span<byte> right = stackalloc byte[FileLayout.BlockLength];
        right = right[..message.Length];
        _content.Read(_content.Layout.PieceOffset(message.Piece) + message.Offset, right);
        _bytes += message.Length;
        _blocks++;
        if (!message.Payload.Span.SequenceEqual(right))
            _corruptBlocks++;
    }

    private void Ask()
    {
        while (!_isChoked && _wanted.Count < _script.Pipeline && _next.TryDequeue(out var block))
        {
            _wanted.Add(block);
            Append(PeerMessage.Request(block));
        }
    }

    private void Append(in PeerMessage message) => PeerMessageWriter.Write(_outgoing, message);

    private async Task FlushAsync(Socket socket, CancellationToken cancellation)
    {
        for (var bytes = _outgoing.WrittenMemory; !bytes.IsEmpty;)
            bytes = bytes[await socket.SendAsync(bytes, cancellation)..];
        _outgoing.ResetWrittenCount();
    }
}
