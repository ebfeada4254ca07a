using Akka.Event;

namespace Akka.Actor;

public abstract class SupervisorStrategy
{
    public static IDecider DefaultDecider = new LocalOnlyDecider(DecideByDefault);

    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);

    public static readonly OneForOneStrategy StoppingStrategy = new(static _ => Directive.Stop);

    protected SupervisorStrategy()
    {
    }

    public abstract IDecider Decider { get; }

    protected bool LoggingEnabled { get; set; }

    protected abstract Directive Handle(IActorRef child, Exception exception);

    protected virtual void LogFailure(IActorContext context, IActorRef child, Exception cause, Directive directive)
    {
        if (!LoggingEnabled)
            return;
        var message = cause is ActorInitializationException && cause.InnerException is not null
            ? cause.GetBaseException().Message
            : cause.Message;
        var source = child.Path.ToString();
        var type = GetType();
        switch (directive)
        {
            case Directive.Resume:
                context.System.EventStream.Publish(new Warning(cause, source, type, message));
                break;
            case Directive.Escalate:
                // Whoever decides above reports it.
                break;
            default:
                context.System.EventStream.Publish(new Error(cause, source, type, message));
                break;
        }
    }

    protected void RestartChild(IActorRef child, Exception cause, bool suspendFirst)
    {
        var known = InternalActorRefBase.From(child);
        if (suspendFirst)
            known.SendSystem(new SystemMessage.Suspend());
        known.SendSystem(new SystemMessage.Recreate(cause));
    }

    protected void ResumeChild(IActorRef child, Exception exception) =>
        InternalActorRefBase.From(child).SendSystem(new SystemMessage.Resume(exception));

    internal abstract void Process(LocalRef parent, bool restart, LocalRef child, Exception cause);

    /// <summary>Decides on a child's failure and does what was decided; false where the parent is to fail in turn.</summary>
    internal bool HandleFailure(LocalRef parent, LocalRef child, Exception cause)
    {
        var directive = Handle(child, cause);
        LogFailure(parent, child, cause, directive);
        switch (directive)
        {
            case Directive.Resume:
                ResumeChild(child, cause);
                return true;
            case Directive.Restart:
                Process(parent, restart: true, child, cause);
                return true;
            case Directive.Stop:
                Process(parent, restart: false, child, cause);
                return true;
            default:
                return false;
        }
    }

    private static Directive DecideByDefault(Exception cause) =>
        cause is ActorInitializationException or ActorKilledException or DeathPactException ? Directive.Stop : Directive.Restart;
}
