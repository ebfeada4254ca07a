namespace ActorTorrent.Engine.Resume;

/// <summary>What a torrent's coordinator wants to find again after a restart.</summary>
public sealed record ResumeState
{
    /// <summary>Bytes of blocks received, over all sessions.</summary>
    public long Downloaded { get; init; }

    /// <summary>Bytes of blocks sent, over all sessions.</summary>
    public long Uploaded { get; init; }

    /// <summary>When the torrent was taken in first.</summary>
    public DateTimeOffset AddedAt { get; init; }

    /// <summary>When everything wanted was there; null before.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Time spent seeding.</summary>
    public TimeSpan Seeding { get; init; }

    /// <summary>A number from 0 (skip) to 7 (first) a file, in the torrent's order; empty when all are alike.</summary>
    public ReadOnlyMemory<byte> Priorities { get; init; }

    /// <summary>Whether the user stopped it.</summary>
    public bool IsPaused { get; init; }
}
