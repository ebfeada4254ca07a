namespace ActorTorrent.Wire.Metainfo;

/// <summary>What a torrent file says (BEP 3), checked.</summary>
public sealed class TorrentMetainfo
{
    /// <summary>The SHA-1 of <see cref="InfoBytes"/>.</summary>
    public required InfoHash InfoHash { get; init; }

    /// <summary>The file's name, or for several files the folder's; safe as one path segment.</summary>
    public required string Name { get; init; }

    /// <summary>Files, pieces and blocks.</summary>
    public required FileLayout Layout { get; init; }

    /// <summary>The SHA-1 of every piece.</summary>
    public required PieceHashes PieceHashes { get; init; }

    /// <summary>The raw bytes of the <c>info</c> value, a dictionary from its <c>d</c> to its <c>e</c>.</summary>
    public required ReadOnlyMemory<byte> InfoBytes { get; init; }

    /// <summary>Whether peers come from the trackers alone (BEP 27).</summary>
    public bool IsPrivate { get; init; }

    /// <summary>
    /// Trackers by tier, in the file's order (BEP 12): those of <c>announce-list</c>, or <c>announce</c> as the only one when that list
    /// holds none. Each is an absolute http, https or udp URL and appears once.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<Uri>> AnnounceTiers { get; init; } = [];

    /// <summary>What stood where a tracker's URL should, but is none that can be used.</summary>
    public IReadOnlyList<string> IgnoredTrackers { get; init; } = [];

    /// <summary>HTTP servers that hold the files (BEP 19).</summary>
    public IReadOnlyList<Uri> WebSeeds { get; init; } = [];

    /// <summary>The maker's remark.</summary>
    public string? Comment { get; init; }

    /// <summary>The program that made the file.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>When the file was made.</summary>
    public DateTimeOffset? CreationDate { get; init; }

    /// <summary>Where it was published; private trackers set it to tell their torrents from others'.</summary>
    public string? Source { get; init; }

    /// <summary>Whether it describes the same files for both versions of the protocol (BEP 52); only version 1's half is used.</summary>
    public bool IsHybrid { get; init; }
}
