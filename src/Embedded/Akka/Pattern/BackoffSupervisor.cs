using Akka.Actor;
using Akka.Event;

namespace Akka.Pattern;

public sealed class BackoffSupervisor : BackoffSupervisorBase
{
    private readonly BackoffPlan _plan;
    private IActorRef _child;
    private IActorRef _failed;
    private int _restarts;
    private bool _finalStop;

    internal BackoffSupervisor(BackoffPlan plan)
    {
        _plan = plan;
    }

    public static Props Props(BackoffOptions options)
    {
        var plan = (BackoffPlan)options;
        plan.Check();
        return Akka.Actor.Props.Create(() => new BackoffSupervisor(plan));
    }

    protected override void PreStart() => StartTheChild();

    protected override SupervisorStrategy SupervisorStrategy()
    {
        var own = _plan.Strategy;
        if (_plan.OnStop)
        {
            // Only an end is waited after; what the strategy restarts is restarted in place, at once.
            return own;
        }

        return new OneForOneStrategy(
            -1,
            own.WithinTimeRangeMilliseconds,
            cause =>
            {
                var decided = own.Decider.Decide(cause);
                if (decided != Directive.Restart)
                    return decided;
                _failed = _child;
                return Directive.Stop;
            });
    }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Terminated terminated when terminated.ActorRef.Equals(_child):
                ChildStopped();
                return true;
            case StartChild:
                StartTheChild();
                return true;
            case Reset:
                if (_plan.ResetAfter is null)
                    _restarts = 0;
                else
                    Unhandled(message);
                return true;
            case ResetRestartCount reset:
                if (reset.Current == _restarts)
                    _restarts = 0;
                return true;
            case GetRestartCount:
                Sender.Tell(new RestartCount(_restarts));
                return true;
            case GetCurrentChild:
                Sender.Tell(new CurrentChild(_child));
                return true;
        }

        if (_child is not null && _child.Equals(Sender))
        {
            Context.Parent.Forward(message);
            return true;
        }

        if (_plan.FinalStopMessage?.Invoke(message) == true)
            _finalStop = true;
        if (_child is not null)
            _child.Forward(message);
        else if (_finalStop)
            Context.Stop(Self);
        else if (_plan.ReplyWhileStopped is not null)
            Sender.Tell(_plan.ReplyWhileStopped);
        else
            Context.System.DeadLetters.Forward(message);
        return true;
    }

    private void StartTheChild()
    {
        if (_child is not null)
            return;
        _child = Context.Watch(Context.ActorOf(_plan.ChildProps, _plan.ChildName));
        if (_plan.ResetAfter is { } after)
            Context.System.Scheduler.ScheduleTellOnce(after, Self, new ResetRestartCount(_restarts), Self);
    }

    private void ChildStopped()
    {
        var failed = _failed is not null;
        _child = null;
        _failed = null;
        var limit = _plan.Strategy.MaxNumberOfRetries;
        if (_finalStop || (!_plan.OnStop && !failed) || (limit >= 0 && _restarts >= limit))
        {
            Context.Stop(Self);
            return;
        }

        Context.System.Scheduler.ScheduleTellOnce(_plan.DelayAfter(_restarts), Self, StartChild.Instance, Self);
        _restarts++;
    }

    public sealed class GetCurrentChild
    {
        public static readonly GetCurrentChild Instance = new();

        private GetCurrentChild()
        {
        }
    }

    public sealed class CurrentChild
    {
        public CurrentChild(IActorRef @ref)
        {
            Ref = @ref;
        }

        public IActorRef Ref { get; }
    }

    public sealed class Reset
    {
        public static readonly Reset Instance = new();

        private Reset()
        {
        }
    }

    public sealed class GetRestartCount
    {
        public static readonly GetRestartCount Instance = new();

        private GetRestartCount()
        {
        }
    }

    public sealed class RestartCount
    {
        public RestartCount(int count)
        {
            Count = count;
        }

        public int Count { get; }
    }

    public sealed class StartChild : IDeadLetterSuppression
    {
        public static readonly StartChild Instance = new();

        private StartChild()
        {
        }
    }

    public sealed class ResetRestartCount : IDeadLetterSuppression
    {
        public ResetRestartCount(int current)
        {
            Current = current;
        }

        public int Current { get; }
    }
}
