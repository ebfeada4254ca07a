namespace Akka.Actor;

/// <summary>A message on its way, linked to the one sent after it. What has been handled is used again, see <see cref="MailboxNodePool"/>.</summary>
internal sealed class MailboxNode
{
    /// <summary>The tail of an empty mailbox whose actor is scheduled or running.</summary>
    public static readonly MailboxNode Busy = new();

    public object Message;

    public IActorRef Sender;

    public MailboxNode Next;
}
