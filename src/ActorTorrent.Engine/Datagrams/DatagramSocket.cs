using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Options;
using Akka.Actor;

namespace ActorTorrent.Engine.Datagrams;

/// <summary>A UDP socket of the system's with one receive loop.</summary>
internal sealed class DatagramSocket : IDatagramSocket
{
    private readonly Socket _socket;
    private readonly IActorRef _owner;
    private readonly SemaphoreSlim _room;
    private readonly CancellationTokenSource _closing = new();
    private readonly byte[] _buffer;
    private readonly int _longest;

    /// <summary>Starts to receive on a socket that is bound; owns it from then on.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="owner">Who gets what comes in.</param>
    /// <param name="longest">The longest datagram taken, in bytes; longer ones are dropped.</param>
    /// <param name="inFlight">Datagrams that may wait for the owner.</param>
    public DatagramSocket(Socket socket, IActorRef owner, int longest, int inFlight)
    {
        _socket = socket;
        _owner = owner;
        _longest = longest;
        _buffer = new byte[longest + 1];
        _room = new SemaphoreSlim(inFlight);
        socket.Blocking = false;
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        Receiving = Task.Run(ReceiveAsync);
    }

    /// <summary>Where it is bound.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>Ends once the socket is closed.</summary>
    public Task Receiving { get; }

    /// <summary>Opens one on any free port.</summary>
    /// <param name="bind">The own addresses that are used.</param>
    /// <param name="family">IPv4 or IPv6.</param>
    /// <param name="owner">Who gets what comes in.</param>
    /// <param name="longest">The longest datagram taken, in bytes.</param>
    /// <param name="inFlight">Datagrams that may wait for the owner.</param>
    /// <exception cref="SocketException">The system has none.</exception>
    public static DatagramSocket Open(BindOptions bind, AddressFamily family, IActorRef owner, int longest, int inFlight)
    {
        if (!bind.Uses(family))
            throw new SocketException((int)SocketError.AddressFamilyNotSupported);
        var socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (family == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.Bind(new IPEndPoint(bind.AddressOf(family), 0));
            return new DatagramSocket(socket, owner, longest, inFlight);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string? Send(ReadOnlySpan<byte> datagram, IPEndPoint to)
    {
        try
        {
            _socket.SendTo(datagram, SocketFlags.None, to);
            return null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable ? null : e.Message;
        }
        catch (ObjectDisposedException)
        {
            return "The socket is closed";
        }
    }

    /// <inheritdoc/>
    public void Done() => _room.Release();

    /// <inheritdoc/>
    public void Dispose()
    {
        _closing.Cancel();
        _socket.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var anyone = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        try
        {
            while (true)
            {
                await _room.WaitAsync(_closing.Token).ConfigureAwait(false);
                var (from, length) = await ReceiveOneAsync(anyone).ConfigureAwait(false);
                _owner.Tell(new DatagramProtocol.Received(this, from, _buffer.AsSpan(0, length).ToArray()));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Closed by us, or broken: then the owner opens another when it needs one.
            if (!_closing.IsCancellationRequested)
                _owner.Tell(new DatagramProtocol.Broken(this, e.Message));
        }
    }

    private async Task<(IPEndPoint From, int Length)> ReceiveOneAsync(IPEndPoint anyone)
    {
        while (true)
        {
            try
            {
                var received = await _socket.ReceiveFromAsync(_buffer, SocketFlags.None, anyone, _closing.Token).ConfigureAwait(false);
                if (received.ReceivedBytes <= _longest)
                    return ((IPEndPoint)received.RemoteEndPoint, received.ReceivedBytes);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.MessageSize or SocketError.ConnectionReset or SocketError.ConnectionRefused)
            {
                // One that is too long, or the news that one of ours found nobody: the next may be good.
                continue;
            }
        }
    }
}
