using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using ActorTorrent.Engine.Options;
using Akka.Actor;

namespace ActorTorrent.Engine.Datagrams;

/// <summary>A socket in a group, on a port that several programs of one host may share.</summary>
internal sealed class MulticastSocket : IMulticastSocket
{
    private readonly Socket _socket;
    private readonly DatagramSocket _datagrams;
    private readonly IPEndPoint _group;
    private readonly bool _onlyLoopback;
    private readonly BindOptions _bind;
    private readonly HashSet<int> _joined = [];

    private MulticastSocket(Socket socket, DatagramSocket datagrams, IPEndPoint group, bool onlyLoopback, BindOptions bind)
    {
        _socket = socket;
        _datagrams = datagrams;
        _group = group;
        _onlyLoopback = onlyLoopback;
        _bind = bind;
    }

    /// <inheritdoc/>
    public AddressFamily Family => _group.AddressFamily;

    /// <summary>Opens one and joins the group.</summary>
    /// <param name="group">The group and its port.</param>
    /// <param name="onlyLoopback">Whether only the loopback interface is used.</param>
    /// <param name="bind">The own addresses; only interfaces that have one are used when they are named.</param>
    /// <param name="owner">Who gets what comes in.</param>
    /// <param name="longest">The longest datagram taken, in bytes.</param>
    /// <param name="inFlight">Datagrams that may wait for the owner.</param>
    /// <exception cref="SocketException">The port cannot be had, or no interface has such a group.</exception>
    public static MulticastSocket Open(IPEndPoint group, bool onlyLoopback, BindOptions bind, IActorRef owner, int longest, int inFlight)
    {
        if (!bind.Uses(group.AddressFamily))
            throw new SocketException((int)SocketError.AddressFamilyNotSupported);
        var isV6 = group.AddressFamily == AddressFamily.InterNetworkV6;
        var socket = new Socket(group.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            if (isV6)
                socket.DualMode = false;
            socket.Bind(new IPEndPoint(isV6 ? IPAddress.IPv6Any : IPAddress.Any, group.Port));
            var result = new MulticastSocket(socket, new DatagramSocket(socket, owner, longest, inFlight), group, onlyLoopback, bind);
            if (result.Join().Count == 0)
                throw new SocketException((int)SocketError.AddressFamilyNotSupported);
            return result;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string? Send(ReadOnlySpan<byte> datagram, IPEndPoint to) => _datagrams.Send(datagram, to);

    /// <inheritdoc/>
    public string? SendToGroup(ReadOnlySpan<byte> datagram)
    {
        string? problem = "no interface can multicast";
        var isSent = false;
        foreach (var (index, address) in Join())
        {
            try
            {
                Choose(index, address);
                problem = _datagrams.Send(datagram, _group);
            }
            catch (SocketException e)
            {
                problem = e.Message;
            }
            isSent |= problem is null;
        }
        return isSent ? null : problem;
    }

    /// <inheritdoc/>
    public void Done() => _datagrams.Done();

    /// <inheritdoc/>
    public void Dispose() => _datagrams.Dispose();

    /// <summary>Joins the group on the interfaces that there are now, and tells them by their numbers.</summary>
    private List<(int Index, IPAddress Address)> Join()
    {
        var interfaces = Interfaces();
        _joined.IntersectWith(interfaces.Select(one => one.Index));
        foreach (var one in interfaces.ToArray())
        {
            var index = one.Index;
            if (_joined.Contains(index))
                continue;
            try
            {
                if (Family == AddressFamily.InterNetworkV6)
                    _socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.AddMembership, new IPv6MulticastOption(_group.Address, index));
                else
                    _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(_group.Address, index));
                _joined.Add(index);
            }
            catch (SocketException e) when (e.SocketErrorCode is not SocketError.OperationAborted)
            {
                // An interface without such addresses, or one that is just going: the others do.
                interfaces.Remove(one);
            }
        }
        return interfaces;
    }

    private void Choose(int index, IPAddress address)
    {
        if (Family == AddressFamily.InterNetworkV6)
            _socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, index);
        else
        {
            // By address, which is then the sender's, too; given the number of the loopback interface, Linux sends from 0.0.0.0.
            _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, BitConverter.ToInt32(address.GetAddressBytes()));
        }
    }

    private bool IsOwn(UnicastIPAddressInformation information) =>
        information.Address.AddressFamily == Family && _bind.Named(Family) is var named && (named is null || named.Equals(information.Address));

    private List<(int Index, IPAddress Address)> Interfaces()
    {
        var interfaces = new List<(int Index, IPAddress Address)>();
        foreach (var one in NetworkInterface.GetAllNetworkInterfaces())
        {
            var isLoopback = one.NetworkInterfaceType == NetworkInterfaceType.Loopback;
            if (!isLoopback && (_onlyLoopback || one.OperationalStatus != OperationalStatus.Up || !one.SupportsMulticast))
                continue;
            try
            {
                var properties = one.GetIPProperties();
                var index = Family == AddressFamily.InterNetworkV6 ? properties.GetIPv6Properties()?.Index : properties.GetIPv4Properties()?.Index;
                var address = properties.UnicastAddresses.FirstOrDefault(IsOwn)?.Address;
                if (index is > 0 && address is not null)
                    interfaces.Add((index.Value, address));
            }
            catch (NetworkInformationException)
            {
                // It does not speak this family, or is gone since the list was made.
                continue;
            }
        }
        return interfaces;
    }
}
