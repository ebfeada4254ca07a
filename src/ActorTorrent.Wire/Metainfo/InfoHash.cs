using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace ActorTorrent.Wire.Metainfo;

/// <summary>
/// The 20-byte SHA-1 of a torrent's raw <c>info</c> value (BEP 3), held inline. Its text is 40 lower-case hex digits.
/// </summary>
public readonly record struct InfoHash
{
    /// <summary>The number of bytes: 20.</summary>
    public const int Length = 20;

    private readonly ulong _head;
    private readonly ulong _middle;
    private readonly uint _tail;

    /// <summary>Makes an info hash of its bytes.</summary>
    /// <param name="bytes">Exactly 20 bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> has another length.</exception>
    public InfoHash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException($"An info hash has {Length} bytes, not {bytes.Length}.", nameof(bytes));
        _head = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _middle = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _tail = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>Reads 40 hex digits of either case.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static InfoHash Parse(string hex40)
    {
        ArgumentNullException.ThrowIfNull(hex40);
        return TryParse(hex40, out var hash)
            ? hash
            : throw new FormatException($"An info hash is {2 * Length} hex digits; this is not: '{hex40}'.");
    }

    /// <summary>Reads 40 hex digits of either case; false when the text is anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out InfoHash hash)
    {
        hash = default;
        if (text is null || text.Length != 2 * Length)
            return false;
        Span<byte> bytes = stackalloc byte[Length];
        if (Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        hash = new InfoHash(bytes);
        return true;
    }

    /// <summary>Writes the 20 bytes to the start of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than 20 bytes.</exception>
    public void CopyTo(Span<byte> destination)
    {
        if (destination.Length < Length)
            throw new ArgumentException($"An info hash needs {Length} bytes, not {destination.Length}.", nameof(destination));
        BinaryPrimitives.WriteUInt64BigEndian(destination, _head);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _middle);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], _tail);
    }

    /// <summary>A new array of the 20 bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_head, _middle, _tail);

    /// <summary>40 lower-case hex digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
