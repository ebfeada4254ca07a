namespace Akka.Actor;

/// <summary>
/// Mailbox nodes that have been handled, for the next messages that the same thread sends. A thread that only handles keeps what it has
/// room for, and one that only sends makes new ones.
/// </summary>
internal sealed class MailboxNodePool
{
    private const int Length = 64;

    [ThreadStatic]
    private static MailboxNodePool _mine;

    private readonly MailboxNode[] _nodes = new MailboxNode[Length];
    private int _count;

    /// <summary>A node that only the caller knows, linked to nothing.</summary>
    public static MailboxNode Rent(object message, IActorRef sender)
    {
        var pool = _mine;
        var node = pool is { _count: > 0 } ? pool._nodes[--pool._count] : new MailboxNode();
        node.Message = message;
        node.Sender = sender;
        return node;
    }

    /// <summary>Takes back a node that nobody else knows any more.</summary>
    public static void Return(MailboxNode node)
    {
        node.Next = null;
        var pool = _mine ??= new MailboxNodePool();
        if (pool._count == Length)
            return;
        node.Message = null;
        node.Sender = null;
        pool._nodes[pool._count++] = node;
    }
}
