namespace Akka.Actor;

// The mailbox: senders push onto a lock-free stack, the actor takes the whole stack at once and reverses it. The top of the
// stack is the schedule as well: null says idle, so whoever pushes onto null, and nobody else, hands the actor to the thread pool.
internal sealed partial class LocalRef
{
    private const int LocalSchedules = 64;

    [ThreadStatic]
    private static int _scheduled;

    private MailboxNode _top = MailboxNode.Busy;
    private MailboxNode _inbox;
    private MailboxNode _inboxLast;
    private SystemMessage _signals;
    private int _suspended;

    void IThreadPoolWorkItem.Execute()
    {
        var outer = _current;
        _current = this;
        try
        {
            Run();
        }
        finally
        {
            _current = outer;
        }
    }

    protected override void TellInternal(object message, IActorRef sender)
    {
        var node = new MailboxNode(message, sender);
        var top = Volatile.Read(ref _top);
        while (true)
        {
            if (ReferenceEquals(top, MailboxNode.Closed))
            {
                _system.DeadLetterRef.Publish(message, sender, this);
                return;
            }

            node.Next = top;
            var seen = Interlocked.CompareExchange(ref _top, node, top);
            if (ReferenceEquals(seen, top))
                break;
            top = seen;
        }

        if (top is null)
            Schedule();
    }

    internal override void SendSystem(SystemMessage message)
    {
        var last = Volatile.Read(ref _signals);
        while (true)
        {
            if (ReferenceEquals(last, SystemMessage.Closed))
            {
                AnswerForTheDead(message);
                return;
            }

            message.Next = last;
            var seen = Interlocked.CompareExchange(ref _signals, message, last);
            if (ReferenceEquals(seen, last))
                break;
            last = seen;
        }

        if (Volatile.Read(ref _top) is null && Interlocked.CompareExchange(ref _top, MailboxNode.Busy, null) is null)
            Schedule();
    }

    /// <summary>
    /// Mostly onto this worker's own queue, where the receiver finds its message still in the cache; but a worker takes nothing
    /// from elsewhere while its own queue has work, so every so often the receiver goes behind all others.
    /// </summary>
    internal void Schedule() =>
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: (++_scheduled & (LocalSchedules - 1)) != 0);

    private void Run()
    {
        if (!_created)
        {
            _created = true;
            CreateActor();
        }

        var left = _system.Throughput;
        while (true)
        {
            if (Volatile.Read(ref _signals) is not null)
            {
                ProcessSignals();
                if (_terminated)
                    return;
            }

            if (_suspended == 0)
            {
                var node = _inbox;
                if (node is null && TakeAll())
                    node = _inbox;
                if (node is not null)
                {
                    if (left-- <= 0)
                    {
                        // Others first: behind whatever waits in the pool, not on top of it.
                        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                        return;
                    }

                    _inbox = node.Next;
                    node.Next = null;
                    Invoke(node.Message, node.Sender);
                    continue;
                }
            }
            else
            {
                TakeAll();
            }

            if (!ReferenceEquals(Interlocked.CompareExchange(ref _top, null, MailboxNode.Busy), MailboxNode.Busy))
                continue;

            // Idle from here on, so a signal sent just before that saw us busy is ours to notice.
            if (Volatile.Read(ref _signals) is null || Interlocked.CompareExchange(ref _top, MailboxNode.Busy, null) is not null)
                return;
        }
    }

    /// <summary>Moves everything sent so far behind the inbox, oldest first.</summary>
    private bool TakeAll()
    {
        if (ReferenceEquals(Volatile.Read(ref _top), MailboxNode.Busy))
            return false;
        var newest = Interlocked.Exchange(ref _top, MailboxNode.Busy);
        MailboxNode first = null;
        for (var node = newest; node is not null && !ReferenceEquals(node, MailboxNode.Busy);)
        {
            var older = node.Next;
            node.Next = first;
            first = node;
            node = older;
        }

        if (_inbox is null)
            _inbox = first;
        else
            _inboxLast.Next = first;
        _inboxLast = newest;
        return true;
    }

    /// <summary>Puts messages before everything that waits.</summary>
    internal void Prepend(IReadOnlyList<Envelope> envelopes)
    {
        for (var i = envelopes.Count - 1; i >= 0; i--)
        {
            var node = new MailboxNode(envelopes[i].Message, envelopes[i].Sender) { Next = _inbox };
            if (_inbox is null)
                _inboxLast = node;
            _inbox = node;
        }
    }

    private void ProcessSignals()
    {
        var signal = Oldest(Interlocked.Exchange(ref _signals, null));
        while (signal is not null)
        {
            var next = signal.Next;
            signal.Next = null;
            try
            {
                Handle(signal);
            }
            catch (Exception e)
            {
                HandleFailure(e, (signal as SystemMessage.Failed)?.Child);
            }

            signal = next;
            if (_terminated)
            {
                for (; signal is not null; signal = next)
                {
                    next = signal.Next;
                    AnswerForTheDead(signal);
                }
            }
        }
    }

    private static SystemMessage Oldest(SystemMessage newest)
    {
        SystemMessage first = null;
        while (newest is not null)
        {
            var older = newest.Next;
            newest.Next = first;
            first = newest;
            newest = older;
        }

        return first;
    }

    private void CloseMailbox()
    {
        _terminated = true;
        var signal = Oldest(Interlocked.Exchange(ref _signals, SystemMessage.Closed));
        while (signal is not null)
        {
            var next = signal.Next;
            AnswerForTheDead(signal);
            signal = next;
        }

        TakeAll();
        var letters = _system.DeadLetterRef;
        while (true)
        {
            for (var node = _inbox; node is not null; node = node.Next)
                letters.Publish(node.Message, node.Sender, this);
            _inbox = null;
            if (ReferenceEquals(Interlocked.CompareExchange(ref _top, MailboxNode.Closed, MailboxNode.Busy), MailboxNode.Busy))
                break;
            TakeAll();
        }

        _inboxLast = null;
    }

    private void AnswerForTheDead(SystemMessage message)
    {
        if (message is SystemMessage.Watch watch)
            watch.Watcher.SendSystem(new SystemMessage.DeathWatchNotification(this, existenceConfirmed: false));
    }
}
