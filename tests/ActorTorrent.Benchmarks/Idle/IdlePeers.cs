using System.Buffers;
using System.Net;
using System.Net.Sockets;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Benchmarks.Idle;

/// <summary>
/// Light peers that connect, shake hands, and from then on only read what they are sent and give signs of life. Each comes from an address of its
/// own in 127.0.0.0/8, and they share out the torrents among themselves.
/// </summary>
internal sealed class IdlePeers(IReadOnlyList<InfoHash> torrents, IPEndPoint target) : IAsyncDisposable
{
    /// <summary>Connections under way at once: fewer than any client's limit on those that have not shaken hands.</summary>
    private const int Wave = 40;

    /// <summary>Every peer says that it is alive once in this time: sooner than anybody gives it up.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(90);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _readers = [];
    private readonly Random _random = new(7);
    private int _ended;

    /// <summary>Peers that the other side has disconnected.</summary>
    public int Ended => Volatile.Read(ref _ended);

    /// <summary>Connects so many peers and waits until each has the other side's handshake.</summary>
    public async Task ConnectAsync(int count, CancellationToken stop)
    {
        foreach (var wave in Enumerable.Range(0, count).Chunk(Wave))
            await Task.WhenAll(wave.Select(number => ConnectOneAsync(number, stop)));
        _readers.Add(KeepAliveAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var socket in _sockets)
            socket.Dispose();
        await Task.WhenAll(_readers);
        _stop.Dispose();
    }

    private async Task ConnectOneAsync(int number, CancellationToken stop)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var buffer = new byte[Handshake.Length];
        PeerId id;
        lock (_sockets)
        {
            _sockets.Add(socket);
            id = PeerId.Create(_random);
        }
        socket.Bind(new IPEndPoint(new IPAddress([127, 1, (byte)(number / 250), (byte)(1 + (number % 250))]), 0));
        await socket.ConnectAsync(target, stop);
        new Handshake(torrents[number % torrents.Count], id, PeerCapabilities.Fast).Write(buffer);
        await socket.SendAsync(buffer, SocketFlags.None, stop);
        for (var read = 0; read < buffer.Length;)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(read), SocketFlags.None, stop);
            if (part == 0)
                throw new InvalidDataException($"idle peer {number} was disconnected after {read} bytes of the handshake.");
            read += part;
        }
        // That it has nothing (BEP 6), so that it is a whole peer to whoever waits for a bitfield.
        var nothing = new byte[PeerMessageWriter.GetLength(PeerMessage.HaveNone)];
        PeerMessageWriter.Write(nothing, PeerMessage.HaveNone);
        await socket.SendAsync(nothing, SocketFlags.None, stop);
        var reader = DrainAsync(socket);
        lock (_sockets)
            _readers.Add(reader);
    }

    /// <summary>One after the other, spread evenly over the time.</summary>
    private async Task KeepAliveAsync()
    {
        var sign = new byte[4];
        try
        {
            while (true)
            {
                foreach (var wave in _sockets.Chunk(Wave))
                {
                    await Task.Delay(KeepAlive * ((double)wave.Length / _sockets.Count), _stop.Token);
                    foreach (var socket in wave)
                        await socket.SendAsync(sign, SocketFlags.None, _stop.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Over, or a peer was disconnected: its reader counts it.
        }
    }

    private async Task DrainAsync(Socket socket)
    {
        try
        {
            while (true)
            {
                await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, _stop.Token);
                var buffer = ArrayPool<byte>.Shared.Rent(4096);
                var count = await socket.ReceiveAsync(buffer, SocketFlags.None, _stop.Token);
                ArrayPool<byte>.Shared.Return(buffer);
                if (count == 0)
                    break;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Over, by us or by the other side; the count below tells which.
        }
        if (!_stop.IsCancellationRequested)
            Interlocked.Increment(ref _ended);
    }
}
