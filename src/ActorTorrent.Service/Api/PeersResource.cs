namespace ActorTorrent.Service.Api;

/// <summary>A torrent's peers, as an event.</summary>
internal sealed record PeersResource(int Id, string InfoHash, IReadOnlyList<PeerResource> Peers);
