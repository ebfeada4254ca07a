using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// The pieces that a peer may ask for while it is choked (BEP 6, allowed fast set generation): a newcomer's first pieces to trade with. They
/// follow from its network and the torrent, so that coming back does not give it others.
/// </summary>
internal static class AllowedFast
{
    /// <summary>How many pieces a set has, in torrents that have more.</summary>
    public const int Count = 10;

    /// <summary>
    /// The set of a peer. The document speaks of IPv4 alone and takes the first 24 bits; of IPv6 the first 48 count.
    /// </summary>
    /// <param name="address">The peer's address.</param>
    /// <param name="infoHash">The torrent.</param>
    /// <param name="pieceCount">How many pieces it has, at least 1.</param>
    /// <param name="count">How many pieces the set shall have; all of them when there are no more.</param>
    public static IReadOnlyList<PieceIndex> SetOf(IPAddress address, InfoHash infoHash, int pieceCount, int count = Count)
    {
        if (pieceCount <= count)
            return [.. Enumerable.Range(0, pieceCount).Select(index => new PieceIndex(index))];
        var addressBytes = address.GetAddressBytes();
        addressBytes.AsSpan(address.AddressFamily == AddressFamily.InterNetwork ? 3 : 6).Clear();
        Span<byte> seed = stackalloc byte[16 + InfoHash.Length];
        addressBytes.CopyTo(seed);
        infoHash.CopyTo(seed[addressBytes.Length..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        _ = SHA1.HashData(seed[..(addressBytes.Length + InfoHash.Length)], hash);
        var set = new List<PieceIndex>(count);
        while (true)
        {
            for (var at = 0; at < hash.Length; at += sizeof(uint))
            {
                var piece = new PieceIndex((int)(BinaryPrimitives.ReadUInt32BigEndian(hash[at..]) % (uint)pieceCount));
                if (!set.Contains(piece))
                    set.Add(piece);
                if (set.Count == count)
                    return set;
            }
            _ = SHA1.HashData(hash, hash);
        }
    }
}
