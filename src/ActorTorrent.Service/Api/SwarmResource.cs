namespace ActorTorrent.Service.Api;

/// <summary>A swarm as trackers count it.</summary>
internal sealed record SwarmResource(int Seeders, int Leechers, int? Completed);
