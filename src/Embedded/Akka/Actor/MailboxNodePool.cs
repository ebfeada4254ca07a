namespace Akka.Actor;

/// <summary>
/// Mailbox nodes that have been handled, for the next messages. Each thread keeps some of its own. Those that one thread only sends and
/// another only handles go over in batches, through a store that all threads share; what finds no room there is the collector's.
/// </summary>
/// <remarks>
/// The nodes lie in arrays and are not linked: a node that another core has handled is in that core's cache, and who had to read from it
/// where the next one is would wait for it. So it is only written to, and nobody waits for that.
/// </remarks>
internal sealed class MailboxNodePool
{
    private const int BatchLength = 32;
    private const int SharedBatches = 64;

    private static readonly Lock Gate = new();
    private static readonly MailboxNode[][] Full = new MailboxNode[SharedBatches][];
    private static readonly MailboxNode[][] Empty = new MailboxNode[SharedBatches][];
    private static int _fullCount;
    private static int _emptyCount;

    [ThreadStatic]
    private static MailboxNodePool _mine;

    // The first `_count` of the first are nodes; the other one is full or empty.
    private MailboxNode[] _nodes = new MailboxNode[BatchLength];
    private int _count;
    private MailboxNode[] _other = new MailboxNode[BatchLength];
    private bool _isOtherFull;

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
        node.Next = null;
        (_mine ??= new MailboxNodePool()).Put(node);
    }

    private MailboxNode Take()
    {
        if (_count == 0 && !Refill())
            return new MailboxNode();
        return _nodes[--_count];
    }

    private void Put(MailboxNode node)
    {
        if (_count == BatchLength)
            MakeRoom();
        _nodes[_count++] = node;
    }

    /// <summary>None is left: the other batch, or one that another thread had too many of.</summary>
    private bool Refill()
    {
        if (_isOtherFull)
        {
            (_nodes, _other) = (_other, _nodes);
            _isOtherFull = false;
        }
        else
        {
            if (Volatile.Read(ref _fullCount) == 0)
                return false;
            lock (Gate)
            {
                if (_fullCount == 0)
                    return false;
                var full = Full[--_fullCount];
                Full[_fullCount] = null;
                if (_emptyCount < SharedBatches)
                    Empty[_emptyCount++] = _nodes;
                _nodes = full;
            }
        }
        _count = BatchLength;
        return true;
    }

    /// <summary>There is no room: the batch is kept aside, or goes to whoever has too few.</summary>
    private void MakeRoom()
    {
        if (_isOtherFull)
        {
            lock (Gate)
            {
                // With no room there its nodes are overwritten, which leaves them to the collector.
                if (_fullCount < SharedBatches)
                {
                    Full[_fullCount++] = _nodes;
                    _nodes = _emptyCount > 0 ? Empty[--_emptyCount] : new MailboxNode[BatchLength];
                }
            }
        }
        else
        {
            (_nodes, _other) = (_other, _nodes);
            _isOtherFull = true;
        }
        _count = 0;
    }
}
