using System.Net;
using System.Net.Sockets;

namespace ActorTorrent.Lab.Peers;

/// <summary>
/// A listener that accepts nobody and whose backlog it has filled itself, so that the system leaves further connects without an answer.
/// </summary>
internal sealed class FullBacklog : IDisposable
{
    private const int MostFillers = 64;

    /// <summary>A connect on this host that takes longer than this got no answer.</summary>
    private static readonly TimeSpan Answer = TimeSpan.FromMilliseconds(300);

    private readonly Socket _listener;
    private readonly List<Socket> _fillers = [];

    private FullBacklog(Socket listener) => _listener = listener;

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Listens on a bound socket, of which it becomes the owner, and fills the backlog.</summary>
    /// <exception cref="InvalidOperationException">This system does not let a backlog fill.</exception>
    public static async Task<FullBacklog> StartAsync(Socket bound, CancellationToken cancellation)
    {
        var backlog = new FullBacklog(bound);
        try
        {
            bound.Listen(0);
            for (var i = 0; i < MostFillers; i++)
            {
                if (!await backlog.TryFillAsync(cancellation))
                    return backlog;
            }
            throw new InvalidOperationException($"{MostFillers} connections did not fill a backlog of none.");
        }
        catch
        {
            backlog.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var filler in _fillers)
            filler.Dispose();
        _listener.Dispose();
    }

    private async Task<bool> TryFillAsync(CancellationToken cancellation)
    {
        var filler = new Socket(_listener.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Answer);
        try
        {
            await filler.ConnectAsync(EndPoint, deadline.Token);
            _fillers.Add(filler);
            return true;
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            filler.Dispose();
            cancellation.ThrowIfCancellationRequested();
            return false;
        }
    }
}
