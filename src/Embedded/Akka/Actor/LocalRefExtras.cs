namespace Akka.Actor;

/// <summary>What only some actors need; an idle leaf has none of it.</summary>
internal sealed class LocalRefExtras
{
    public ChildMap Children;

    /// <summary>Messages before all that lie in the mailbox: taken out of the stash, or come in while nothing was handled.</summary>
    public MailboxNode Front;
    public MailboxNode FrontLast;

    public WatchedActors Watching;
    public Dictionary<InternalActorRefBase, object> TerminatedQueued;
    public Stack<Receive> Behaviors;
    public ActorTimers Timers;
    public StashOf Stash;
    public ActorScheduler Scheduler;
    public TimeSpan? ReceiveTimeout;
    public ICancelable ReceiveTimeoutTask;
    public InternalActorRefBase FailedThrough;

    /// <summary>How many asynchronous handlers hold the mailbox.</summary>
    public int Awaited;
}
