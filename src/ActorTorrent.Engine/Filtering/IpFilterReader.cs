using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorTorrent.Engine.Filtering;

/// <summary>
/// Reads lists of addresses to filter, line by line, each line in whatever of these forms it has: P2P (<c>name:1.2.3.4-1.2.3.9</c>), DAT
/// (<c>001.002.003.004 - 001.002.003.009 , 000 , name</c>, of which levels over 127 are allowed), CIDR (<c>1.2.3.0/24</c>), a range or an
/// address alone; IPv6 too. Lines that begin with <c>#</c>, <c>;</c> or <c>//</c> are comments; what is none of these is skipped. A file may be
/// compressed (gzip).
/// </summary>
public static class IpFilterReader
{
    private const int BufferLength = 64 << 10;
    private const int LongestAddress = 64;
    private const int FirstAllowedLevel = 128;

    /// <summary>Reads lists into one filter. Blocking.</summary>
    /// <param name="files">The lists.</param>
    /// <exception cref="IpFilterException">One cannot be read, or has lines and none of them is a range.</exception>
    public static IpFilter ReadFiles(IEnumerable<string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var builder = new IpFilterBuilder();
        foreach (var file in files)
        {
            try
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
                Read(stream, file, builder);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new IpFilterException($"{file}: {failure.Message}", failure);
            }
        }
        return builder.Build();
    }

    /// <summary>Reads one list.</summary>
    /// <param name="stream">The list, plain or gzip.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="IpFilterException">It has lines and none of them is a range, or it is damaged.</exception>
    public static IpFilter Read(Stream stream, string name)
    {
        var builder = new IpFilterBuilder();
        Read(stream, name, builder);
        return builder.Build();
    }

    private static void Read(Stream stream, string name, IpFilterBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            var filled = stream.ReadAtLeast(buffer, 2, throwOnEndOfStream: false);
            var lines = filled >= 2 && buffer[0] == 0x1F && buffer[1] == 0x8B
                ? ReadCompressed(new Prefixed(buffer.AsSpan(0, filled).ToArray(), stream), buffer, builder)
                : ReadLines(stream, buffer, filled, builder);
            if (lines > 0 && builder.Count == 0)
                throw new IpFilterException($"{name}: none of its {lines} lines is a range of addresses (P2P, DAT or CIDR).");
        }
        catch (InvalidDataException damaged)
        {
            throw new IpFilterException($"{name}: it is damaged: {damaged.Message}", damaged);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int ReadCompressed(Stream compressed, byte[] buffer, IpFilterBuilder builder)
    {
        using var plain = new GZipStream(compressed, CompressionMode.Decompress, leaveOpen: true);
        return ReadLines(plain, buffer, filled: 0, builder);
    }

    /// <summary>Reads line by line; of one longer than the buffer nothing counts. Returns how many lines were neither empty nor comments.</summary>
    private static int ReadLines(Stream stream, byte[] buffer, int filled, IpFilterBuilder builder)
    {
        var lines = 0;
        var isTooLong = false;
        while (true)
        {
            var start = 0;
            for (int length; (length = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n')) >= 0; start += length + 1)
            {
                if (!isTooLong && TakeLine(buffer.AsSpan(start, length), builder))
                    lines++;
                isTooLong = false;
            }
            if (start == 0 && filled == buffer.Length)
            {
                isTooLong = true;
                lines++;
                filled = 0;
            }
            else
            {
                buffer.AsSpan(start, filled - start).CopyTo(buffer);
                filled -= start;
            }
            var count = stream.Read(buffer, filled, buffer.Length - filled);
            if (count == 0)
                break;
            filled += count;
        }
        if (filled > 0 && !isTooLong && TakeLine(buffer.AsSpan(0, filled), builder))
            lines++;
        return lines;
    }

    /// <summary>Takes a line; false when it is empty or a comment.</summary>
    private static bool TakeLine(ReadOnlySpan<byte> line, IpFilterBuilder builder)
    {
        line = Trim(line);
        if (line.StartsWith(Mark))
            line = Trim(line[Mark.Length..]);
        if (line.IsEmpty || line[0] is (byte)'#' or (byte)';' || line.StartsWith("//"u8))
            return false;
        _ = TryV4Range(line, builder) || TryRange(line, builder) || TryDat(line, builder) || TryP2P(line, builder);
        return true;
    }

    /// <summary>What nearly all lines of long lists are: an IPv4 range, with a name before it or not.</summary>
    private static bool TryV4Range(ReadOnlySpan<byte> line, IpFilterBuilder builder)
    {
        var dash = line.LastIndexOf((byte)'-');
        if (dash < 0 || !TryV4(Trim(line[(dash + 1)..]), out var last))
            return false;
        var before = line[..dash];
        return TryV4(Trim(before[(before.LastIndexOf((byte)':') + 1)..]), out var first) && builder.Add(first, last);
    }

    /// <summary>Two addresses, one with the length of its prefix, or one alone.</summary>
    private static bool TryRange(ReadOnlySpan<byte> text, IpFilterBuilder builder)
    {
        var dash = text.IndexOf((byte)'-');
        if (dash >= 0)
            return TryAdd(Trim(text[..dash]), Trim(text[(dash + 1)..]), builder);
        var slash = text.IndexOf((byte)'/');
        return slash < 0 ? TryAdd(text, text, builder) : TryNetwork(text[..slash], text[(slash + 1)..], builder);
    }

    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    private static bool TryDat(ReadOnlySpan<byte> line, IpFilterBuilder builder)
    {
        var comma = line.IndexOf((byte)',');
        if (comma < 0 || line[..comma].IndexOf((byte)'-') < 0)
            return false;
        var rest = line[(comma + 1)..];
        var next = rest.IndexOf((byte)',');
        var level = Trim(next < 0 ? rest : rest[..next]);
        if (level.Length > 0 && TryNumber(level, int.MaxValue, out var allowed) && allowed >= FirstAllowedLevel)
            return true;
        return TryRange(Trim(line[..comma]), builder);
    }

    private static bool TryP2P(ReadOnlySpan<byte> line, IpFilterBuilder builder)
    {
        var dash = line.LastIndexOf((byte)'-');
        if (dash < 0)
        {
            var at = line.LastIndexOf((byte)':');
            return at >= 0 && TryRange(Trim(line[(at + 1)..]), builder);
        }
        var last = Trim(line[(dash + 1)..]);
        if (!TryV6(last, out _))
            return false;
        // A name may hold colons, and so does an IPv6 address.
        var before = line[..dash];
        for (var from = before.Length > LongestAddress ? before.Length - LongestAddress : 0; from < before.Length; from++)
        {
            if (before[from] == (byte)':' && TryAdd(Trim(before[(from + 1)..]), last, builder))
                return true;
        }
        return false;
    }

    private static bool TryAdd(ReadOnlySpan<byte> first, ReadOnlySpan<byte> last, IpFilterBuilder builder)
    {
        if (TryV4(first, out var first4))
            return TryV4(last, out var last4) && builder.Add(first4, last4);
        return TryV6(first, out var first6) && TryV6(last, out var last6) && builder.Add(first6, last6);
    }

    private static bool TryNetwork(ReadOnlySpan<byte> address, ReadOnlySpan<byte> prefix, IpFilterBuilder builder)
    {
        if (TryV4(address, out var v4))
        {
            if (!TryNumber(prefix, 32, out var bits))
                return false;
            var mask = bits == 0 ? 0 : uint.MaxValue << (32 - bits);
            return builder.Add(v4 & mask, v4 | ~mask);
        }
        if (!TryV6(address, out var v6) || !TryNumber(prefix, 128, out var bits6))
            return false;
        var mask6 = bits6 == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - bits6);
        return builder.Add(v6 & mask6, v6 | ~mask6);
    }

    /// <summary>Four numbers up to 255, leading zeros allowed: they mean nothing in such lists.</summary>
    private static bool TryV4(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        var part = 0;
        var digits = 0;
        var dots = 0;
        foreach (var c in text)
        {
            if (c == (byte)'.')
            {
                if (digits == 0 || ++dots > 3)
                    return false;
                address = (address << 8) | (uint)part;
                part = digits = 0;
                continue;
            }
            if (c is < (byte)'0' or > (byte)'9' || ++digits > 3)
                return false;
            part = (part * 10) + (c - '0');
            if (part > byte.MaxValue)
                return false;
        }
        address = (address << 8) | (uint)part;
        return dots == 3 && digits > 0;
    }

    private static bool TryV6(ReadOnlySpan<byte> text, out UInt128 address)
    {
        address = default;
        if (text.Length is < 2 or > LongestAddress || text.IndexOf((byte)':') < 0)
            return false;
        Span<char> chars = stackalloc char[LongestAddress];
        var length = Encoding.Latin1.GetChars(text, chars);
        if (!IPAddress.TryParse(chars[..length], out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6)
            return false;
        Span<byte> bytes = stackalloc byte[16];
        _ = parsed.TryWriteBytes(bytes, out _);
        address = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, int most, out int number)
    {
        number = 0;
        if (text.IsEmpty || text.Length > 9)
            return false;
        foreach (var c in text)
        {
            if (c is < (byte)'0' or > (byte)'9')
                return false;
            number = (number * 10) + (c - '0');
        }
        return number <= most;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\r"u8);

    /// <summary>Bytes that were read already, and the rest of their stream.</summary>
    private sealed class Prefixed(byte[] head, Stream rest) : Stream
    {
        private int _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (_at == head.Length)
                return rest.Read(buffer);
            var count = Math.Min(buffer.Length, head.Length - _at);
            head.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
