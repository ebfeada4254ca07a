namespace Akka.Actor;

/// <summary>
/// Mailbox nodes that have been handled, for the next messages. Each thread keeps some of its own. Those that one thread only sends and
/// another only handles go over in chains, through a store that all threads share; what finds no room there is the collector's.
/// </summary>
internal sealed class MailboxNodePool
{
    private const int ChainLength = 32;
    private const int SharedChains = 64;

    private static readonly Lock Gate = new();
    private static readonly MailboxNode[] Shared = new MailboxNode[SharedChains];
    private static int _sharedCount;

    [ThreadStatic]
    private static MailboxNodePool _mine;

    private MailboxNode _free;
    private int _count;
    private MailboxNode _chain;

    /// <summary>A node that only the caller knows, linked to nothing.</summary>
    public static MailboxNode Rent(object message, IActorRef sender)
    {
        var node = (_mine ??= new MailboxNodePool()).Take();
        node.Message = message;
        node.Sender = sender;
        return node;
    }

    /// <summary>Takes back a node that nobody else knows any more.</summary>
    public static void Return(MailboxNode node)
    {
        node.Message = null;
        node.Sender = null;
        (_mine ??= new MailboxNodePool()).Put(node);
    }

    private MailboxNode Take()
    {
        var node = _free;
        if (node is null)
        {
            node = _chain ?? TakeShared();
            _chain = null;
            if (node is null)
                return new MailboxNode();
            _count = ChainLength;
        }

        _free = node.Next;
        _count--;
        node.Next = null;
        return node;
    }

    private void Put(MailboxNode node)
    {
        if (_count == ChainLength)
        {
            if (_chain is null)
                _chain = _free;
            else
                PutShared(_free);
            _free = null;
            _count = 0;
        }

        node.Next = _free;
        _free = node;
        _count++;
    }

    private static MailboxNode TakeShared()
    {
        if (Volatile.Read(ref _sharedCount) == 0)
            return null;
        lock (Gate)
        {
            if (_sharedCount == 0)
                return null;
            var chain = Shared[--_sharedCount];
            Shared[_sharedCount] = null;
            return chain;
        }
    }

    private static void PutShared(MailboxNode chain)
    {
        if (Volatile.Read(ref _sharedCount) == SharedChains)
            return;
        lock (Gate)
        {
            if (_sharedCount < SharedChains)
                Shared[_sharedCount++] = chain;
        }
    }
}
