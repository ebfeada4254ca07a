namespace ActorTorrent.Wire.Metainfo;

/// <summary>A run of bytes inside one file of a torrent.</summary>
/// <param name="FileIndex">The file's place in <see cref="FileLayout.Files"/>.</param>
/// <param name="FileOffset">Where the run starts, in bytes from the file's start.</param>
/// <param name="Length">How many bytes; at least 1.</param>
public readonly record struct FileSpan(int FileIndex, long FileOffset, int Length);
