using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTorrent.Engine.Connecting;
using ActorTorrent.Engine.Options;

namespace ActorTorrent.Engine.Tests.Connecting;

public sealed class OutgoingConnectorTests
{
    private static readonly IPEndPoint Target = new(IPAddress.Parse("192.0.2.7"), 0x1AE1);
    private static readonly byte[] Granted = [5, 0, 0, 1, 10, 0, 0, 1, 0, 80];

    [Fact]
    public async Task Socks_without_a_name_asks_for_the_address_and_leaves_what_follows_unread()
    {
        using var proxy = new ScriptedProxy((3, [5, 0]), (10, [.. Granted, .. "hello"u8]));
        using var socket = await ConnectAsync(ProxyKind.Socks5, proxy, Target);
        Assert.Equal("hello", await ReadToEndAsync(socket));
        Assert.Equal([5, 1, 0, 5, 1, 0, 1, 192, 0, 2, 7, 0x1A, 0xE1], await ClosedAsync(socket, proxy));
    }

    [Fact]
    public async Task Socks_with_a_name_gives_name_and_password()
    {
        using var proxy = new ScriptedProxy((4, [5, 2]), (9, [1, 0]), (10, [5, 0, 0, 3, 2, (byte)'a', (byte)'b', 0, 80]));
        using var socket = await ConnectAsync(ProxyKind.Socks5, proxy, Target, "me", "pass");
        Assert.Equal([5, 2, 0, 2, 1, 2, (byte)'m', (byte)'e', 4, .. "pass"u8, 5, 1, 0, 1, 192, 0, 2, 7, 0x1A, 0xE1], await ClosedAsync(socket, proxy));
    }

    [Fact]
    public async Task Socks_is_told_IPv6_addresses_and_names()
    {
        using var six = new ScriptedProxy((3, [5, 0]), (22, [5, 0, 0, 4, .. new byte[16], 0, 80]));
        using var first = await ConnectAsync(ProxyKind.Socks5, six, new IPEndPoint(IPAddress.IPv6Loopback, 80));
        Assert.Equal([5, 1, 0, 4, .. new byte[15], 1, 0, 80], (await ClosedAsync(first, six))[3..]);

        using var name = new ScriptedProxy((3, [5, 0]), (5 + 7 + 2, Granted));
        using var second = await ConnectAsync(ProxyKind.Socks5, name, new DnsEndPoint("a.b.org", 443));
        Assert.Equal([5, 1, 0, 3, 7, .. "a.b.org"u8, 1, 187], (await ClosedAsync(second, name))[3..]);
    }

