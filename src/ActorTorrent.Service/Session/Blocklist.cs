using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorTorrent.Service.Session;

/// <summary>
/// Ranges of addresses that no torrent deals with, from a list in one of the formats that are passed around: <c>name:first-last</c> (P2P),
/// <c>first - last , level , name</c> (DAT, levels up to 127 block), or networks such as <c>192.0.2.0/24</c>; plain or gzip. Kept in the session's folder.
/// </summary>
internal sealed class Blocklist
{
    private const int MostBytes = 256 << 20;
    private const int HighestBlockingLevel = 127;

    private readonly string _path;
    private Ranges _ranges = Ranges.Empty;

    public Blocklist(string folder)
    {
        _path = Path.Join(folder, "blocklist");
        if (File.Exists(_path))
            _ranges = Parse(File.ReadAllBytes(_path));
    }

    /// <summary>Whether it is in force.</summary>
    public bool IsOn { get; set; }

    /// <summary>Rules in the list.</summary>
    public int Count => Volatile.Read(ref _ranges).Rules;

    /// <summary>Whether an address is not to be dealt with.</summary>
    public bool Blocks(IPAddress address) => IsOn && Volatile.Read(ref _ranges).Contains(address);

    /// <summary>Takes a new list, and keeps it.</summary>
    /// <exception cref="SessionException">It is none.</exception>
    public async Task ReplaceAsync(ReadOnlyMemory<byte> bytes)
    {
        var ranges = Parse(bytes);
        if (ranges.Rules == 0)
            throw new SessionException(SessionErrorKind.Invalid, "It holds no rules.");
        var fresh = _path + ".new";
        await File.WriteAllBytesAsync(fresh, bytes).ConfigureAwait(false);
        File.Move(fresh, _path, overwrite: true);
        Volatile.Write(ref _ranges, ranges);
    }

    /// <summary>Reads a list. Lines that are no rules are passed over.</summary>
    internal static Ranges Parse(ReadOnlyMemory<byte> bytes)
    {
        var v4 = new List<(uint First, uint Last)>();
        var v6 = new List<(UInt128 First, UInt128 Last)>();
        var rules = 0;
        foreach (var line in Unpack(bytes).Split('\n'))
        {
            if (!TryParse(line.AsSpan().Trim(), out var first, out var last))
                continue;
            rules++;
            if (first.AddressFamily == AddressFamily.InterNetwork)
                v4.Add((Number4(first), Number4(last)));
            else
                v6.Add((Number6(first), Number6(last)));
        }
        return new Ranges(Merge(v4), Merge(v6), rules);
    }

    private static string Unpack(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < 2 || bytes.Span[0] != 0x1F || bytes.Span[1] != 0x8B)
            return Encoding.Latin1.GetString(bytes.Span);
        using var packed = new GZipStream(new MemoryStream(bytes.ToArray()), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        var buffer = new byte[64 << 10];
        int count;
        try
        {
            while ((count = packed.Read(buffer)) > 0)
            {
                plain.Write(buffer, 0, count);
                if (plain.Length > MostBytes)
                    throw new SessionException(SessionErrorKind.Invalid, "It is larger than any blocklist.");
            }
        }
        catch (InvalidDataException e)
        {
            throw new SessionException(SessionErrorKind.Invalid, e.Message);
        }
        return Encoding.Latin1.GetString(plain.GetBuffer(), 0, (int)plain.Length);
    }

    private static bool TryParse(ReadOnlySpan<char> line, out IPAddress first, out IPAddress last)
    {
        first = last = IPAddress.None;
        if (line.IsEmpty || line[0] == '#')
            return false;
        if (IPNetwork.TryParse(line, out var network))
        {
            first = network.BaseAddress;
            last = LastOf(network);
            return true;
        }
        var comma = line.IndexOf(',');
        if (comma > 0)
        {
            var rest = line[(comma + 1)..];
            var end = rest.IndexOf(',');
            if (int.TryParse((end < 0 ? rest : rest[..end]).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var level) && level > HighestBlockingLevel)
                return false;
            return TryRange(line[..comma], out first, out last);
        }
        // A name may hold colons; an IPv6 range has none of its own to tell apart, so its list has no names.
        return TryRange(line[(line.LastIndexOf(':') + 1)..], out first, out last) || TryRange(line, out first, out last);
    }

    private static bool TryRange(ReadOnlySpan<char> text, out IPAddress first, out IPAddress last)
    {
        first = last = IPAddress.None;
        var dash = text.IndexOf('-');
        return dash > 0
            && TryAddress(text[..dash].Trim(), out first)
            && TryAddress(text[(dash + 1)..].Trim(), out last)
            && first.AddressFamily == last.AddressFamily
            && (first.AddressFamily == AddressFamily.InterNetworkV6 ? Number6(first) <= Number6(last) : Number4(first) <= Number4(last));
    }

    // Lists of eMule write 001.002.003.004, which is not octal.
    private static bool TryAddress(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.Contains(':'))
            return IPAddress.TryParse(text, out address!);
        Span<byte> bytes = stackalloc byte[4];
        var at = 0;
        foreach (var part in text.Split('.'))
        {
            if (at == 4 || !byte.TryParse(text[part], NumberStyles.None, CultureInfo.InvariantCulture, out bytes[at++]))
                return false;
        }
        if (at != 4)
            return false;
        address = new IPAddress(bytes);
        return true;
    }

    private static IPAddress LastOf(IPNetwork network)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        for (var bit = network.PrefixLength; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
        return new IPAddress(bytes);
    }

    private static uint Number4(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        _ = address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    private static UInt128 Number6(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static (T First, T Last)[] Merge<T>(List<(T First, T Last)> ranges)
        where T : struct, IComparable<T>
    {
        ranges.Sort();
        var merged = new List<(T First, T Last)>();
        foreach (var range in ranges)
        {
            if (merged.Count > 0 && range.First.CompareTo(merged[^1].Last) <= 0)
                merged[^1] = (merged[^1].First, range.Last.CompareTo(merged[^1].Last) > 0 ? range.Last : merged[^1].Last);
            else
                merged.Add(range);
        }
        return [.. merged];
    }

    /// <summary>Sorted ranges that do not overlap.</summary>
    internal sealed class Ranges((uint First, uint Last)[] v4, (UInt128 First, UInt128 Last)[] v6, int rules)
    {
        public static readonly Ranges Empty = new([], [], 0);

        public int Rules { get; } = rules;

        public bool Contains(IPAddress address)
        {
            if (address.IsIPv4MappedToIPv6)
                address = address.MapToIPv4();
            return address.AddressFamily == AddressFamily.InterNetwork ? Contains(v4, Number4(address)) : Contains(v6, Number6(address));
        }

        private static bool Contains<T>((T First, T Last)[] ranges, T address)
            where T : struct, IComparable<T>
        {
            var (low, high) = (0, ranges.Length - 1);
            while (low <= high)
            {
                var middle = low + ((high - low) / 2);
                if (address.CompareTo(ranges[middle].First) < 0)
                    high = middle - 1;
                else if (address.CompareTo(ranges[middle].Last) > 0)
                    low = middle + 1;
                else
                    return true;
            }
            return false;
        }
    }
}
