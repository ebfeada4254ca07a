namespace ActorTorrent.Service.Api;

/// <summary>Events were missed; what follows is the state of now.</summary>
/// <param name="Reason">Why.</param>
internal sealed record GapResource(string Reason);
