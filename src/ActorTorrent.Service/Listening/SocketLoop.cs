using System.Collections.Concurrent;
using System.Net.Sockets;
using ActorTorrent.Engine.Limits;

namespace ActorTorrent.Service.Listening;

/// <summary>
/// The one thread that waits for all connections of the API, and goes on with what each of them waited for: a request is received, handled and
/// answered there, without another thread's being woken, as long as nothing has to be asked of an actor. It is scheduled as a batch
/// (<see cref="BatchScheduling"/>), so many requests do not tear a download into small pieces. And while the engine is at work it lets requests gather for some
/// milliseconds: handled together they cost a third of what they cost one by one, each with caches that the engine has filled.
/// </summary>
internal sealed class SocketLoop : IDisposable
{
    // The key of the socket that says that it is over.
    private const long End = 0;

    // What a request waits at most for others while the engine is at work: less than anybody notices.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(4);

    private readonly Epoll _epoll = new();
    private readonly ConcurrentDictionary<long, SocketConnection> _connections = new();
    private readonly Thread _thread;
    private long _lastKey;

    public SocketLoop()
    {
        _thread = new Thread(Run) { Name = "api", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Watches a connection.</summary>
    public void Add(SocketConnection connection)
    {
        connection.Key = Interlocked.Increment(ref _lastKey);
        _connections[connection.Key] = connection;
        _epoll.Watch(connection.Socket.SafeHandle, connection.Key);
    }

    /// <summary>Watches a connection no more; it must not be closed before.</summary>
    public void Remove(SocketConnection connection)
    {
        _connections.TryRemove(connection.Key, out _);
        _epoll.Forget(connection.Socket.SafeHandle);
    }

    /// <summary>Ends the thread, once all connections are closed.</summary>
    public void Dispose()
    {
        // A socket that is not connected is told at once as hung up.
        using var end = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _epoll.Watch(end.SafeHandle, End);
        _thread.Join();
        _epoll.Dispose();
    }

    private void Run()
    {
        BatchScheduling.Begin();
        var engine = new EngineLoad();
        while (true)
        {
            var count = _epoll.Wait();
            for (var at = 0; at < count; at++)
            {
                var happened = _epoll[at];
                if (happened.Key == End)
                    return;
                if (_connections.TryGetValue(happened.Key, out var connection))
                    connection.Take(happened);
            }
            if (engine.IsHigh)
                Thread.Sleep(Gathering);
        }
    }
}
