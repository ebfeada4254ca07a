using System.Globalization;

namespace ActorTorrent.Wire.Metainfo;

/// <summary>A peer that a magnet link names (<c>x.pe</c>, BEP 9).</summary>
/// <param name="Host">A host name or an IP address, IPv6 without brackets.</param>
/// <param name="Port">The TCP port, 1 to 65,535.</param>
public sealed record MagnetPeer(string Host, int Port)
{
    private const int LongestHost = 253;

    /// <summary>Reads HOST:PORT, IPv6 addresses in brackets.</summary>
    public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MagnetPeer? peer)
    {
        peer = null;
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.LastIndexOf(':');
        if (colon < 1 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            return false;
        var host = text[..colon];
        if (host is ['[', .. var inner, ']'])
            host = inner;
        else if (host.Contains(':', StringComparison.Ordinal))
            return false;
        if (host.Length > LongestHost || Uri.CheckHostName(host) == UriHostNameType.Unknown)
            return false;
        peer = new MagnetPeer(host, port);
        return true;
    }

    /// <summary>HOST:PORT, IPv6 addresses in brackets.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");
}
