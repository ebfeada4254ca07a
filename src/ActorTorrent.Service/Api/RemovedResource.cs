namespace ActorTorrent.Service.Api;

/// <summary>A torrent is gone.</summary>
internal sealed record RemovedResource(int Id, string InfoHash);
