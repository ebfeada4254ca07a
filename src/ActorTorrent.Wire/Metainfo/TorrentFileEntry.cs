namespace ActorTorrent.Wire.Metainfo;

/// <summary>One file of a torrent.</summary>
/// <param name="Index">Its place among the files, from 0.</param>
/// <param name="Segments">
/// Its path below the output folder: the torrent's name alone for a single-file torrent, otherwise the name followed by the file's own path.
/// </param>
/// <param name="Length">Its size in bytes; may be 0.</param>
/// <param name="Offset">Where its first byte stands in the torrent's bytes.</param>
public sealed record TorrentFileEntry(int Index, IReadOnlyList<string> Segments, long Length, long Offset)
{
    /// <summary>The segments joined by '/'.</summary>
    public string Path => string.Join('/', Segments);

    /// <summary>Whether it only fills up to a piece's boundary (BEP 47, attribute <c>p</c>): its bytes are zeros and it is not written.</summary>
    public bool IsPadding { get; init; }
}
