using System.Buffers.Binary;
using System.Numerics;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Wire.Dht;

/// <summary>
/// A place in the DHT's space of 160 bits (BEP 5): that of a node, or that of a torrent, which is its info hash. The distance of two is their
/// exclusive or, taken as a number. Held inline; its text is 40 lower-case hex digits.
/// </summary>
public readonly record struct NodeId
{
    /// <summary>The number of bytes: 20.</summary>
    public const int Length = 20;

    /// <summary>The number of bits: 160.</summary>
    public const int Bits = 160;

    private readonly ulong _head;
    private readonly ulong _middle;
    private readonly uint _tail;

    /// <summary>Makes an id of its bytes.</summary>
    /// <param name="bytes">Exactly 20 bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> has another length.</exception>
    public NodeId(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException($"A node id has {Length} bytes, not {bytes.Length}.", nameof(bytes));
        _head = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _middle = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _tail = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>The place of a torrent.</summary>
    public static NodeId Of(InfoHash infoHash)
    {
        Span<byte> bytes = stackalloc byte[Length];
        infoHash.CopyTo(bytes);
        return new NodeId(bytes);
    }

    /// <summary>Which of two is nearer to a target: negative for <paramref name="x"/>, positive for <paramref name="y"/>, 0 when they are equal.</summary>
    public static int CompareDistance(NodeId target, NodeId x, NodeId y)
    {
        var order = (x._head ^ target._head).CompareTo(y._head ^ target._head);
        if (order == 0)
            order = (x._middle ^ target._middle).CompareTo(y._middle ^ target._middle);
        return order != 0 ? order : (x._tail ^ target._tail).CompareTo(y._tail ^ target._tail);
    }

    /// <summary>The torrent at this place.</summary>
    public InfoHash ToInfoHash()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return new InfoHash(bytes);
    }

    /// <summary>How many bits, from the first on, are the same in another id: 0 to 160.</summary>
    public int CommonBits(NodeId other)
    {
        if (_head != other._head)
            return BitOperations.LeadingZeroCount(_head ^ other._head);
        if (_middle != other._middle)
            return 64 + BitOperations.LeadingZeroCount(_middle ^ other._middle);
        return _tail == other._tail ? Bits : 128 + BitOperations.LeadingZeroCount(_tail ^ other._tail);
    }

    /// <summary>An id that has exactly a number of bits, from the first on, in common with this one; the others are another id's.</summary>
    /// <param name="bits">How many bits: 0 to 159.</param>
    /// <param name="others">Where the bits after the first that differs come from.</param>
    public NodeId WithCommonBits(int bits, NodeId others)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bits);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(bits, Bits);
        Span<byte> own = stackalloc byte[Length];
        Span<byte> result = stackalloc byte[Length];
        CopyTo(own);
        others.CopyTo(result);
        own[..(bits / 8)].CopyTo(result);
        var keep = 0xFF00 >> (bits % 8) & 0xFF;
        var flip = 0x80 >> (bits % 8);
        result[bits / 8] = (byte)((own[bits / 8] & keep) | (~own[bits / 8] & flip) | (result[bits / 8] & ~(keep | flip)));
        return new NodeId(result);
    }

    /// <summary>Writes the 20 bytes to the start of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than 20 bytes.</exception>
    public void CopyTo(Span<byte> destination)
    {
        if (destination.Length < Length)
            throw new ArgumentException($"A node id needs {Length} bytes, not {destination.Length}.", nameof(destination));
        BinaryPrimitives.WriteUInt64BigEndian(destination, _head);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _middle);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], _tail);
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
