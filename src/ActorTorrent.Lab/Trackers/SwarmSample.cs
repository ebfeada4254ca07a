namespace ActorTorrent.Lab.Trackers;

/// <summary>What a tracker answers an announce with.</summary>
/// <param name="Peers">Peers chosen by chance, the asker not among them.</param>
/// <param name="Counts">The whole swarm, the asker included.</param>
public sealed record SwarmSample(IReadOnlyList<SwarmPeer> Peers, SwarmCounts Counts);
