using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTorrent.Engine.Options;

namespace ActorTorrent.Engine.Connecting;

/// <summary>Asks a proxy for a connection. Not a byte of what comes after its consent is read.</summary>
internal static class ProxyHandshake
{
    private const int LongestHttpAnswer = 8 << 10;

    private const byte SocksVersion = 5;
    private const byte NoAuthentication = 0;
    private const byte ByPassword = 2;
    private const byte PasswordVersion = 1;
    private const byte Connect = 1;
    private const byte IPv4 = 1;
    private const byte Name = 3;
    private const byte IPv6 = 4;

    /// <summary>Runs it on a socket that is connected to the proxy.</summary>
    /// <exception cref="ProxyException">The proxy refuses, or speaks something else.</exception>
    /// <exception cref="SocketException">The connection to the proxy broke.</exception>
    public static Task RunAsync(Socket socket, ProxyOptions proxy, EndPoint target, CancellationToken stop) =>
        proxy.Kind == ProxyKind.Socks5 ? SocksAsync(socket, proxy, target, stop) : HttpAsync(socket, proxy, target, stop);

    /// <summary>The request to connect of RFC 1928 section 4: version, command, 0, kind of address, address, port (big endian).</summary>
    internal static byte[] SocksRequest(EndPoint target)
    {
        var (host, port) = target switch
        {
            IPEndPoint address => (null, address.Port),
            DnsEndPoint name => (Encoding.ASCII.GetBytes(new IdnMapping().GetAscii(name.Host)), name.Port),
            _ => throw new ArgumentException($"{target} is neither an address nor a name.", nameof(target)),
        };
        if (host is { Length: > byte.MaxValue })
            throw new ProxyException(SocketError.HostNotFound, "the name is longer than 255 bytes");
        var bytes = host ?? ((IPEndPoint)target).Address.GetAddressBytes();
        var kind = host is not null ? Name : bytes.Length == 4 ? IPv4 : IPv6;
        byte[] request = host is null ? [SocksVersion, Connect, 0, kind, .. bytes, 0, 0] : [SocksVersion, Connect, 0, kind, (byte)bytes.Length, .. bytes, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(^2), (ushort)port);
        return request;
    }

    private static async Task SocksAsync(Socket socket, ProxyOptions proxy, EndPoint target, CancellationToken stop)
    {
        byte[] methods = proxy.User.Length > 0 ? [SocksVersion, 2, NoAuthentication, ByPassword] : [SocksVersion, 1, NoAuthentication];
        await SendAsync(socket, methods, stop).ConfigureAwait(false);
        var choice = await ReadAsync(socket, 2, proxy, stop).ConfigureAwait(false);
        if (choice[0] != SocksVersion)
            throw Refused(proxy, "does not speak SOCKS 5");
        switch (choice[1])
        {
            case NoAuthentication:
                break;
            case ByPassword when proxy.User.Length > 0:
                await GivePasswordAsync(socket, proxy, stop).ConfigureAwait(false);
                break;
            default:
                throw Refused(proxy, "accepts none of our ways to say who we are; set proxy.user and proxy.password");
        }
        await SendAsync(socket, SocksRequest(target), stop).ConfigureAwait(false);
        var answer = await ReadAsync(socket, 4, proxy, stop).ConfigureAwait(false);
        if (answer[0] != SocksVersion)
            throw Refused(proxy, "does not speak SOCKS 5");
        if (answer[1] != 0)
            throw Explain(proxy, answer[1]);
        // The address it connected from is of no use to us.
        var length = answer[3] switch
        {
            IPv4 => 4,
            IPv6 => 16,
            Name => (await ReadAsync(socket, 1, proxy, stop).ConfigureAwait(false))[0],
            _ => throw Refused(proxy, $"names an address of the unknown kind {answer[3]}"),
        };
        await ReadAsync(socket, length + 2, proxy, stop).ConfigureAwait(false);
    }

