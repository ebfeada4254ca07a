namespace Akka.Actor;

internal sealed partial class LocalRef
{
    public IActorRef Watch(IActorRef subject)
    {
        Watch(From(subject), null);
        return subject;
    }

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        Watch(From(subject), message);
        return subject;
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        var target = From(subject);
        if (_extras is not null && _extras.Watching.Remove(target, out _))
            target.SendSystem(new SystemMessage.Unwatch(this));
        _extras?.TerminatedQueued?.Remove(target);
        return subject;
    }

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        if (timeout is { } given && given <= TimeSpan.Zero && given != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(timeout), given, "A receive timeout must be positive.");
        CancelReceiveTimeout();
        if (timeout is null || timeout == Timeout.InfiniteTimeSpan)
            return;
        Extras.ReceiveTimeout = timeout;
        RearmReceiveTimeout();
    }

    private void Watch(InternalActorRefBase target, object message)
    {
        if (ReferenceEquals(target, this))
            return;
        if (Extras.Watching.TryAdd(target, message))
            target.SendSystem(new SystemMessage.Watch(this));
    }

    private void WatchedTerminated(SystemMessage.DeathWatchNotification death)
    {
        if (_extras is not null && _extras.Watching.Remove(death.Actor, out var message) && !_terminating)
        {
            (_extras.TerminatedQueued ??= new(ReferenceEqualityComparer.Instance))[death.Actor] = message;
            Tell(new Terminated(death.Actor, death.ExistenceConfirmed, addressTerminated: false), death.Actor);
        }

        if (death.Actor is LocalRef child)
            ChildTerminated(child);
    }

    private void ReceiveTerminated(Terminated terminated)
    {
        // Unwatching takes back what already waits in the mailbox.
        if (_extras?.TerminatedQueued?.Remove(From(terminated.ActorRef), out var message) == true)
            Deliver(message ?? terminated);
    }

    private void AddWatcher(InternalActorRefBase watcher)
    {
        switch (_watchedBy)
        {
            case null:
                _watchedBy = watcher;
                break;
            case HashSet<InternalActorRefBase> many:
                many.Add(watcher);
                break;
            case InternalActorRefBase one when !ReferenceEquals(one, watcher):
                _watchedBy = new HashSet<InternalActorRefBase>(ReferenceEqualityComparer.Instance) { one, watcher };
                break;
        }
    }

    private void RemoveWatcher(InternalActorRefBase watcher)
    {
        if (_watchedBy is HashSet<InternalActorRefBase> many)
            many.Remove(watcher);
        else if (ReferenceEquals(_watchedBy, watcher))
            _watchedBy = null;
    }

    private void TellWatchers()
    {
        switch (_watchedBy)
        {
            case HashSet<InternalActorRefBase> many:
                foreach (var watcher in many)
                    TellWatcher(watcher);
                break;
            case InternalActorRefBase one:
                TellWatcher(one);
                break;
        }
    }

    private void TellWatcher(InternalActorRefBase watcher)
    {
        // The parent has been told already.
        if (!ReferenceEquals(watcher, _parent))
            watcher.SendSystem(new SystemMessage.DeathWatchNotification(this, existenceConfirmed: true));
    }

    private void UnwatchAll()
    {
        if (_extras is null)
            return;
        foreach (var target in _extras.Watching.Clear())
            target.SendSystem(new SystemMessage.Unwatch(this));
        _extras.TerminatedQueued?.Clear();
    }

    private void RearmReceiveTimeout()
    {
        _extras.ReceiveTimeoutTask?.Cancel();
        _extras.ReceiveTimeoutTask = _system.Scheduler.ScheduleTellOnceCancelable(
            _extras.ReceiveTimeout.Value, this, Akka.Actor.ReceiveTimeout.Instance, this);
    }

    private void CancelReceiveTimeout()
    {
        if (_extras is not { ReceiveTimeout: not null } extras)
            return;
        extras.ReceiveTimeoutTask?.Cancel();
        extras.ReceiveTimeoutTask = null;
        extras.ReceiveTimeout = null;
    }
}
