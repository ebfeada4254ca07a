using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Benchmarks.Start;

/// <summary>A peer that says at once that it has everything and gives it, and notes when it is dialled, greeted and asked.</summary>
internal sealed class FirstRequests : IDisposable
{
    private readonly InfoHash _infoHash;
    private readonly PeerMessageLimits _limits;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public FirstRequests(InfoHash infoHash, int pieces)
    {
        _infoHash = infoHash;
        _limits = new PeerMessageLimits(pieces);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    /// <summary>Where it waits.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Waits for one that dials it, until that has asked for a block.</summary>
    /// <exception cref="InvalidDataException">It closed the connection before.</exception>
    public async Task<StartTimes> WatchAsync(CancellationToken stop)
    {
        using var socket = await _listener.AcceptAsync(stop);
        var dialled = Stopwatch.GetTimestamp();
        socket.NoDelay = true;
        var buffer = new byte[64 << 10];
        var filled = 0;
        while (filled < Handshake.Length)
            filled += await ReceiveAsync(socket, buffer.AsMemory(filled), stop);
        var greeted = Stopwatch.GetTimestamp();
        var answer = new byte[Handshake.Length + PeerMessageWriter.GetLength(PeerMessage.HaveAll) + PeerMessageWriter.GetLength(PeerMessage.Unchoke)];
        new Handshake(_infoHash, PeerId.Create(new Random(9)), PeerCapabilities.Fast).Write(answer);
        var length = Handshake.Length;
        length += PeerMessageWriter.Write(answer.AsSpan(length), PeerMessage.HaveAll);
        PeerMessageWriter.Write(answer.AsSpan(length), PeerMessage.Unchoke);
        await socket.SendAsync(answer, SocketFlags.None, stop);
        var parsed = Handshake.Length;
        while (true)
        {
            while (PeerMessageReader.TryRead(buffer.AsMemory(parsed, filled - parsed), _limits, out var message, out var consumed, out _) == PeerReadStatus.Read)
            {
                if (message.Kind == PeerMessageKind.Request)
                    return new StartTimes(dialled, greeted, Stopwatch.GetTimestamp());
                parsed += consumed;
            }
            filled += await ReceiveAsync(socket, buffer.AsMemory(filled), stop);
        }
    }

    public void Dispose() => _listener.Dispose();

    private static async Task<int> ReceiveAsync(Socket socket, Memory<byte> into, CancellationToken stop) =>
        await socket.ReceiveAsync(into, SocketFlags.None, stop) is > 0 and var count ? count : throw new InvalidDataException("it hung up before it asked.");
}
