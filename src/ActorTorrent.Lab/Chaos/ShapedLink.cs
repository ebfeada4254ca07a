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
    private readonly Socket _listener;
    private readonly IPEndPoint _target;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, byte> _running = new();
    private readonly Lock _gate = new();
    private readonly Random _random;
    private readonly Task _accepting;
    private LinkShape _shape;
    private long _connections;
    private long _lost;

    private ShapedLink(Socket listener, IPEndPoint target, LinkShape shape, int seed, TimeProvider time)
    {
        _listener = listener;
        _target = target;
        _shape = shape;
        _time = time;
        _random = new Random(seed);
        EndPoint = (IPEndPoint)listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    /// <summary>Where to dial.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>What it does to connections from now on.</summary>
    public LinkShape Shape
    {
        get => Volatile.Read(ref _shape);
        set => Volatile.Write(ref _shape, value);
    }

    /// <summary>Connections so far.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>Connections that it lost so far.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Starts a link.</summary>
    /// <param name="target">Who stands behind it.</param>
    /// <param name="shape">What it does.</param>
    /// <param name="seed">What decides what is left to chance.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public static ShapedLink Start(IPEndPoint target, LinkShape? shape = null, int seed = 0, TimeProvider? time = null)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(LoopbackAddresses.Next(), 0));
            listener.Listen(512);
            return new ShapedLink(listener, target, shape ?? LinkShape.Healthy, seed, time ?? TimeProvider.System);
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
            var both = Task.WhenAll(PumpAsync(near, far, end), PumpAsync(far, near, end));
            var losing = LinkShaper.LoseAsync(Shape, new Random(NextSeed()), _time, end.Token);
            if (await Task.WhenAny(both, losing) == losing && !end.IsCancellationRequested)
            {
                Interlocked.Increment(ref _lost);
                if (await losing)
                {
                    // Nothing goes through any more, and nobody is told.
                    await end.CancelAsync();
                    await Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token);
                }
                Reset(near);
                Reset(far);
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
            await end.CancelAsync();
            near.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, CancellationTokenSource end)
    {
        var line = new LinkShaper(() => Shape, NextSeed(), _time, async (bytes, cancellation) =>
        {
            while (!bytes.IsEmpty)
                bytes = bytes[await to.SendAsync(bytes, cancellation)..];
        });
        var delivering = DeliverAsync(line, end);
        try
        {
            var buffer = new byte[64 << 10];
            for (int count; (count = await from.ReceiveAsync(buffer, end.Token)) > 0;)
                await line.SendAsync(buffer.AsMemory(0, count), end.Token);
            line.Complete();
        }
        catch (Exception e)
        {
            line.Complete(e);
            await delivering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        await delivering;
        to.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Delivers; when that fails, everything else of the connection ends, too.</summary>
    private static async Task DeliverAsync(LinkShaper line, CancellationTokenSource end)
    {
        try
        {
            await line.RunAsync(end.Token);
        }
        catch
        {
            await end.CancelAsync();
            throw;
        }
    }

    private int NextSeed()
    {
        lock (_gate)
            return _random.Next();
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
