using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Checking;

/// <summary>What a check of a torrent's files found.</summary>
/// <param name="Have">Pieces that match their hash.</param>
/// <param name="MissingPieces">Pieces of which bytes are not there: a file is missing or ends too early.</param>
/// <param name="BadPieces">Pieces that are there and do not match.</param>
/// <param name="Files">What was found of each file, padding left out.</param>
/// <param name="Fault">A failure of the disk, the first when there were several; its pieces count as bad.</param>
public sealed record DataCheckResult(Bitfield Have, int MissingPieces, int BadPieces, IReadOnlyList<FileCheck> Files, DiskFault? Fault)
{
    /// <summary>Whether the files are what the torrent describes, to the byte.</summary>
    public bool IsComplete => Fault is null && Have.IsComplete && Files.All(static file => file.State == FileCheckState.Good);
}
