using Akka.Actor;

namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>Sends a message as often as the number says that it is sent.</summary>
internal sealed class FloodingActor(IActorRef target, object message) : UntypedActor
{
    protected override void OnReceive(object count)
    {
        for (var left = (int)count; left > 0; left--)
            target.Tell(message);
    }
}
