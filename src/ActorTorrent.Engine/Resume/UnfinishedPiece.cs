using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Resume;

/// <summary>A piece that is not whole yet, and what there is of it.</summary>
/// <param name="Piece">The piece.</param>
/// <param name="Blocks">Its blocks, each as if it were a piece of the bitfield; those that are there are set.</param>
public sealed record UnfinishedPiece(PieceIndex Piece, Bitfield Blocks);
