using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Resume;

/// <summary>All that is kept of a torrent between two runs.</summary>
public sealed record ResumeData
{
    /// <summary>The torrent.</summary>
    public required InfoHash InfoHash { get; init; }

    /// <summary>The pieces that were verified and whose writes were done.</summary>
    public required Bitfield Have { get; init; }

    /// <summary>A stamp a file, in the torrent's order, taken after <see cref="Have"/>.</summary>
    public required IReadOnlyList<FileStamp> Files { get; init; }

    /// <summary>The stamp of the side file that holds the edges of files that are not wanted.</summary>
    public FileStamp Parts { get; init; } = FileStamp.Missing;

    /// <summary>The folder that the user named, absolute.</summary>
    public required string Origin { get; init; }

    /// <summary>The folder that the files are in, absolute; differs from <see cref="Origin"/> once they were moved.</summary>
    public required string Folder { get; init; }

    /// <summary>The folder that the files were being renamed to when this was saved; null when they were not.</summary>
    public string? MovingTo { get; init; }

    /// <summary>The folder that the files were being copied to when this was saved: what is there does not count; null when they were not.</summary>
    public string? CopyingTo { get; init; }

    /// <summary>The folder that the files were copied from, and are to be removed from; null when that is done.</summary>
    public string? CopiedFrom { get; init; }

    /// <summary>
    /// Pieces of which some blocks, not all, lay at their place on disk. Nobody has checked these bytes: after the last of them is there, the
    /// piece's hash says what they are worth.
    /// </summary>
    public IReadOnlyList<UnfinishedPiece> Unfinished { get; init; } = [];

    /// <summary>When this was saved.</summary>
    public DateTimeOffset SavedAt { get; init; }

    /// <summary>Names the system's run in which this was saved (see <see cref="BootId"/>); empty when it has no name.</summary>
    public string Boot { get; init; } = string.Empty;

    /// <summary>Whether what <see cref="Have"/> claims was forced to the disk before this was saved.</summary>
    public bool IsSynced { get; init; }

    /// <summary>What the coordinator wants to find again.</summary>
    public required ResumeState State { get; init; }
}
