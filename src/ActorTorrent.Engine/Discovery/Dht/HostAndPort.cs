using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>A host, by name or address, and a port, as text: <c>example.org:6881</c>, <c>127.0.0.1:6881</c>, <c>[::1]:6881</c>.</summary>
/// <param name="Host">Name or address, without brackets.</param>
/// <param name="Port">1 to 65,535.</param>
public readonly record struct HostAndPort(string Host, int Port)
{
    /// <summary>Reads one; false when the text is anything else.</summary>
    public static bool TryParse(string? text, out HostAndPort value)
    {
        value = default;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            return false;
        var host = text![..colon];
        var isBracketed = host.StartsWith('[') && host.EndsWith(']');
        if (isBracketed)
            host = host[1..^1];
        if (Uri.CheckHostName(host) is var kind && (kind == UriHostNameType.Unknown || (kind == UriHostNameType.IPv6) != isBracketed))
            return false;
        value = new HostAndPort(host, port);
        return true;
    }

    /// <summary>Every endpoint of the host; none when its name is unknown.</summary>
    /// <param name="stop">Gives up.</param>
    public async Task<IReadOnlyList<IPEndPoint>> ResolveAsync(CancellationToken stop)
    {
        var port = Port;
        if (IPAddress.TryParse(Host, out var address))
            return [new IPEndPoint(address, port)];
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(Host, stop).ConfigureAwait(false);
            return Array.ConvertAll(addresses, found => new IPEndPoint(found, port));
        }
        catch (SocketException)
        {
            return [];
        }
    }
}
