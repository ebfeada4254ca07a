using Akka.Actor;

namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>Sends back what it gets.</summary>
internal sealed class PongActor : UntypedActor
{
    protected override void OnReceive(object message) => Sender.Tell(message, Self);
}
