namespace Akka.Actor;

/// <summary>A reference that stands for another one, as a test probe does for its test actor.</summary>
internal interface IWrapsActorRef
{
    InternalActorRefBase Wrapped { get; }
}
