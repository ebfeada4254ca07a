using System.Net;
using System.Net.Sockets;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>A peer in the hands of a test: it dials an engine, says exactly what it is told to, and reads message by message.</summary>
internal sealed class WirePeer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Apart from the engines' seeds: the same seed would make the same peer id.
    private static int _peers = 1_000_000;

    private readonly Socket _socket;
    private readonly PeerMessageLimits _limits;
    private readonly CancellationTokenSource _deadline = new(Patience);
    private Task _serving = Task.CompletedTask;
    private byte[] _buffer = new byte[64 << 10];
    private int _start;
    private int _end;

    private WirePeer(Socket socket, int pieceCount)
    {
        _socket = socket;
        _limits = new PeerMessageLimits(pieceCount);
    }

    /// <summary>What the engine answered to the handshake.</summary>
    public Handshake Handshake { get; private set; }

    /// <summary>Where the engine sees this peer.</summary>
    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.None, 0);

    /// <summary>Dials and says nothing.</summary>
    public static async Task<WirePeer> ConnectAsync(int port, int pieceCount, IPAddress? from = null, int? receiveBuffer = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } length)
            socket.ReceiveBufferSize = length;
        if (from is not null)
            socket.Bind(new IPEndPoint(from, 0));
        var peer = new WirePeer(socket, pieceCount);
        await socket.ConnectAsync(IPAddress.Loopback, port, peer._deadline.Token);
        peer.EndPoint = (IPEndPoint)socket.LocalEndPoint!;
        return peer;
    }

    /// <summary>A handshake by an id of its own.</summary>
    public static byte[] Greeting(InfoHash infoHash, PeerCapabilities capabilities, PeerId? id = null)
    {
        var bytes = new byte[Handshake.Length];
        new Handshake(infoHash, id ?? PeerId.Create(new Random(Interlocked.Increment(ref _peers))), capabilities).Write(bytes);
        return bytes;
    }

    public static async Task<WirePeer> DialAsync(
        int port, InfoHash infoHash, int pieceCount, PeerCapabilities capabilities, IPAddress? from = null, PeerId? id = null, int? receiveBuffer = null)
    {
        var peer = await ConnectAsync(port, pieceCount, from, receiveBuffer);
        await peer.SendAsync(Greeting(infoHash, capabilities, id));
        if (!await peer.Fill(Handshake.Length))
            throw new EndOfStreamException("The engine closed in place of its handshake.");
        peer.Handshake = Handshake.Read(peer._buffer.AsSpan(0, Handshake.Length));
        peer._start = Handshake.Length;
        return peer;
    }

    public async Task SendAsync(params PeerMessage[] messages)
    {
        await SendAsync(Bytes(messages));
    }

    /// <summary>The next message; null when the engine closed. Its payload is valid until the next call.</summary>
    public async Task<PeerMessage?> ReceiveAsync()
    {
        while (true)
        {
            var status = PeerMessageReader.TryRead(_buffer.AsMemory(_start, _end - _start), _limits, out var message, out var consumed, out var needed);
            if (status == PeerReadStatus.Read)
            {
                _start += consumed;
                return message;
            }
            if (!await Fill(needed))
                return null;
        }
    }

    /// <summary>Reads on to the first message of an id and returns the first bytes of its body, however little sense they make.</summary>
    public async Task<byte[]> ReceiveRawAsync(byte id, int length)
    {
        while (true)
        {
            while (_end - _start < 5 || _end - _start < 4 + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start)))
            {
                if (_end - _start >= 4 && System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start)) == 0)
                    break;
                if (!await Fill(_end - _start + 1))
                    throw new EndOfStreamException($"The engine closed before it sent a message of id {id}.");
            }
            var frame = 4 + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start));
            var body = frame >= 5 + length && _buffer[_start + 4] == id ? _buffer.AsSpan(_start + 5, length).ToArray() : null;
            _start += frame;
            if (body is not null)
                return body;
        }
    }

    /// <summary>Reads on to the first message of a kind.</summary>
    public async Task<PeerMessage> ReceiveAsync(PeerMessageKind kind)
    {
        while (await ReceiveAsync() is { } message)
        {
            if (message.Kind == kind)
                return message;
        }
        throw new EndOfStreamException($"The engine closed before it sent a {kind} message.");
    }

    /// <summary>Runs a conversation beside the test until the connection ends. What it throws comes out at the end.</summary>
    public void Serve(Func<Task> conversation) => _serving = ServeAsync(conversation);

    private static async Task ServeAsync(Func<Task> conversation)
    {
        try
        {
            await conversation();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The engine, or the test, has closed.
        }
    }

    /// <summary>Reads, and forgets, until the engine closes; returns the number of bytes.</summary>
    public async Task<long> ReadToEndAsync()
    {
        long total = _end - _start;
        int count;
        while ((count = await ReceiveBytes(_buffer)) > 0)
            total += count;
        return total;
    }

    /// <summary>Reads one byte and forgets it; false once the engine has closed.</summary>
    public async Task<bool> TryReceiveByteAsync() => await ReceiveBytes(_buffer.AsMemory(0, 1)) > 0;

    /// <summary>Sends as far as the engine takes it; false once it has closed.</summary>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await SendAsync(bytes);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The bytes of messages.</summary>
    public static byte[] Bytes(params PeerMessage[] messages)
    {
        var bytes = new byte[messages.Sum(m => PeerMessageWriter.GetLength(m))];
        var at = 0;
        foreach (var message in messages)
            at += PeerMessageWriter.Write(bytes.AsSpan(at), message);
        return bytes;
    }

    /// <summary>Ends what this side sends, in order.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _serving;
        _deadline.Dispose();
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, _deadline.Token)..];
    }

    /// <summary>Reads until so many bytes lie unread; false when the engine closes before.</summary>
    private async Task<bool> Fill(int needed)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        if (needed > _buffer.Length)
            Array.Resize(ref _buffer, needed * 2);
        do
        {
            var count = await ReceiveBytes(_buffer.AsMemory(_end));
            if (count == 0)
                return false;
            _end += count;
        }
        while (_end < needed);
        return true;
    }

    private async Task<int> ReceiveBytes(Memory<byte> buffer)
    {
        try
        {
            return await _socket.ReceiveAsync(buffer, SocketFlags.None, _deadline.Token);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            // A close with bytes of ours unread arrives as a reset.
            return 0;
        }
    }
}
