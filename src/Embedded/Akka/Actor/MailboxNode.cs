namespace Akka.Actor;

/// <summary>A message on its way, linked to the one sent before it (while in the shared stack) or after it (in the inbox).</summary>
internal sealed class MailboxNode(object message, IActorRef sender)
{
    /// <summary>Bottom of the stack of an actor that is scheduled or running.</summary>
    public static readonly MailboxNode Busy = new(null, null);

    /// <summary>Stands in place of the stack once the actor has terminated.</summary>
    public static readonly MailboxNode Closed = new(null, null);

    public readonly object Message = message;

    public readonly IActorRef Sender = sender;

    public MailboxNode Next;
}
