namespace ActorTorrent.Service.Api;

/// <summary>What a probe of a peer found.</summary>
internal sealed record ProbeResource(string Address, string Outcome, string? PeerId, string? Client, double Milliseconds, string? Detail);
