namespace ActorTorrent.Lab.Data;

/// <summary>One file of generated content.</summary>
/// <param name="Path">Its path below the torrent's own folder, segments joined by '/'.</param>
/// <param name="Length">Its size in bytes; may be 0.</param>
public sealed record GeneratedFile(string Path, long Length);
