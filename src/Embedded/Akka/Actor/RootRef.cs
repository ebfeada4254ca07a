using Akka.Event;

namespace Akka.Actor;

/// <summary>The top of the tree: both guardians' parent.</summary>
internal sealed class RootRef(ActorSystemImpl system, ActorPath path) : SystemRef(system, path)
{
    internal override InternalActorRefBase FindChild(string name) => name switch
    {
        "user" => System.Guardian,
        "system" => System.SystemGuardian,
        "deadLetters" => System.DeadLetterRef,
        _ => Nobody.Instance,
    };

    internal override IReadOnlyCollection<LocalRef> ChildSnapshot() => [System.Guardian, System.SystemGuardian];

    internal override void SendSystem(SystemMessage message)
    {
        switch (message)
        {
            case SystemMessage.Failed failed:
                // Nobody is left to decide: what a guardian cannot handle ends the system.
                System.EventStream.Publish(new Error(failed.Cause, failed.Child.Path.ToString(), GetType(), failed.Cause.Message));
                failed.Child.SendSystem(new SystemMessage.Terminate());
                _ = System.Terminate();
                break;
            case SystemMessage.DeathWatchNotification death when ReferenceEquals(death.Actor, System.Guardian):
                System.UserGuardianStopped();
                break;
            case SystemMessage.DeathWatchNotification death when ReferenceEquals(death.Actor, System.SystemGuardian):
                System.SystemGuardianStopped();
                break;
            default:
                base.SendSystem(message);
                break;
        }
    }

    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is Identify identify)
            sender?.Tell(new ActorIdentity(identify.MessageId, this), this);
        else
            System.DeadLetterRef.Publish(message, sender, this);
    }
}
