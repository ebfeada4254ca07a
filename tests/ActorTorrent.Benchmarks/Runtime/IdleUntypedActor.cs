using Akka.Actor;

namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>Does nothing; says that it has started.</summary>
internal sealed class IdleUntypedActor(SpawnCount count) : UntypedActor
{
    protected override void PreStart() => count.Started();

    protected override void OnReceive(object message) => Unhandled(message);
}
