namespace Akka.Actor;

/// <summary>A message on its way, linked to the one sent after it.</summary>
internal class MailboxNode(object message)
{
    /// <summary>The tail of an empty mailbox whose actor is scheduled or running.</summary>
    public static readonly MailboxNode Busy = new(null);

    public readonly object Message = message;

    public MailboxNode Next;

    public IActorRef Sender => this is FromSender known ? known.By : null;

    public static MailboxNode Of(object message, IActorRef sender) => sender is null ? new MailboxNode(message) : new FromSender(message, sender);

    /// <summary>Only a message that has a sender takes the room for one.</summary>
    private sealed class FromSender(object message, IActorRef sender) : MailboxNode(message)
    {
        public readonly IActorRef By = sender;
    }
}
