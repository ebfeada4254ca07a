namespace Akka.Actor;

internal sealed partial class LocalRef
{
    public IActorRef ActorOf(Props props, string name = null) => Attach(props, name, internalName: false);

    public IActorRef Child(string name) => _extras?.Children?.Find(name) ?? (IActorRef)ActorRefs.Nobody;

    public IEnumerable<IActorRef> GetChildren() => ChildSnapshot();

    internal override InternalActorRefBase FindChild(string name)
    {
        var hash = name.IndexOf('#');
        if (hash < 0)
            return _extras?.Children?.Find(name) ?? (InternalActorRefBase)Nobody.Instance;
        var child = _extras?.Children?.Find(name[..hash]);
        return child is not null && name.AsSpan(hash + 1).SequenceEqual(child.Path.Uid.ToString(global::System.Globalization.CultureInfo.InvariantCulture))
            ? child
            : Nobody.Instance;
    }

    internal override IReadOnlyCollection<LocalRef> ChildSnapshot() => _extras?.Children?.Snapshot() ?? [];

    internal LocalRef Attach(Props props, string name, bool internalName)
    {
        ArgumentNullException.ThrowIfNull(props);
        var children = Children();
        if (name is not null && !internalName)
            CheckName(name);
        name ??= children.NextName();
        var child = Make(props, name);
        Reserve(children, name, child);

        // A child made while nothing is to run below waits as its siblings do. Other threads know a guardian's children only.
        if (_suspended > 0 && ReferenceEquals(Current, this))
            child._suspended = _suspended - Awaited;
        child.Start();
        return child;
    }

    /// <summary>Stops an actor; one of our own children counts as gone from now on.</summary>
    public void Stop(IActorRef child)
    {
        var target = From(child);
        if (target is LocalRef known)
            MarkDying(known);
        target.SendSystem(new SystemMessage.Terminate());
    }

    private LocalRef Make(Props props, string name) =>
        new(_system, this, new ChildActorPath(_path, name, _system.NextUid()), props);

    private void Reserve(ChildMap children, string name, LocalRef child)
    {
        if (_terminating || _terminated)
            throw new InvalidOperationException("Cannot create child while terminating or terminated");
        if (!children.TryAdd(name, child))
            throw new InvalidActorNameException($"Actor name \"{name}\" is not unique!");

        // A guardian takes actors from any thread and may have begun to stop just now, without having seen this one.
        if (_terminating)
            child.SendSystem(new SystemMessage.Terminate());
    }

    private static void CheckName(string name)
    {
        if (name.Length == 0)
            throw new InvalidActorNameException("Actor name must not be empty.");
        if (!ActorPath.IsValidPathElement(name))
        {
            throw new InvalidActorNameException(
                $"Illegal actor name [{name}]. Actor paths MUST: not start with `$`, include only ASCII letters and can only contain these special characters: {ActorPath.ValidSymbols}.");
        }
    }

    private ChildMap Children()
    {
        if (_extras?.Children is { } children)
            return children;

        // The user guardian is asked by any thread.
        lock (_path)
            return Extras.Children ??= new ChildMap();
    }

    private void MarkDying(LocalRef child)
    {
        if (child._dying || _extras?.Children is not { } children || !children.Contains(child))
            return;
        child._dying = true;
        children.Dying++;
    }

    private void StopChildren()
    {
        foreach (var child in ChildSnapshot())
            Stop(child);
    }

    private void SuspendChildren(LocalRef except)
    {
        foreach (var child in ChildSnapshot())
        {
            if (!ReferenceEquals(child, except))
                child.SendSystem(new SystemMessage.Suspend());
        }
    }

    private void ResumeChildren(Exception cause, InternalActorRefBase perpetrator)
    {
        foreach (var child in ChildSnapshot())
            child.SendSystem(new SystemMessage.Resume(ReferenceEquals(child, perpetrator) ? cause : null));
    }

    /// <summary>True where stopped children are still to be waited for; what waits is noted.</summary>
    private bool WaitForChildren(ChildMap.Waiting what, Exception cause)
    {
        if (_extras?.Children is not { Dying: > 0 } children)
            return false;
        children.WaitsFor = what;
        children.RestartCause = cause;
        return true;
    }

    private void ChildTerminated(LocalRef child)
    {
        if (_extras?.Children is not { } children || !children.Remove(child))
            return;
        if (!child._dying)
            return;
        if (--children.Dying > 0)
            return;
        var waits = children.WaitsFor;
        var cause = children.RestartCause;
        children.WaitsFor = ChildMap.Waiting.Nothing;
        children.RestartCause = null;
        switch (waits)
        {
            case ChildMap.Waiting.Creation:
                FinishCreate();
                break;
            case ChildMap.Waiting.Recreation:
                FinishRecreate(cause);
                break;
            case ChildMap.Waiting.Termination:
                FinishTerminate();
                break;
        }
    }
}
