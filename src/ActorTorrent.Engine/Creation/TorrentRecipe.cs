namespace ActorTorrent.Engine.Creation;

/// <summary>What a torrent is to say besides its files.</summary>
public sealed record TorrentRecipe
{
    /// <summary>Whose torrents it equals; the same as that of the <see cref="SourceTree"/>.</summary>
    public CreationStyle Style { get; init; }

    /// <summary>The size of pieces in bytes; null for <see cref="PieceLengths.Choose"/>.</summary>
    public int? PieceLength { get; init; }

    /// <summary>Trackers, each a tier of its own (BEP 12).</summary>
    public IReadOnlyList<Uri> Trackers { get; init; } = [];

    /// <summary>HTTP servers that hold the files (BEP 19).</summary>
    public IReadOnlyList<Uri> WebSeeds { get; init; } = [];

    /// <summary>Whether peers come from the trackers alone (BEP 27).</summary>
    public bool IsPrivate { get; init; }

    /// <summary>A remark.</summary>
    public string? Comment { get; init; }

    /// <summary>Where it will be published; part of the info hash.</summary>
    public string? Source { get; init; }

    /// <summary>The program that makes it.</summary>
    public string? CreatedBy { get; init; }
}
