using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Wire.Peers;

/// <summary>
/// The first 68 bytes each side sends (BEP 3): the byte 19, <c>BitTorrent protocol</c>, 8 reserved bytes, 20 of info hash, 20 of peer id.
/// </summary>
/// <param name="InfoHash">The torrent that is meant; bytes 28 to 47.</param>
/// <param name="PeerId">The sender; bytes 48 to 67.</param>
/// <param name="Capabilities">What the reserved bytes 20 to 27 announce. Bits we do not know are dropped when reading.</param>
public readonly record struct Handshake(InfoHash InfoHash, PeerId PeerId, PeerCapabilities Capabilities)
{
    /// <summary>The number of bytes: 68.</summary>
    public const int Length = 68;

    internal const int ReservedOffset = 20;
    internal const int InfoHashOffset = 28;
    internal const int PeerIdOffset = 48;

    private const byte ExtendedBit = 0x10;
    private const byte DhtBit = 0x01;
    private const byte FastBit = 0x04;

    /// <summary>Bytes 0 to 19: the length byte and the protocol's name.</summary>
    public static ReadOnlySpan<byte> Protocol => "\u0013BitTorrent protocol"u8;

    /// <summary>Writes the 68 bytes to the start of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than 68 bytes.</exception>
    public void Write(Span<byte> destination)
    {
        if (destination.Length < Length)
            throw new ArgumentException($"A handshake needs {Length} bytes, not {destination.Length}.", nameof(destination));
        Protocol.CopyTo(destination);
        var reserved = destination.Slice(ReservedOffset, 8);
        reserved.Clear();
        if (Capabilities.HasFlag(PeerCapabilities.Extended))
            reserved[5] |= ExtendedBit;
        if (Capabilities.HasFlag(PeerCapabilities.Dht))
            reserved[7] |= DhtBit;
        if (Capabilities.HasFlag(PeerCapabilities.Fast))
            reserved[7] |= FastBit;
        InfoHash.CopyTo(destination[InfoHashOffset..]);
        PeerId.CopyTo(destination[PeerIdOffset..]);
    }

    /// <summary>Reads 68 bytes. Use <see cref="HandshakeCheck"/> first to judge what a stranger sent.</summary>
    /// <exception cref="ArgumentException">There are not exactly 68 bytes.</exception>
    /// <exception cref="PeerWireException">The protocol's name is not in front (<see cref="PeerWireError.MalformedMessage"/>).</exception>
    public static Handshake Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException($"A handshake has {Length} bytes, not {bytes.Length}.", nameof(bytes));
        if (!bytes.StartsWith(Protocol))
            throw new PeerWireException(PeerWireError.MalformedMessage, "The handshake does not start with the BitTorrent protocol's name.");
        var reserved = bytes.Slice(ReservedOffset, 8);
        var capabilities = PeerCapabilities.None;
        if ((reserved[5] & ExtendedBit) != 0)
            capabilities |= PeerCapabilities.Extended;
        if ((reserved[7] & DhtBit) != 0)
            capabilities |= PeerCapabilities.Dht;
        if ((reserved[7] & FastBit) != 0)
            capabilities |= PeerCapabilities.Fast;
        return new Handshake(
            new InfoHash(bytes.Slice(InfoHashOffset, InfoHash.Length)),
            new PeerId(bytes.Slice(PeerIdOffset, PeerId.Length)),
            capabilities);
    }
}
