namespace ActorTorrent.Engine.Creation;

/// <summary>A file that a torrent is made of.</summary>
/// <param name="Segments">Its path below the content's folder; empty when it is the content itself.</param>
/// <param name="FullPath">Where it lies; a link on the way is not yet followed.</param>
/// <param name="Length">Its size in bytes when it was listed.</param>
/// <param name="LastWrite">When it was last written to before it was listed, in UTC.</param>
public sealed record SourceFile(IReadOnlyList<string> Segments, string FullPath, long Length, DateTime LastWrite);
