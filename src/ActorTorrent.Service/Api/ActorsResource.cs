namespace ActorTorrent.Service.Api;

/// <summary>The actor tree in the API, each actor after its parent.</summary>
internal sealed record ActorsResource(DateTimeOffset At, long Restarts, int Total, IReadOnlyList<ActorResource> Actors);
