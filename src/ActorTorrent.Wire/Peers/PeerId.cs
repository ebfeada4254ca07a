using System.Buffers.Binary;
using System.Text;
using ActorTorrent.Wire.Bencode;

namespace ActorTorrent.Wire.Peers;

/// <summary>The 20 bytes by which a peer names itself in the handshake (BEP 3, BEP 20), held inline.</summary>
public readonly record struct PeerId : IComparable<PeerId>
{
    /// <summary>The number of bytes: 20.</summary>
    public const int Length = 20;

    /// <summary>What our own ids start with: client code AT, version 0.1.0, in the Azureus style of BEP 20.</summary>
    public const string OwnPrefix = "-AT0100-";

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private readonly ulong _head;
    private readonly ulong _middle;
    private readonly uint _tail;

    /// <summary>Makes a peer id of its bytes.</summary>
    /// <param name="bytes">Exactly 20 bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> has another length.</exception>
    public PeerId(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException($"A peer id has {Length} bytes, not {bytes.Length}.", nameof(bytes));
        _head = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _middle = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _tail = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>A new id of our own: <see cref="OwnPrefix"/> and 12 random letters or digits.</summary>
    public static PeerId Create(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Span<byte> bytes = stackalloc byte[Length];
        var prefix = Encoding.ASCII.GetBytes(OwnPrefix, bytes);
        for (var i = prefix; i < Length; i++)
            bytes[i] = (byte)Alphabet[random.Next(Alphabet.Length)];
        return new PeerId(bytes);
    }

    /// <summary>Writes the 20 bytes to the start of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than 20 bytes.</exception>
    public void CopyTo(Span<byte> destination)
    {
        if (destination.Length < Length)
            throw new ArgumentException($"A peer id needs {Length} bytes, not {destination.Length}.", nameof(destination));
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

    /// <summary>40 lower-case hex digits.</summary>
    public string ToHex()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>Compares as two numbers of 20 bytes, big-endian.</summary>
    public int CompareTo(PeerId other)
    {
        var order = _head.CompareTo(other._head);
        if (order == 0)
            order = _middle.CompareTo(other._middle);
        return order == 0 ? _tail.CompareTo(other._tail) : order;
    }

    /// <summary>Whether the left one is the smaller number.</summary>
    public static bool operator <(PeerId left, PeerId right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one is the greater number.</summary>
    public static bool operator >(PeerId left, PeerId right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one is no greater number.</summary>
    public static bool operator <=(PeerId left, PeerId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one is no smaller number.</summary>
    public static bool operator >=(PeerId left, PeerId right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_head, _middle, _tail);

    /// <summary>The printable ASCII as it is, every other byte (and the backslash) as <c>\x</c> and two lower-case hex digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return PrintableBytes.Of(bytes);
    }
}
