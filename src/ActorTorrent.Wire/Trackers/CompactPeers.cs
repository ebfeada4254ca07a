using System.Buffers.Binary;
using System.Net;

namespace ActorTorrent.Wire.Trackers;

/// <summary>
/// Peers as end-to-end bytes: an address of 4 bytes (BEP 23) or 16 (BEP 7), then a big-endian port of 2.
/// </summary>
public static class CompactPeers
{
    /// <summary>The size of an IPv4 peer in bytes: 6.</summary>
    public const int V4Length = 6;

    /// <summary>The size of an IPv6 peer in bytes: 18.</summary>
    public const int V6Length = 18;

    /// <summary>Reads one peer; the length says which kind.</summary>
    /// <param name="bytes">6 or 18 bytes.</param>
    /// <exception cref="ArgumentException">There are neither 6 nor 18 bytes.</exception>
    public static IPEndPoint Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is not (V4Length or V6Length))
            throw new ArgumentException($"A peer takes {V4Length} or {V6Length} bytes, not {bytes.Length}.", nameof(bytes));
        return new IPEndPoint(new IPAddress(bytes[..^2]), BinaryPrimitives.ReadUInt16BigEndian(bytes[^2..]));
    }

    /// <summary>Writes one peer and returns how many bytes that took: 6 or 18, by the address's kind.</summary>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public static int Write(Span<byte> destination, IPEndPoint peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        if (!peer.Address.TryWriteBytes(destination, out var written) || destination.Length < written + 2)
            throw new ArgumentException("The destination is too short for a peer.", nameof(destination));
        BinaryPrimitives.WriteUInt16BigEndian(destination[written..], (ushort)peer.Port);
        return written + 2;
    }
}
