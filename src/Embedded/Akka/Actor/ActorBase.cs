namespace Akka.Actor;

public abstract class ActorBase
{
    private Receive _initial;

    protected ActorBase()
    {
        var cell = LocalRef.Current
            ?? throw new ActorInitializationException("Do not create actors using 'new', always create them using an ActorContext/System");
        if (this is IWithTimers timers)
            timers.Timers = cell.Extras.Timers ??= new ActorTimers(cell);
        if (this is IActorStash stash)
            stash.Stash = cell.Extras.Stash ??= new StashOf(cell);
    }

    protected static IActorContext Context => LocalRef.Current ?? throw NoContext();

    protected static Receive EmptyReceive { get; } = static _ => false;

    protected IActorRef Self => Context.Self;

    protected IActorRef Sender => Context.Sender;

    internal Receive InitialBehavior => _initial ??= Receive;

    internal SupervisorStrategy Strategy => SupervisorStrategy();

    internal static NotSupportedException NoContext() =>
        new("There is no active ActorContext, this is most likely due to use of async operations from within this actor.");

    public virtual void AroundPreStart() => PreStart();

    public virtual void AroundPostStop() => PostStop();

    public virtual void AroundPreRestart(Exception cause, object message) => PreRestart(cause, message);

    public virtual void AroundPostRestart(Exception cause, object message) => PostRestart(cause);

    protected internal virtual bool AroundReceive(Receive receive, object message)
    {
        if (receive(message))
            return true;
        Unhandled(message);
        return false;
    }

    protected abstract bool Receive(object message);

    protected virtual void Unhandled(object message) => (LocalRef.Current ?? throw NoContext()).PublishUnhandled(message);

    protected virtual void PreStart()
    {
    }

    protected virtual void PostStop()
    {
    }

    protected virtual void PreRestart(Exception reason, object message)
    {
        foreach (var child in Context.GetChildren())
        {
            Context.Unwatch(child);
            Context.Stop(child);
        }

        PostStop();
    }

    protected virtual void PostRestart(Exception reason) => PreStart();

    protected virtual SupervisorStrategy SupervisorStrategy() => Akka.Actor.SupervisorStrategy.DefaultStrategy;

    protected void Become(Receive receive) => Context.Become(receive);

    protected void BecomeStacked(Receive receive) => Context.BecomeStacked(receive);

    protected void UnbecomeStacked() => Context.UnbecomeStacked();

    protected void SetReceiveTimeout(TimeSpan? timeout) => Context.SetReceiveTimeout(timeout);
}
