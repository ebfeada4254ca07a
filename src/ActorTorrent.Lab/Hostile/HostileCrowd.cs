using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;

namespace ActorTorrent.Lab.Hostile;

/// <summary>
/// Many hostile peers of one torrent, all behaviours mixed. Each dials from an address of its own, does its worst until it is thrown out or has had
/// enough, and comes back from another address as somebody else.
/// </summary>
public sealed class HostileCrowd : IAsyncDisposable
{
    private static readonly HostileBehaviour[] Behaviours = Enum.GetValues<HostileBehaviour>();

    // As long as one connection goes on at most.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly IPEndPoint _target;
    private readonly GeneratedContent _content;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _peers;
    private readonly ConcurrentDictionary<HostileBehaviour, long> _counts = new();
    private long _connections;
    private long _refused;

    private HostileCrowd(IPEndPoint target, GeneratedContent content, int count, int seed, TimeSpan pause)
    {
        _target = target;
        _content = content;
        _peers = [.. Enumerable.Range(0, count).Select(i => Task.Run(() => LiveAsync(new Random(unchecked((seed * 31) + i)), pause)))];
    }

    /// <summary>Connections made so far.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>Connections that could not be made.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Connections made so far, by behaviour.</summary>
    public IReadOnlyDictionary<HostileBehaviour, long> Counts => _counts;

    /// <summary>Lets a crowd loose.</summary>
    /// <param name="target">Whom they dial.</param>
    /// <param name="content">The torrent that they name.</param>
    /// <param name="count">How many there are at any time.</param>
    /// <param name="seed">What decides who does what.</param>
    /// <param name="pause">The longest time between two connections of one; a quarter of a second when not given.</param>
    public static HostileCrowd Start(IPEndPoint target, GeneratedContent content, int count, int seed = 0, TimeSpan? pause = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(content);
        return new HostileCrowd(target, content, count, seed, pause ?? TimeSpan.FromMilliseconds(250));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        await Task.WhenAll(_peers);
        _stop.Dispose();
    }

    private async Task LiveAsync(Random random, TimeSpan pause)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ConnectAsync(Behaviours[random.Next(Behaviours.Length)], random);
                await Task.Delay(pause * random.NextDouble(), _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // The crowd was called off.
                return;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // It was thrown out, or has had enough: it comes back.
                continue;
            }
        }
    }

    private async Task ConnectAsync(HostileBehaviour behaviour, Random random)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        end.CancelAfter(Longest * (0.2 + (0.8 * random.NextDouble())));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (behaviour == HostileBehaviour.NeverReads)
            socket.ReceiveBufferSize = 4096;
        try
        {
            socket.Bind(new IPEndPoint(LoopbackAddresses.Next(), 0));
            await socket.ConnectAsync(_target, end.Token);
        }
        catch (SocketException)
        {
            Interlocked.Increment(ref _refused);
            throw;
        }
        Interlocked.Increment(ref _connections);
        _counts.AddOrUpdate(behaviour, 1, static (_, count) => count + 1);
        await new HostileConnection(socket, _content, random, end.Token).PlayAsync(behaviour);
    }
}
