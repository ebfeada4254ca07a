using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Wire.Peers;

/// <summary>What a reader accepts of a peer.</summary>
/// <param name="PieceCount">How many pieces the torrent has; −1 while that is not known (before the metadata is there).</param>
/// <param name="MaxMessageLength">
/// The longest message in bytes, id included and length field not: 1 MiB. A bitfield may be longer when the piece count asks for it.
/// </param>
/// <param name="MaxBlockLength">The most data in one Piece message, in bytes.</param>
public sealed record PeerMessageLimits(
    int PieceCount,
    int MaxMessageLength = 1024 * 1024,
    int MaxBlockLength = FileLayout.BlockLength)
{
    /// <summary>Whether the number of pieces is known.</summary>
    public bool KnowsPieces => PieceCount >= 0;

    /// <summary>The size of a bitfield's body in bytes; 0 while the number of pieces is not known.</summary>
    internal int BitfieldLength => PieceCount < 0 ? 0 : Bitfield.ByteLengthOf(PieceCount);
}
