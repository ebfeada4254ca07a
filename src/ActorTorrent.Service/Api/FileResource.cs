namespace ActorTorrent.Service.Api;

/// <summary>A file in the API.</summary>
internal sealed record FileResource(int Index, string Path, long Size, long Verified, string Priority, string Content);
