using System.Net;
using Microsoft.AspNetCore.Connections;

namespace ActorTorrent.Service.Listening;

/// <summary>
/// Kestrel's way to the network on Linux: one thread for all connections. What it cannot do (another system, another kind of address) is left
/// to Kestrel's own.
/// </summary>
internal sealed class SocketListenerFactory : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    private readonly Lock _gate = new();
    private SocketLoop? _loop;

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => OperatingSystem.IsLinux() && endpoint is IPEndPoint;

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        lock (_gate)
            return ValueTask.FromResult<IConnectionListener>(new SocketListener(_loop ??= new SocketLoop(), (IPEndPoint)endpoint));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _loop?.Dispose();
            _loop = null;
        }
    }
}
