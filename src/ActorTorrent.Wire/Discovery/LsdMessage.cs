using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Wire.Discovery;

/// <summary>What clients shout into the local network: these torrents, at this port (BEP 14).</summary>
/// <param name="Port">The TCP port that the client listens on; 1 to 65,535.</param>
/// <param name="InfoHashes">The torrents; 1 to <see cref="MaxInfoHashes"/>.</param>
/// <param name="Cookie">What the client knows its own messages by, if it has one.</param>
public sealed record LsdMessage(ushort Port, IReadOnlyList<InfoHash> InfoHashes, string? Cookie)
{
    /// <summary>The torrents that one message names at most: 20, so that it stays below 1,400 bytes.</summary>
    public const int MaxInfoHashes = 20;

    /// <summary>The largest message in bytes: 1,400.</summary>
    public const int MaxLength = 1400;

    /// <summary>The port that everyone listens on.</summary>
    public const int DefaultPort = 6771;

    /// <summary>The group that everyone joins over IPv4.</summary>
    public const string GroupV4 = "239.192.152.143";

    /// <summary>The group that everyone joins over IPv6.</summary>
    public const string GroupV6 = "ff15::efc0:988f";

    private const int MaxCookieLength = 64;
    private const int HexLength = 2 * InfoHash.Length;

    private static ReadOnlySpan<byte> FirstLine => "BT-SEARCH * HTTP/1.1"u8;

    /// <summary>Writes the message.</summary>
    /// <param name="family">Which group it goes to: the message names it.</param>
    /// <param name="groupPort">The group's port.</param>
    /// <exception cref="InvalidOperationException">There are no torrents or too many, or port or cookie cannot be told.</exception>
    public byte[] Write(AddressFamily family, int groupPort = DefaultPort)
    {
        if (Port == 0 || InfoHashes.Count is 0 or > MaxInfoHashes || Cookie?.Length > MaxCookieLength || Cookie?.All(char.IsAsciiLetterOrDigit) == false)
            throw new InvalidOperationException($"A message has a port, 1 to {MaxInfoHashes} torrents and a cookie of letters and digits.");
        var text = new StringBuilder(160 + (InfoHashes.Count * 53));
        var group = family == AddressFamily.InterNetworkV6 ? $"[{GroupV6}]" : GroupV4;
        text.Append("BT-SEARCH * HTTP/1.1\r\n");
        text.Append(CultureInfo.InvariantCulture, $"Host: {group}:{groupPort}\r\nPort: {Port}\r\n");
        foreach (var hash in InfoHashes)
            text.Append(CultureInfo.InvariantCulture, $"Infohash: {hash}\r\n");
        if (Cookie is not null)
            text.Append(CultureInfo.InvariantCulture, $"cookie: {Cookie}\r\n");
        text.Append("\r\n\r\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>
    /// Reads a message. False when it is none: too long, not a search, no port or a wrong one, no torrent, too many, or one that is not 40 hex
    /// digits. Headers that are not known are passed over.
    /// </summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="message">What it says.</param>
    public static bool TryRead(ReadOnlySpan<byte> datagram, [NotNullWhen(true)] out LsdMessage? message)
    {
        message = null;
        if (datagram.Length > MaxLength || !TakeLine(ref datagram, out var line) || !line.SequenceEqual(FirstLine))
            return false;
        var port = 0;
        string? cookie = null;
        var hashes = new List<InfoHash>();
        while (TakeLine(ref datagram, out line) && line.Length > 0)
        {
            var colon = line.IndexOf((byte)':');
            if (colon <= 0)
                return false;
            var name = line[..colon];
            var value = line[(colon + 1)..].Trim(" \t"u8);
            if (Is(name, "port"u8))
            {
                if (port != 0 || !TryPort(value, out port))
                    return false;
            }
            else if (Is(name, "infohash"u8))
            {
                if (value.Length != HexLength || hashes.Count == MaxInfoHashes || !InfoHash.TryParse(Encoding.ASCII.GetString(value), out var hash))
                    return false;
                if (!hashes.Contains(hash))
                    hashes.Add(hash);
            }
            else if (Is(name, "cookie"u8))
            {
                if (value.Length > MaxCookieLength)
                    return false;
                cookie = Encoding.ASCII.GetString(value);
            }
        }
        if (port == 0 || hashes.Count == 0)
            return false;
        message = new LsdMessage((ushort)port, hashes, cookie);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(LsdMessage? other) =>
        other is not null && Port == other.Port && Cookie == other.Cookie && InfoHashes.SequenceEqual(other.InfoHashes);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Port, Cookie, InfoHashes.Count);

    private static bool TryPort(ReadOnlySpan<byte> text, out int port) =>
        Utf8Parser.TryParse(text, out port, out var used) && used == text.Length && port is > 0 and <= ushort.MaxValue;

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lowerCase) => Ascii.EqualsIgnoreCase(name, lowerCase);

    /// <summary>Takes a line off; it must end with CR LF.</summary>
    private static bool TakeLine(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line)
    {
        var end = rest.IndexOf("\r\n"u8);
        line = end < 0 ? default : rest[..end];
        if (end < 0)
            return false;
        rest = rest[(end + 2)..];
        return true;
    }
}
