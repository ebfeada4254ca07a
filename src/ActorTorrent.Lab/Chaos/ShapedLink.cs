using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using ActorTorrent.Lab.Peers;

namespace ActorTorrent.Lab.Chaos;

/// <summary>
/// A TCP relay in front of somebody, with the faults of a bad network: latency, little bandwidth, bytes in a drip, connections that are lost or
/// left half-open. Whoever dials its address reaches the target through it.
/// </summary>
public sealed class ShapedLink : IAsyncDisposable
{
    // What may be under way in one direction before the sender has to wait.
    private const int ChunksUnderWay = 64;

    private readonly Socket _listener;
    private readonly IPEndPoint _target;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, byte> _running = new();
    private readonly Lock _gate = new();
    private readonly Random _random;
    private readonly Task _accepting;
    private LinkScript _script;
    private long _connections;
    private long _lost;

    private ShapedLink(Socket listener, IPEndPoint target, LinkScript script, int seed, TimeProvider time)
    {
        _listener = listener;
        _target = target;
        _script = script;
        _time = time;
        _random = new Random(seed);
        EndPoint = (IPEndPoint)listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    /// <summary>Where to dial.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>What it does to connections from now on.</summary>
    public LinkScript Script
    {
        get => Volatile.Read(ref _script);
        set => Volatile.Write(ref _script, value);
    }

    /// <summary>Connections so far.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>Connections that it lost so far.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Starts a link.</summary>
    /// <param name="target">Who stands behind it.</param>
    /// <param name="script">What it does.</param>
    /// <param name="seed">What decides what is left to chance.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public static ShapedLink Start(IPEndPoint target, LinkScript? script = null, int seed = 0, TimeProvider? time = null)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(LoopbackAddresses.Next(), 0));
            listener.Listen(512);
            return new ShapedLink(listener, target, script ?? LinkScript.Healthy, seed, time ?? TimeProvider.System);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_running.Keys);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var near = await _listener.AcceptAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                // Its end takes it off the list; that may be before it is on it.
                var carried = CarryAsync(near);
                _running[carried] = 0;
                _ = carried.ContinueWith(done => _running.TryRemove(done, out _), TaskScheduler.Default);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                // The link was taken down.
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.OperationAborted)
            {
                // Whoever came has left again.
                continue;
            }
        }
    }

    private async Task CarryAsync(Socket near)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        near.NoDelay = true;
        try
        {
            await far.ConnectAsync(_target, end.Token);
            var both = Task.WhenAll(PumpAsync(near, far, end.Token), PumpAsync(far, near, end.Token));
            if (Script.MeanLife is { } mean)
            {
                var life = Task.Delay(mean * -Math.Log(1 - Next()), _time, end.Token);
                if (await Task.WhenAny(both, life) == life && !end.IsCancellationRequested)
                    await LoseAsync(near, far, end);
            }
            await both;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException or ChannelClosedException)
        {
            Reset(near);
            Reset(far);
        }
        finally
        {
            near.Dispose();
        }
    }

    private async Task LoseAsync(Socket near, Socket far, CancellationTokenSource end)
    {
        Interlocked.Increment(ref _lost);
        if (Next() < Script.HalfOpen)
        {
            // Nothing goes through any more, and nobody is told.
            await end.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token);
        }
        Reset(near);
        Reset(far);
    }

    private async Task PumpAsync(Socket from, Socket to, CancellationToken end)
    {
        var underWay = Channel.CreateBounded<(byte[] Bytes, long Due)>(ChunksUnderWay);
        var delivering = DeliverAsync(underWay.Reader, to, end);
        try
        {
            var buffer = new byte[64 << 10];
            while (true)
            {
                var count = await from.ReceiveAsync(buffer, end);
                if (count == 0)
                    break;
                for (int sent = 0, length; sent < count; sent += length)
                {
                    var script = Script;
                    length = Math.Min(count - sent, Math.Max(1, script.Chunk));
                    if (script.BytesPerSecond is { } rate)
                        await Task.Delay(TimeSpan.FromSeconds((double)length / rate), _time, end);
                    var latency = script.Latency + (script.Jitter * Next());
                    var due = _time.GetTimestamp() + (long)(latency.TotalSeconds * _time.TimestampFrequency);
                    await underWay.Writer.WriteAsync((buffer.AsSpan(sent, length).ToArray(), due), end);
                }
            }
            underWay.Writer.Complete();
        }
        catch (Exception e)
        {
            underWay.Writer.TryComplete(e);
            throw;
        }
        await delivering;
        to.Shutdown(SocketShutdown.Send);
    }

    private async Task DeliverAsync(ChannelReader<(byte[] Bytes, long Due)> underWay, Socket to, CancellationToken end)
    {
        await foreach (var (bytes, due) in underWay.ReadAllAsync(end))
        {
            await _time.UntilAsync(due, end);
            for (ReadOnlyMemory<byte> rest = bytes; !rest.IsEmpty;)
                rest = rest[await to.SendAsync(rest, end)..];
        }
    }

    private double Next()
    {
        lock (_gate)
            return _random.NextDouble();
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is gone already, which is what was wanted.
            return;
        }
        socket.Close();
    }
}
