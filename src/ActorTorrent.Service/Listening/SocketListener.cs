using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace ActorTorrent.Service.Listening;

/// <summary>Takes in connections at one address, for a <see cref="SocketLoop"/>.</summary>
internal sealed class SocketListener : IConnectionListener
{
    private const int Backlog = 512;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly SocketLoop _loop;
    private readonly Socket _socket;

    /// <exception cref="AddressInUseException">Somebody listens there.</exception>
    /// <exception cref="SocketException">It cannot listen there.</exception>
    public SocketListener(SocketLoop loop, IPEndPoint address)
    {
        _loop = loop;
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // "Any" of IPv6 is for both families.
            if (address.Address.Equals(IPAddress.IPv6Any))
                _socket.DualMode = true;
            _socket.Bind(address);
            _socket.Listen(Backlog);
        }
        catch (SocketException e)
        {
            _socket.Dispose();
            if (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
                throw new AddressInUseException(e.Message, e);
            throw;
        }
        EndPoint = _socket.LocalEndPoint!;
    }

    /// <inheritdoc/>
    public EndPoint EndPoint { get; }

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Socket? socket = null;
            try
            {
                socket = await _socket.AcceptAsync(cancellationToken).ConfigureAwait(false);
                var connection = new SocketConnection(_loop, socket);
                connection.Start();
                return connection;
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                socket?.Dispose();
                return null;
            }
            catch (SocketException e)
            {
                // That one went before it was taken in, or there is no room for it: trying again at once helps only the first.
                socket?.Dispose();
                if (e.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
                    await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
