using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Options;

namespace ActorTorrent.Engine.Tests.Options;

public sealed class BindOptionsTests
{
    private static readonly IPAddress Own = IPAddress.Parse("127.0.0.7");

    [Fact]
    public void Without_an_address_both_families_are_used()
    {
        var bind = new BindOptions();
        Assert.True(bind.Uses(AddressFamily.InterNetwork));
        Assert.True(bind.Uses(AddressFamily.InterNetworkV6));
        Assert.Equal(IPAddress.Any, bind.AddressOf(AddressFamily.InterNetwork));
        Assert.Equal(IPAddress.IPv6Any, bind.AddressOf(AddressFamily.InterNetworkV6));
    }

    [Fact]
    public void Once_one_is_named_the_other_family_is_not_used()
    {
        Assert.False(new BindOptions { V4 = Own }.Uses(AddressFamily.InterNetworkV6));
        Assert.False(new BindOptions { V6 = IPAddress.IPv6Loopback }.Uses(AddressFamily.InterNetwork));
        var both = new BindOptions { V4 = Own, V6 = IPAddress.IPv6Loopback };
        Assert.True(both.Uses(AddressFamily.InterNetwork));
        Assert.Equal(IPAddress.IPv6Loopback, both.AddressOf(AddressFamily.InterNetworkV6));
    }

    [Fact]
    public async Task A_connection_comes_from_the_address()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        new BindOptions { V4 = Own }.Apply(socket);
        await socket.ConnectAsync(listener.LocalEndpoint);
        using var accepted = await listener.AcceptSocketAsync();
        Assert.Equal(Own, ((IPEndPoint)accepted.RemoteEndPoint!).Address);
    }

    [Fact]
    public void A_socket_of_the_other_family_is_refused()
    {
        using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        var refusal = Assert.Throws<SocketException>(() => new BindOptions { V4 = Own }.Apply(socket));
        Assert.Equal(SocketError.AddressFamilyNotSupported, refusal.SocketErrorCode);
    }
}
