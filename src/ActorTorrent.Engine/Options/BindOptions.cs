using System.Net;
using System.Net.Sockets;

namespace ActorTorrent.Engine.Options;

/// <summary>
/// What the <c>actortorrent.bind</c> section of the HOCON files sets: the own addresses that everything goes out from and comes in to. As soon
/// as one is named, nothing uses the other family: what should go through one interface must not leave by another.
/// </summary>
public sealed record BindOptions
{
    // ip(7): the port is chosen at the connect, when the other end is known, so that more than 28,000 connections find one.
    private const int IpBindAddressNoPort = 24;

    /// <summary>The own IPv4 address; null for none in particular.</summary>
    public IPAddress? V4 { get; init; }

    /// <summary>The own IPv6 address; null for none in particular.</summary>
    public IPAddress? V6 { get; init; }

    /// <summary>Whether addresses of this family are used.</summary>
    /// <param name="family">IPv4 or IPv6.</param>
    public bool Uses(AddressFamily family) => (V4 is null && V6 is null) || Named(family) is not null;

    /// <summary>The address to bind to; any, when none is named.</summary>
    /// <param name="family">IPv4 or IPv6.</param>
    public IPAddress AddressOf(AddressFamily family) => Named(family) ?? (family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any);

    /// <summary>The address that is named; null when none is.</summary>
    /// <param name="family">IPv4 or IPv6.</param>
    public IPAddress? Named(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? V6 : V4;

    /// <summary>Prepares a TCP socket to connect from where it should.</summary>
    /// <param name="socket">One that is neither bound nor connected.</param>
    /// <exception cref="SocketException">
    /// <see cref="SocketError.AddressNotAvailable"/>: this host has not the address; <see cref="SocketError.AddressFamilyNotSupported"/>: the
    /// family is not to be used.
    /// </exception>
    public void Apply(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (!Uses(socket.AddressFamily))
            throw new SocketException((int)SocketError.AddressFamilyNotSupported);
        if (Named(socket.AddressFamily) is not { } address)
            return;
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption(0, IpBindAddressNoPort, BitConverter.GetBytes(1));
        socket.Bind(new IPEndPoint(address, 0));
    }
}
