namespace Akka.Actor;

public abstract class InternalActorRefBase : ActorRefBase
{
    protected InternalActorRefBase()
    {
    }

    internal virtual InternalActorRefBase ParentRef => Nobody.Instance;

    /// <summary>Takes a signal of the runtime itself; these overtake what users send.</summary>
    internal abstract void SendSystem(SystemMessage message);

    internal virtual InternalActorRefBase FindChild(string name) => Nobody.Instance;

    internal virtual IReadOnlyCollection<LocalRef> ChildSnapshot() => [];

    internal static InternalActorRefBase From(IActorRef actorRef) => actorRef switch
    {
        InternalActorRefBase known => known,
        IWrapsActorRef wrapper => wrapper.Wrapped,
        null => throw new ArgumentNullException(nameof(actorRef)),
        _ => throw new NotSupportedException($"{actorRef.GetType()} is not a reference of this runtime."),
    };
}