    private static async Task GivePasswordAsync(Socket socket, ProxyOptions proxy, CancellationToken stop)
    {
        var user = Encoding.UTF8.GetBytes(proxy.User);
        var password = Encoding.UTF8.GetBytes(proxy.Password);
        await SendAsync(socket, [PasswordVersion, (byte)user.Length, .. user, (byte)password.Length, .. password], stop).ConfigureAwait(false);
        var answer = await ReadAsync(socket, 2, proxy, stop).ConfigureAwait(false);
        if (answer[1] != 0)
            throw Refused(proxy, "does not accept proxy.user and proxy.password");
    }

    // RFC 1928 section 6.
    private static ProxyException Explain(ProxyOptions proxy, byte code)
    {
        var (error, said) = code switch
        {
            2 => (SocketError.AccessDenied, "it is not allowed"),
            3 => (SocketError.NetworkUnreachable, "the network is unreachable"),
            4 => (SocketError.HostUnreachable, "the host is unreachable"),
            5 => (SocketError.ConnectionRefused, "connection refused"),
            6 => (SocketError.TimedOut, "it took too long"),
            8 => (SocketError.AddressFamilyNotSupported, "it knows no such addresses"),
            _ => (SocketError.NetworkUnreachable, string.Create(CultureInfo.InvariantCulture, $"it failed (code {code})")),
        };
        return new ProxyException(error, $"the {proxy} says: {said}");
    }

    private static async Task HttpAsync(Socket socket, ProxyOptions proxy, EndPoint target, CancellationToken stop)
    {
        var place = target is DnsEndPoint name ? $"{new IdnMapping().GetAscii(name.Host)}:{name.Port}" : target.ToString();
        var request = $"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n";
        if (proxy.User.Length > 0)
            request += $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{proxy.User}:{proxy.Password}"))}\r\n";
        await SendAsync(socket, Encoding.ASCII.GetBytes(request + "\r\n"), stop).ConfigureAwait(false);

        // A byte at a time: what follows the empty line is the target's.
        var answer = new byte[LongestHttpAnswer];
        var length = 0;
        while (!answer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            if (length == answer.Length)
                throw Refused(proxy, $"answers with more than {LongestHttpAnswer} bytes");
            await ReadAsync(socket, answer.AsMemory(length, 1), proxy, stop).ConfigureAwait(false);
            length++;
        }
        var line = Encoding.Latin1.GetString(answer.AsSpan(0, answer.AsSpan().IndexOf((byte)'\r')));
        if (line.Split(' ', 3) is not [var version, var code, ..] || !version.StartsWith("HTTP/1.", StringComparison.Ordinal)
            || !int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            throw Refused(proxy, "does not speak HTTP");
        if (status is < 200 or > 299)
        {
            // 407 is the code for that; tinyproxy 1.11 says 401 to a password that is not right.
            throw status is 407 or 401
                ? Refused(proxy, proxy.User.Length > 0 ? "does not accept proxy.user and proxy.password" : "wants to know who we are; set proxy.user and proxy.password")
                : new ProxyException(status is 502 or 503 or 504 ? SocketError.HostUnreachable : SocketError.AccessDenied, $"the {proxy} says: {status}");
        }
    }

    private static ProxyException Refused(ProxyOptions proxy, string what) => new(SocketError.AccessDenied, $"the {proxy} {what}");

    private static async Task SendAsync(Socket socket, byte[] bytes, CancellationToken stop)
    {
        for (var sent = 0; sent < bytes.Length;)
            sent += await socket.SendAsync(bytes.AsMemory(sent), SocketFlags.None, stop).ConfigureAwait(false);
    }

    private static async Task<byte[]> ReadAsync(Socket socket, int count, ProxyOptions proxy, CancellationToken stop)
    {
        var bytes = new byte[count];
        await ReadAsync(socket, bytes.AsMemory(), proxy, stop).ConfigureAwait(false);
        return bytes;
    }

    private static async Task ReadAsync(Socket socket, Memory<byte> bytes, ProxyOptions proxy, CancellationToken stop)
    {
        for (var read = 0; read < bytes.Length;)
        {
            var count = await socket.ReceiveAsync(bytes[read..], SocketFlags.None, stop).ConfigureAwait(false);
            read += count > 0 ? count : throw new ProxyException(SocketError.ConnectionReset, $"the {proxy} closed the connection");
        }
    }
}
