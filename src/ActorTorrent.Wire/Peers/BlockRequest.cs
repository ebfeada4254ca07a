using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Wire.Peers;

/// <summary>Which bytes of a piece are asked for, cancelled or rejected.</summary>
/// <param name="Piece">The piece.</param>
/// <param name="Offset">Where the range starts, in bytes from the piece's start.</param>
/// <param name="Length">How many bytes.</param>
public readonly record struct BlockRequest(PieceIndex Piece, int Offset, int Length)
{
    /// <summary>The number of the block within its piece: the offset over 16 KiB.</summary>
    public int Block => Offset / FileLayout.BlockLength;

    /// <summary>Piece, offset and length, as <c>3@16384+16384</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Piece.Value}@{Offset}+{Length}");
}
