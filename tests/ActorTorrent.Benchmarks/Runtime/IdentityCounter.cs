using Akka.Actor;

namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>Counts the identities that come back, its own excepted.</summary>
internal sealed class IdentityCounter(SpawnCount count) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        if (message is ActorIdentity identity && !Self.Equals(identity.Subject))
            count.Started();
    }
}
