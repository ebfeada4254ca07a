using Akka.Event;

namespace Akka.Actor;

/// <summary>Where messages end that nobody receives.</summary>
internal sealed class DeadLetterRef(ActorSystemImpl system, ActorPath path) : SystemRef(system, path)
{
    public void Publish(object message, IActorRef sender, IActorRef recipient)
    {
        switch (message)
        {
            case AllDeadLetters letter:
                // It was on its way to a listener; in a letter of its own it would go round for ever.
                if (letter is DeadLetter && ReferenceEquals(recipient, this))
                    System.EventStream.Publish(letter);
                break;
            case Identify identify:
                sender?.Tell(new ActorIdentity(identify.MessageId, null), ActorRefs.NoSender);
                break;
            case IDeadLetterSuppression suppressed:
                System.EventStream.Publish(new SuppressedDeadLetter(suppressed, sender ?? this, recipient));
                break;
            default:
                System.EventStream.Publish(new DeadLetter(message, sender ?? this, recipient));
                break;
        }
    }

    protected override void TellInternal(object message, IActorRef sender) => Publish(message, sender, this);
}
