namespace Akka.Actor;

// The mailbox: a sender puts its node at the tail with one exchange and then links it to the one before, which makes a list that
// the actor walks alone. The tail says as well whether the actor is scheduled: null says idle, so whoever finds null there, and
// nobody else, dispatches the actor.
internal sealed partial class LocalRef
{
    private const int LinkSpins = 20;

    public bool HasMessages => _extras?.Front is not null || Volatile.Read(ref _at is { } at ? ref at.Next : ref _first) is not null;

    /// <summary>For the actor itself alone: what it has handled is used again elsewhere. Counted when asked; senders and the actor keep no number.</summary>
    public int NumberOfMessages
    {
        get
        {
            var count = 0;
            for (var aside = _extras?.Front; aside is not null; aside = aside.Next)
                count++;
            for (var node = Volatile.Read(ref _at is { } at ? ref at.Next : ref _first); node is not null; node = Volatile.Read(ref node.Next))
                count++;
            return count;
        }
    }

    void IThreadPoolWorkItem.Execute() => ActorWorker.Run(this);

    protected override void TellInternal(object message, IActorRef sender)
    {
        if (Closed)
        {
            _system.DeadLetterRef.Publish(message, sender, this);
            return;
        }

        var node = MailboxNodePool.Rent(message, sender);
        var before = Interlocked.Exchange(ref Tail, node);
        if (before is null)
        {
            _first = node;
            ActorWorker.Dispatch(this);
        }
        else if (ReferenceEquals(before, MailboxNode.Busy))
        {
            Volatile.Write(ref _first, node);
        }
        else
        {
            Volatile.Write(ref before.Next, node);
        }
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

        if (Volatile.Read(ref Tail) is null && Interlocked.CompareExchange(ref Tail, MailboxNode.Busy, null) is null)
            ActorWorker.Dispatch(this);
    }

    /// <summary>Hands over the actor for the first time.</summary>
    internal void Start() => ActorWorker.ToPool(this);

    /// <summary>Handles signals, then messages, until none is left or it is the turn of others.</summary>
    internal void Run()
    {
        if (!_created)
        {
            _created = true;
            CreateActor();
        }

        var left = _system.Throughput;
        while (true)
        {
            if (_terminated)
            {
                Bury();
            }
            else if (Volatile.Read(ref _signals) is not null)
            {
                ProcessSignals();
                continue;
            }
            else if (_suspended > 0)
            {
                PutAside();
            }
            else if (left > 0 && Take() is { } node)
            {
                left--;
                Invoke(node.Message, node.Sender);
                continue;
            }

            if (TryIdle())
            {
                // Idle from here on, so a signal sent just before that saw us busy is ours to notice.
                if (_terminated || Volatile.Read(ref _signals) is null || Interlocked.CompareExchange(ref Tail, MailboxNode.Busy, null) is not null)
                    return;
            }
            else if (left == 0 || !AwaitLink())
            {
                // Others first.
                ActorWorker.ToPool(this);
                return;
            }
        }
    }

    /// <summary>The next message, if its sender has already linked it.</summary>
    private MailboxNode Take()
    {
        if (_extras?.Front is { } aside)
        {
            _extras.Front = aside.Next;
            return aside;
        }

        MailboxNode node;
        if (_at is { } at)
        {
            node = Volatile.Read(ref at.Next);
            if (node is null)
                return null;

            // Its sender has linked the next one to it, which is the last that anybody does with it.
            MailboxNodePool.Return(at);
        }
        else
        {
            node = Volatile.Read(ref _first);
            if (node is null)
                return null;
            _first = null;
        }

        _at = node;
        return node;
    }

    /// <summary>Lets go of the actor, unless there is more for it to do.</summary>
    private bool TryIdle()
    {
        if (_suspended == 0 && _extras is { Front: not null })
            return false;

        // From the moment of the exchange on it may be another thread that runs the actor.
        var at = _at;
        _at = null;
        var expected = at ?? MailboxNode.Busy;
        if (ReferenceEquals(Interlocked.CompareExchange(ref Tail, null, expected), expected))
        {
            // The next sender finds null in its place.
            if (at is not null)
                MailboxNodePool.Return(at);
            return true;
        }

        _at = at;
        return false;
    }

    /// <summary>A sender is between its two steps. False when it takes long, as it does when its thread has been interrupted.</summary>
    private bool AwaitLink()
    {
        for (var i = 0; i < LinkSpins; i++)
        {
            if (Volatile.Read(ref _at is { } at ? ref at.Next : ref _first) is not null)
                return true;
            Thread.SpinWait(8);
        }

        return false;
    }

    /// <summary>What comes while nothing may be handled is kept, in order, so that the actor can be idle for the senders.</summary>
    private void PutAside()
    {
        var front = _extras?.Front;
        if (front is not null)
            _extras.Front = null;
        while (Take() is { } node)
        {
            var kept = MailboxNodePool.Rent(node.Message, node.Sender);
            if (front is null)
                front = kept;
            else
                _extras.FrontLast.Next = kept;
            Extras.FrontLast = kept;
        }

        if (front is not null)
            Extras.Front = front;
    }

    /// <summary>Puts messages before everything that waits.</summary>
    internal void Prepend(IReadOnlyList<Envelope> envelopes)
    {
        var extras = Extras;
        for (var i = envelopes.Count - 1; i >= 0; i--)
        {
            var node = MailboxNodePool.Rent(envelopes[i].Message, envelopes[i].Sender);
            node.Next = extras.Front;
            if (extras.Front is null)
                extras.FrontLast = node;
            extras.Front = node;
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

        Bury();
        Closed = true;
        Bury();
    }

    private void Bury()
    {
        while (Take() is { } node)
            _system.DeadLetterRef.Publish(node.Message, node.Sender, this);
    }

    private void AnswerForTheDead(SystemMessage message)
    {
        if (message is SystemMessage.Watch watch)
            watch.Watcher.SendSystem(new SystemMessage.DeathWatchNotification(this, existenceConfirmed: false));
    }
}
