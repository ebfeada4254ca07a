namespace ActorTorrent.Service.Api;

/// <summary>A torrent's peers by state.</summary>
internal sealed record PeerCountsResource(int Known, int Waiting, int Connecting, int Running, int Unchoking, int Seeds);
