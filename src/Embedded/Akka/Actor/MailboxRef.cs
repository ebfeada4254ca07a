namespace Akka.Actor;

/// <summary>
/// What senders touch of an actor. It comes first in the object, before what hardly changes, so that the fields the actor itself
/// writes with every message lie on another line of the cache.
/// </summary>
internal abstract class MailboxRef : InternalActorRefBase
{
    /// <summary>The last message sent, <see cref="MailboxNode.Busy"/>, or null while the actor is idle.</summary>
    protected MailboxNode Tail = MailboxNode.Busy;

    /// <summary>The actor is gone; what is sent to it is a dead letter at once.</summary>
    protected volatile bool Closed;
}