    [Theory]
    [InlineData(1, SocketError.NetworkUnreachable)]
    [InlineData(2, SocketError.AccessDenied)]
    [InlineData(3, SocketError.NetworkUnreachable)]
    [InlineData(4, SocketError.HostUnreachable)]
    [InlineData(5, SocketError.ConnectionRefused)]
    [InlineData(6, SocketError.TimedOut)]
    [InlineData(8, SocketError.AddressFamilyNotSupported)]
    public async Task What_socks_refuses_says_why(byte code, SocketError expected)
    {
        using var proxy = new ScriptedProxy((3, [5, 0]), (10, [5, code, 0, 1, 0, 0, 0, 0, 0, 0]));
        var refusal = await Assert.ThrowsAsync<ProxyException>(() => ConnectAsync(ProxyKind.Socks5, proxy, Target));
        Assert.Equal(expected, refusal.SocketErrorCode);
        Assert.Contains($"SOCKS5 proxy 127.0.0.1:{proxy.Port}", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 4, 0 }, "does not speak SOCKS 5")]
    [InlineData(new byte[] { 5, 255 }, "proxy.user")]
    [InlineData(new byte[] { 5, 2 }, "proxy.user")]
    [InlineData(new byte[] { 5 }, "closed the connection")]
    public async Task What_is_no_socks_proxy_for_us_is_named(byte[] answer, string expected)
    {
        using var proxy = new ScriptedProxy((3, answer));
        var refusal = await Assert.ThrowsAsync<ProxyException>(() => ConnectAsync(ProxyKind.Socks5, proxy, Target));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http_is_asked_by_connect_and_what_follows_is_left_unread()
    {
        const string request = "CONNECT 192.0.2.7:6881 HTTP/1.1\r\nHost: 192.0.2.7:6881\r\nProxy-Authorization: Basic bWU6cGFzcw==\r\n\r\n";
        using var proxy = new ScriptedProxy((request.Length, "HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\nhello"u8.ToArray()));
        using var socket = await ConnectAsync(ProxyKind.Http, proxy, Target, "me", "pass");
        Assert.Equal("hello", await ReadToEndAsync(socket));
        Assert.Equal(request, Encoding.ASCII.GetString(await ClosedAsync(socket, proxy)));
    }

    [Theory]
    [InlineData("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", SocketError.AccessDenied, "proxy.user")]
    [InlineData("HTTP/1.0 401 Unauthorized\r\n\r\n", SocketError.AccessDenied, "proxy.user")]
    [InlineData("HTTP/1.1 403 No\r\n\r\n", SocketError.AccessDenied, "403")]
    [InlineData("HTTP/1.0 502 Bad Gateway\r\n\r\n", SocketError.HostUnreachable, "502")]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n\r\n", SocketError.AccessDenied, "does not speak HTTP")]
    [InlineData("HTTP/1.1 2", SocketError.ConnectionReset, "closed the connection")]
    public async Task What_an_http_proxy_refuses_says_why(string answer, SocketError code, string expected)
    {
        using var proxy = new ScriptedProxy((20, Encoding.ASCII.GetBytes(answer)));
        var refusal = await Assert.ThrowsAsync<ProxyException>(() => ConnectAsync(ProxyKind.Http, proxy, Target));
        Assert.Equal(code, refusal.SocketErrorCode);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_answer_is_cut_off()
    {
        using var proxy = new ScriptedProxy((20, Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\n" + new string('x', 9_000))));
        var refusal = await Assert.ThrowsAsync<ProxyException>(() => ConnectAsync(ProxyKind.Http, proxy, Target));
        Assert.Contains("more than 8192 bytes", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_is_not_there_is_named()
    {
        var gone = new TcpListener(IPAddress.Loopback, 0);
        gone.Start();
        var port = ((IPEndPoint)gone.LocalEndpoint).Port;
        gone.Stop();
        var connector = new OutgoingConnector(proxy: new ProxyOptions { Kind = ProxyKind.Http, Host = "127.0.0.1", Port = port });
        using var socket = connector.Create(AddressFamily.InterNetwork);
        var refusal = await Assert.ThrowsAsync<ProxyException>(() => connector.ConnectAsync(socket, Target, CancellationToken.None).AsTask());
        Assert.Contains($"127.0.0.1:{port} is not to be reached", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_own_address_is_that_towards_the_proxy()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var own = IPAddress.Parse("127.0.0.7");
        var connector = new OutgoingConnector(
            new BindOptions { V4 = own },
            new ProxyOptions { Kind = ProxyKind.Socks5, Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port });
        using var socket = connector.Create(AddressFamily.InterNetworkV6);
        using var stop = new CancellationTokenSource();
        var connecting = connector.ConnectAsync(socket, Target, stop.Token).AsTask();
        using var accepted = await listener.AcceptSocketAsync();
        Assert.Equal(own, ((IPEndPoint)accepted.RemoteEndPoint!).Address);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }

    private static async Task<Socket> ConnectAsync(ProxyKind kind, ScriptedProxy proxy, EndPoint target, string user = "", string password = "")
    {
        var connector = new OutgoingConnector(
            proxy: new ProxyOptions { Kind = kind, Host = "127.0.0.1", Port = proxy.Port, User = user, Password = password });
        var socket = connector.Create(target.AddressFamily);
        try
        {
            await connector.ConnectAsync(socket, target, CancellationToken.None);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[64];
        while (await socket.ReceiveAsync(buffer) is > 0 and var count)
            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        return text.ToString();
    }

    private static async Task<byte[]> ClosedAsync(Socket socket, ScriptedProxy proxy)
    {
        socket.Shutdown(SocketShutdown.Send);
        return await proxy.Done;
    }
}
