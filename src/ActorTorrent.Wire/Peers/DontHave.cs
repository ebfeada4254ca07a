using System.Buffers.Binary;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Wire.Peers;

/// <summary>The extension <c>lt_donthave</c> (BEP 54): takes back a have. Its payload is the piece, 4 bytes, big-endian.</summary>
public static class DontHave
{
    /// <summary>The extension's name in the <c>m</c> of an <see cref="ExtensionHandshake"/>.</summary>
    public const string Name = "lt_donthave";

    /// <summary>The payload that takes back a piece.</summary>
    public static byte[] Encode(PieceIndex piece)
    {
        var payload = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(payload, piece.Value);
        return payload;
    }

    /// <summary>Reads a payload.</summary>
    /// <param name="payload">What stood in the message.</param>
    /// <param name="pieceCount">How many pieces the torrent has.</param>
    /// <exception cref="PeerWireException">
    /// It is not 4 bytes long (<see cref="PeerWireError.MalformedMessage"/>), or the torrent has no such piece
    /// (<see cref="PeerWireError.IndexOutOfRange"/>).
    /// </exception>
    public static PieceIndex Parse(ReadOnlySpan<byte> payload, int pieceCount)
    {
        if (payload.Length != sizeof(int))
            throw new PeerWireException(PeerWireError.MalformedMessage, $"A {Name} message has 4 bytes, not {payload.Length}.");
        var piece = BinaryPrimitives.ReadInt32BigEndian(payload);
        if ((uint)piece >= (uint)pieceCount)
            throw new PeerWireException(PeerWireError.IndexOutOfRange, $"A {Name} message names piece {piece} of {pieceCount}.");
        return new PieceIndex(piece);
    }
}
