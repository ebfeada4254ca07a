using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Wire.Peers;

/// <summary>Judges a handshake as its bytes arrive: proof of a mismatch comes before the end of the bytes does.</summary>
public static class HandshakeCheck
{
    /// <summary>Judges what came so far.</summary>
    /// <param name="received">The bytes from the connection's start; bytes after the 68th are ignored.</param>
    /// <param name="expected">The info hash that must stand there; null when any will do.</param>
    public static HandshakeVerdict Examine(ReadOnlySpan<byte> received, InfoHash? expected)
    {
        var protocol = Handshake.Protocol;
        if (!received[..Math.Min(received.Length, protocol.Length)].SequenceEqual(protocol[..Math.Min(received.Length, protocol.Length)]))
            return HandshakeVerdict.WrongProtocol;
        if (expected is { } hash && received.Length > Handshake.InfoHashOffset)
        {
            Span<byte> wanted = stackalloc byte[InfoHash.Length];
            hash.CopyTo(wanted);
            var got = received[Handshake.InfoHashOffset..Math.Min(received.Length, Handshake.PeerIdOffset)];
            if (!got.SequenceEqual(wanted[..got.Length]))
                return HandshakeVerdict.WrongInfoHash;
        }
        return received.Length < Handshake.Length ? HandshakeVerdict.Incomplete : HandshakeVerdict.Ok;
    }
}
