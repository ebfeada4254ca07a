using Akka.Event;

namespace Akka.Actor;

/// <summary>An actor of this process: its reference, its context and its mailbox in one object, because there may be a million of them.</summary>
internal sealed partial class LocalRef : MailboxRef, IUntypedActorContext, ICell, IThreadPoolWorkItem
{
    private readonly ActorSystemImpl _system;
    private readonly InternalActorRefBase _parent;
    private readonly ActorPath _path;
    private readonly Props _props;

    private ActorBase _actor;
    private Receive _behavior;
    private LocalRefExtras _extras;

    // One watcher, or a set of them. Here and not among the extras: many a leaf is watched and needs none of those.
    private object _watchedBy;

    // Written with every message, therefore behind those that are not.
    private MailboxNode _first;
    private MailboxNode _at;
    private object _message;
    private IActorRef _sender;

    private SystemMessage _signals;
    private RestartStats _stats;
    private int _suspended;
    private bool _created;
    private volatile bool _terminating;
    private volatile bool _terminated;
    private bool _dying;

    public LocalRef(ActorSystemImpl system, InternalActorRefBase parent, ActorPath path, Props props)
    {
        _system = system;
        _parent = parent;
        _path = path;
        _props = props;
    }

    public static LocalRef Current => ActorWorker.Current;

    public override ActorPath Path => _path;

    public IActorRef Self => this;

    public Props Props => _props;

    public IActorRef Sender => _sender ?? _system.DeadLetters;

    public ActorSystem System => _system;

    public ActorSystemImpl SystemImpl => _system;

    public IActorRef Parent => _parent;

    public TimeSpan? ReceiveTimeout => _extras?.ReceiveTimeout;

    internal override InternalActorRefBase ParentRef => _parent;

    internal ActorBase Actor => _actor;

    internal object CurrentMessage => _message;

    internal IActorRef CurrentSender => _sender;

    internal bool IsTerminated => _terminated;

    internal bool IsTerminating => _terminating;

    internal bool HasSubscriptions { get; set; }

    internal LocalRefExtras Extras => _extras ??= new LocalRefExtras();

    /// <summary>Kept for, and only touched by, the parent.</summary>
    internal RestartStats Stats => _stats ??= new RestartStats();

    public ActorSelection ActorSelection(string actorPath) => ActorSelectionPath.Select(actorPath, _system, this);

    public ActorSelection ActorSelection(ActorPath actorPath) => new(_system.Root, actorPath.Elements);

    public void Become(Receive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        _behavior = receive;
    }

    public void Become(UntypedReceive receive) => Become(Lift(receive));

    public void BecomeStacked(Receive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        if (_behavior is not null)
            (Extras.Behaviors ??= new Stack<Receive>()).Push(_behavior);
        _behavior = receive;
    }

    public void BecomeStacked(UntypedReceive receive) => BecomeStacked(Lift(receive));

    public void UnbecomeStacked() =>
        _behavior = _extras?.Behaviors is { Count: > 0 } below ? below.Pop() : null;

    private static Receive Lift(UntypedReceive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        return message =>
        {
            receive(message);
            return true;
        };
    }

    private void Invoke(object message, IActorRef sender)
    {
        _message = message;
        _sender = sender;
        if (_extras?.Stash is { } stash)
            stash.HoldsCurrent = false;
        try
        {
            if (message is IAutoReceivedMessage)
            {
                AutoReceive(message);
            }
            else
            {
                var actor = _actor;
                actor.AroundReceive(_behavior ?? actor.InitialBehavior, message);
            }

            if (_suspended == 0)
                _message = null;
            if (_extras is { ReceiveTimeout: not null } && !LeavesReceiveTimeoutAlone(message))
                RearmReceiveTimeout();
        }
        catch (Exception e)
        {
            HandleFailure(e, null);
        }
    }

    private static bool LeavesReceiveTimeoutAlone(object message) =>
        message is INotInfluenceReceiveTimeout or TimerMessage { Message: INotInfluenceReceiveTimeout };

    private void Deliver(object message)
    {
        _message = message;
        var actor = _actor;
        actor.AroundReceive(_behavior ?? actor.InitialBehavior, message);
    }

    private void AutoReceive(object message)
    {
        switch (message)
        {
            case TimerMessage timer:
                if (_extras?.Timers?.Take(timer) == true)
                    Deliver(timer.Message);
                break;
            case Terminated terminated:
                ReceiveTerminated(terminated);
                break;
            case PoisonPill:
                SendSystem(new SystemMessage.Terminate());
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, this), this);
                break;
            default:
                Deliver(message);
                break;
        }
    }

    internal void RequeueTerminated(Terminated terminated) =>
        (Extras.TerminatedQueued ??= new(ReferenceEqualityComparer.Instance))[From(terminated.ActorRef)] = null;

    internal void PublishUnhandled(object message)
    {
        if (message is Terminated terminated)
            throw new DeathPactException(terminated.ActorRef);
        _system.EventStream.Publish(new UnhandledMessage(message, Sender, this));
    }

    internal void Report(Exception cause, string message) =>
        _system.EventStream.Publish(new Error(cause, _path.ToString(), _actor?.GetType() ?? typeof(LocalRef), message));
}
