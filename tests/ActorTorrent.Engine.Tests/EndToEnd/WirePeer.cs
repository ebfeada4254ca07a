using System.Net;
using System.Net.Sockets;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>A peer in the hands of a test: it dials an engine, says exactly what it is told to, and reads message by message.</summary>
internal sealed class WirePeer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

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

    public static async Task<WirePeer> DialAsync(int port, InfoHash infoHash, int pieceCount, PeerCapabilities capabilities)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var peer = new WirePeer(socket, pieceCount);
        await socket.ConnectAsync(IPAddress.Loopback, port, peer._deadline.Token);
        peer.EndPoint = (IPEndPoint)socket.LocalEndPoint!;
        var bytes = new byte[Handshake.Length];
        new Handshake(infoHash, PeerId.Create(new Random(Interlocked.Increment(ref _peers))), capabilities).Write(bytes);
        await peer.SendAsync(bytes);
        if (!await peer.Fill(Handshake.Length))
            throw new EndOfStreamException("The engine closed in place of its handshake.");
        peer.Handshake = Handshake.Read(peer._buffer.AsSpan(0, Handshake.Length));
        peer._start = Handshake.Length;
        return peer;
    }

    public async Task SendAsync(params PeerMessage[] messages)
    {
        var bytes = new byte[messages.Sum(m => PeerMessageWriter.GetLength(m))];
        var at = 0;
        foreach (var message in messages)
            at += PeerMessageWriter.Write(bytes.AsSpan(at), message);
        await SendAsync(bytes);
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

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _serving;
        _deadline.Dispose();
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes)
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
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // A close with bytes of ours unread arrives as a reset.
            return 0;
        }
    }
}
