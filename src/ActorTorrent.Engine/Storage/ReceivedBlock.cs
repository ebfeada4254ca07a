using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Storage;

/// <summary>A block as a peer sent it: where it belongs and its bytes, a slice of the batch's slab.</summary>
/// <param name="Block">Piece, offset and length in bytes.</param>
/// <param name="Data">The bytes; valid only while the batch holds its slab.</param>
public readonly record struct ReceivedBlock(BlockRequest Block, ReadOnlyMemory<byte> Data);
