namespace Akka.Actor;

/// <summary>A message on its way, linked to the one sent after it.</summary>
internal sealed class MailboxNode(object message, IActorRef sender)
{
    /// <summary>The tail of an empty mailbox whose actor is scheduled or running.</summary>
    public static readonly MailboxNode Busy = new(null, null);

    public readonly object Message = message;

    public readonly IActorRef Sender = sender;

    public MailboxNode Next;
}
