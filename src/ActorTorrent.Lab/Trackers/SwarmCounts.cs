namespace ActorTorrent.Lab.Trackers;

/// <summary>A swarm in numbers.</summary>
/// <param name="Seeders">Peers that have everything.</param>
/// <param name="Leechers">Peers that do not.</param>
/// <param name="Completed">Downloads completed since the tracker started.</param>
public sealed record SwarmCounts(int Seeders, int Leechers, int Completed);
