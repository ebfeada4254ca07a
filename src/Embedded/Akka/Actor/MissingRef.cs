namespace Akka.Actor;

/// <summary>Stands for an actor that does not exist.</summary>
internal sealed class MissingRef(ActorSystemImpl system, ActorPath path) : SystemRef(system, path)
{
    protected override void TellInternal(object message, IActorRef sender) => System.DeadLetterRef.Publish(message, sender, this);
}
