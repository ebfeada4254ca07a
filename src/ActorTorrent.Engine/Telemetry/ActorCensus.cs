namespace ActorTorrent.Engine.Telemetry;

/// <summary>The engine's actors at one moment.</summary>
/// <param name="At">The moment.</param>
/// <param name="Actors">The live ones, each after its parent.</param>
/// <param name="Restarts">Restarts since the engine's start, those of actors gone since included.</param>
/// <param name="Probes">Messages sent to measure and count since the engine's start; it stands still while nobody looks.</param>
public sealed record ActorCensus(DateTimeOffset At, IReadOnlyList<ActorStatus> Actors, long Restarts, long Probes)
{
    /// <summary>How many actors of a kind live.</summary>
    /// <param name="kind">The kind.</param>
    public int Count(ActorKind kind) => Actors.Count(a => a.Kind == kind);

    /// <summary>The actor whose mailbox is slowest.</summary>
    public ActorStatus? Slowest => Actors.MaxBy(a => a.Wait);
}
