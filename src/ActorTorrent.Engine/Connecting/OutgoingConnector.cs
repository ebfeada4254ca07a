using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Options;

namespace ActorTorrent.Engine.Connecting;

/// <summary>Makes TCP connections the way that the settings say: from which own address, and through which proxy.</summary>
/// <param name="bind">The own addresses; any by default.</param>
/// <param name="proxy">The proxy; none by default.</param>
public sealed class OutgoingConnector(BindOptions? bind = null, ProxyOptions? proxy = null)
{
    private readonly BindOptions _bind = bind ?? new BindOptions();
    private readonly ProxyOptions _proxy = proxy ?? new ProxyOptions();

    /// <summary>Whether a proxy connects for us: then names are for it to look up.</summary>
    public bool IsProxied => _proxy.IsUsed;

    /// <summary>Whether targets of this family can be connected to; through a proxy, all can be tried.</summary>
    /// <param name="family">IPv4 or IPv6.</param>
    public bool Uses(AddressFamily family) => IsProxied || _bind.Uses(family);

    /// <summary>Makes a socket for a target.</summary>
    /// <param name="family">The target's family.</param>
    /// <exception cref="SocketException">The system has none, has not the own address, or the family is not to be used.</exception>
    public Socket Create(AddressFamily family)
    {
        var socket = IsProxied ? CreateForProxy() : new Socket(family, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            _bind.Apply(socket);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects a socket of <see cref="Create"/>.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="target">An address, or, through a proxy, a name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SocketException">It cannot be reached; a <see cref="ProxyException"/> when the proxy says so.</exception>
    public async ValueTask ConnectAsync(Socket socket, EndPoint target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(target);
        if (!IsProxied)
        {
            await socket.ConnectAsync(target, cancellationToken).ConfigureAwait(false);
            return;
        }
        try
        {
            await socket.ConnectAsync(_proxy.Host, _proxy.Port, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new ProxyException(SocketError.NetworkUnreachable, $"the {_proxy} is not to be reached: {e.Message}");
        }
        await ProxyHandshake.RunAsync(socket, _proxy, target, cancellationToken).ConfigureAwait(false);
    }

    // Its name may stand for addresses of both families: without an own address that decides, the socket is for both.
    private Socket CreateForProxy()
    {
        if (_bind.V4 is not null || !Socket.OSSupportsIPv6)
            return new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        return _bind.V6 is not null
            ? new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
    }
}
