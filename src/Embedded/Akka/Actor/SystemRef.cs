namespace Akka.Actor;

/// <summary>A reference of the system's own, with no actor behind it.</summary>
internal abstract class SystemRef(ActorSystemImpl system, ActorPath path) : MinimalActorRef
{
    public ActorSystemImpl System { get; } = system;

    public override ActorPath Path { get; } = path;
}
