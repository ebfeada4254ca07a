using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ActorTorrent.Cli;

/// <summary>A peer as HOST:PORT, IPv6 addresses in brackets.</summary>
internal static class PeerArgument
{
    /// <summary>Parses it and looks a host name up.</summary>
    /// <param name="text">HOST:PORT or [IPv6]:PORT.</param>
    /// <param name="stop">Gives up the look-up.</param>
    /// <returns>An endpoint for every address of the host.</returns>
    /// <exception cref="InputException">It is not of that form, or the name is unknown.</exception>
    public static async Task<IReadOnlyList<IPEndPoint>> ResolveAsync(string text, CancellationToken stop)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            throw new InputException($"--peer: '{text}' is not HOST:PORT with a port from 1 to 65535, such as 127.0.0.1:6881 or [::1]:6881.");
        var host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
            host = host[1..^1];
        if (IPAddress.TryParse(host, out var address))
            return [new IPEndPoint(address, port)];
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, stop).ConfigureAwait(false);
            return Array.ConvertAll(addresses, a => new IPEndPoint(a, port));
        }
        catch (SocketException e)
        {
            throw new InputException($"--peer: the host '{host}' cannot be looked up: {e.Message}");
        }
    }
}
