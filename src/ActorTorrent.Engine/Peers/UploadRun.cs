using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Peers;

/// <summary>Requests for bytes that lie side by side in one piece, read from disk at once.</summary>
/// <param name="Range">The bytes of all of them.</param>
/// <param name="Blocks">The requests in the order of their offsets.</param>
internal sealed record UploadRun(BlockRequest Range, IReadOnlyList<BlockRequest> Blocks);
