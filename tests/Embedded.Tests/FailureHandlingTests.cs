using Akka.TestKit.Xunit2;

namespace Embedded.Tests;

/// <summary>What a failing actor, its children, its siblings and its parent see of the failure.</summary>
public class FailureHandlingTests : TestKit
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_child_is_restarted_just_as_often_as_allowed(int retries)
    {
        var child = Watch(Child(new OneForOneStrategy(retries, TimeSpan.FromMinutes(5), _ => Directive.Restart)));
        for (var i = 0; i <= retries; i++)
            child.Tell(new InvalidOperationException("told to"));
        for (var i = 0; i < retries; i++)
            FishForMessage<string>(m => m == "one postrestart told to");
        FishForMessage<Terminated>(t => t.ActorRef.Equals(child));
        ExpectNoMsg(Short);
    }

    [Fact]
    public void After_its_window_a_failure_is_counted_from_the_start()
    {
        var child = Watch(Child(new OneForOneStrategy(1, TimeSpan.FromMilliseconds(50), _ => Directive.Restart)));
        for (var i = 0; i < 3; i++)
        {
            child.Tell(new InvalidOperationException("told to"));
            FishForMessage<string>(m => m == "one postrestart told to");
            var passed = System.Diagnostics.Stopwatch.StartNew();
            AwaitCondition(() => passed.Elapsed > TimeSpan.FromMilliseconds(200), Long, Short);
        }

        child.Tell("hello");
        FishForMessage<string>(m => m == "one got hello");
    }

    [Fact]
    public void A_limit_counts_for_each_child_of_its_own()
    {
        var parent = ParentWith(new OneForOneStrategy(1, TimeSpan.FromMinutes(5), _ => Directive.Restart));
        var one = ChildOf(parent, "one");
        var two = ChildOf(parent, "two");
        one.Tell(new InvalidOperationException("told to"));
        FishForMessage<string>(m => m == "one postrestart told to");
        two.Tell(new InvalidOperationException("told to"));
        FishForMessage<string>(m => m == "two postrestart told to");
    }

    [Fact]
    public void All_for_one_counts_a_restart_for_every_sibling()
    {
        var parent = ParentWith(new AllForOneStrategy(1, TimeSpan.FromMinutes(5), _ => Directive.Restart));
        var one = ChildOf(parent, "one");
        var two = ChildOf(parent, "two");
        one.Tell(new InvalidOperationException("told to"));
        var restarted = new[]
        {
            (string)FishForMessage(m => m is string text && text.EndsWith("postrestart told to", StringComparison.Ordinal)),
            (string)FishForMessage(m => m is string text && text.EndsWith("postrestart told to", StringComparison.Ordinal)),
        };
        Assert.Equal(["one postrestart told to", "two postrestart told to"], restarted.Order());
        Watch(one);
        Watch(two);
        two.Tell(new InvalidOperationException("told to"));
        var gone = new[]
        {
            ((Terminated)FishForMessage(m => m is Terminated)).ActorRef.Path.Name,
            ((Terminated)FishForMessage(m => m is Terminated)).ActorRef.Path.Name,
        };
        Assert.Equal(["one", "two"], gone.Order());
    }

    [Fact]
    public void A_sibling_that_is_restarted_along_had_no_message()
    {
        var parent = ParentWith(new AllForOneStrategy(_ => Directive.Restart));
        var one = ChildOf(parent, "one");
        var two = ChildOf(parent, "two");
        two.Tell("before");
        ExpectMsg("two got before");
        one.Tell(new InvalidOperationException("told to"));
        FishForMessage<string>(m => m == "two prerestart told to, nothing");
    }

    [Theory]
    [InlineData(Directive.Resume)]
    [InlineData(Directive.Restart)]
    public void Nothing_is_handled_while_the_parent_decides(Directive directive)
    {
        using var deciding = new ManualResetEventSlim();
        using var decide = new ManualResetEventSlim();
        var child = Child(new OneForOneStrategy(_ =>
        {
            deciding.Set();
            decide.Wait(Long);
            return directive;
        }));
        child.Tell(new InvalidOperationException("told to"));
        Assert.True(deciding.Wait(Long));
        child.Tell("waiting");
        ExpectNoMsg(Short);
        decide.Set();
        FishForMessage<string>(m => m == "one got waiting");
    }

    [Fact]
    public void The_children_of_a_failed_actor_wait_too()
    {
        using var deciding = new ManualResetEventSlim();
        using var decide = new ManualResetEventSlim();
        var grand = ParentWith(new OneForOneStrategy(_ =>
        {
            deciding.Set();
            decide.Wait(Long);
            return Directive.Resume;
        }));
        grand.Tell(new Nest("middle"));
        var middle = ExpectMsg<IActorRef>();
        ExpectMsg("up");
        var leaf = ChildOf(middle, "leaf");
        middle.Tell("fail");
        Assert.True(deciding.Wait(Long));
        leaf.Tell("waiting");
        ExpectNoMsg(Short);
        decide.Set();
        ExpectMsg("leaf got waiting");
    }

    [Fact]
    public void A_child_made_while_its_parent_is_held_goes_on_with_it()
    {
        using var deciding = new ManualResetEventSlim();
        using var decide = new ManualResetEventSlim();
        var grand = ParentWith(new OneForOneStrategy(_ =>
        {
            deciding.Set();
            decide.Wait(Long);
            return Directive.Resume;
        }));
        grand.Tell(new Nest("middle"));
        var middle = ExpectMsg<IActorRef>();
        ExpectMsg("up");
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        middle.Tell(new Host(go.Task));
        var host = ExpectMsg<IActorRef>();
        host.Tell("make");
        ExpectMsg("making");
        middle.Tell("fail");
        Assert.True(deciding.Wait(Long));
        go.SetResult();
        decide.Set();
        var child = ExpectMsg<IActorRef>();
        child.Tell("hello");
        FishForMessage<string>(m => m == "late got hello");
    }

    [Fact]
    public void Resume_lets_the_children_go_on_with_their_state()
    {
        var grand = ParentWith(new OneForOneStrategy(_ => Directive.Resume));
        grand.Tell(new Nest("middle"));
        var middle = ExpectMsg<IActorRef>();
        ExpectMsg("up");
        var leaf = ChildOf(middle, "leaf");
        middle.Tell("fail");
        leaf.Tell("x");
        ExpectMsg("leaf got x");
        middle.Tell("ping");
        ExpectMsg("pong");
    }

    [Fact]
    public async Task Escalation_hands_the_very_exception_up()
    {
        var seen = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var grand = ParentWith(new OneForOneStrategy(cause =>
        {
            seen.TrySetResult(cause);
            return Directive.Stop;
        }));
        grand.Tell(new Nest("middle", new OneForOneStrategy(_ => Directive.Escalate)));
        var middle = ExpectMsg<IActorRef>();
        ExpectMsg("up");
        Watch(middle);
        var leaf = ChildOf(middle, "leaf");
        var cause = new InvalidOperationException("deep");
        leaf.Tell(cause);
        FishForMessage<Terminated>(t => t.ActorRef.Equals(middle));
        Assert.Same(cause, await seen.Task.WaitAsync(Long));
    }

    [Fact]
    public void A_failure_of_the_parent_itself_spares_no_child()
    {
        var parent = ParentWith(SupervisorStrategy.DefaultStrategy);
        var watcher = CreateTestProbe();
        var child = watcher.Watch(ChildOf(parent, "one"));
        parent.Tell("fail");
        watcher.ExpectTerminated(child);
        ExpectMsg("up");
    }

    [Fact]
    public async Task A_failure_while_handling_an_end_is_a_failure_like_any_other()
    {
        var restarted = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var parent = Sys.ActorOf(Props.Create(() => new FailsOnEnd(restarted)));
        parent.Tell("make");
        Sys.Stop(ExpectMsg<IActorRef>());
        Assert.Equal("child ended", await restarted.Task.WaitAsync(Long));
        parent.Tell("ping");
        ExpectMsg("pong");
    }

    [Theory]
    [InlineData("ctor")]
    [InlineData("prestart")]
    public async Task The_parent_sees_a_failed_start_as_such(string where)
    {
        var seen = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var parent = Sys.ActorOf(Props.Create(() => new BadMother(where, seen)));
        parent.Tell("make");
        var cause = Assert.IsType<ActorInitializationException>(await seen.Task.WaitAsync(Long));
        Assert.Equal("at " + where, cause.GetBaseException().Message);
    }

    [Theory]
    [InlineData("ctor again")]
    [InlineData("postrestart")]
    public void The_parent_sees_a_failed_restart_as_such(string where)
    {
        var seen = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        var parent = Sys.ActorOf(Props.Create(() => new RestartingMother(where, seen)));
        parent.Tell("make");
        var child = ExpectMsg<IActorRef>();
        Watch(child);
        child.Tell("fail");
        ExpectTerminated(child);
        Assert.Collection(
            seen,
            cause => Assert.Equal("told to", cause.Message),
            cause => Assert.IsType<PostRestartException>(cause));
    }

    [Fact]
    public void The_parent_never_hears_of_a_throwing_prerestart()
    {
        var seen = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        var parent = Sys.ActorOf(Props.Create(() => new RestartingMother("prerestart", seen)));
        parent.Tell("make");
        var child = ExpectMsg<IActorRef>();
        child.Tell("fail");
        child.Tell("ping");
        ExpectMsg("pong");
        Assert.Equal(["told to"], seen.Select(cause => cause.Message));
    }

    [Fact]
    public void Kill_is_decided_like_any_failure()
    {
        var child = Child(new OneForOneStrategy(cause => cause is ActorKilledException ? Directive.Restart : Directive.Stop));
        child.Tell(Kill.Instance);
        child.Tell("still here");
        FishForMessage<string>(m => m == "one got still here");
    }

    [Fact]
    public void What_waits_for_a_stopped_child_is_dead()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.DeadLetter));
        using var decide = new ManualResetEventSlim();
        var child = Child(new OneForOneStrategy(_ =>
        {
            decide.Wait(Long);
            return Directive.Stop;
        }));
        child.Tell(new InvalidOperationException("told to"));
        child.Tell("too late");
        decide.Set();
        Assert.Equal("too late", ((Akka.Event.DeadLetter)FishForMessage(m => m is Akka.Event.DeadLetter)).Message);
    }

    [Fact]
    public void A_failed_child_can_be_replaced_under_its_name()
    {
        var parent = ParentWith(SupervisorStrategy.StoppingStrategy);
        var first = Watch(ChildOf(parent, "one"));
        first.Tell(new InvalidOperationException("told to"));
        FishForMessage<Terminated>(t => t.ActorRef.Equals(first));
        IActorRef? second = null;
        AwaitAssert(() =>
        {
            parent.Tell(new Make("one"));
            second = (IActorRef)FishForMessage(m => m is IActorRef or InvalidActorNameException, TimeSpan.FromSeconds(1));
        });
        Assert.NotEqual(first, second);
    }

    private IActorRef Child(SupervisorStrategy strategy) => ChildOf(ParentWith(strategy), "one");

    private IActorRef ParentWith(SupervisorStrategy strategy)
    {
        var parent = Sys.ActorOf(Props.Create(() => new Parent(strategy, TestActor)));
        ExpectMsg("up");
        return parent;
    }

    private IActorRef ChildOf(IActorRef parent, string name)
    {
        parent.Tell(new Make(name));
        return ExpectMsg<IActorRef>();
    }

    private sealed record Make(string Name);

    private sealed record Nest(string Name, SupervisorStrategy? Strategy = null);

    private sealed record Host(Task Until);

    private sealed class Parent(SupervisorStrategy strategy, IActorRef observer) : UntypedActor
    {
        protected override SupervisorStrategy SupervisorStrategy() => strategy;

        protected override void PreStart() => observer.Tell("up", ActorRefs.NoSender);

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Make make:
                    Sender.Tell(Made(make.Name));
                    break;
                case Nest nest:
                    var own = nest.Strategy ?? new OneForOneStrategy(_ => Directive.Stop);
                    Sender.Tell(Context.ActorOf(Props.Create(() => new Parent(own, observer)), nest.Name));
                    break;
                case Host host:
                    Sender.Tell(Context.ActorOf(Props.Create(() => new Late(host.Until, observer)), "host"));
                    break;
                case "ping":
                    Sender.Tell("pong");
                    break;
                case "fail":
                    throw new InvalidOperationException("told to");
            }
        }

        private object Made(string name)
        {
            try
            {
                return Context.ActorOf(Props.Create(() => new Leaf(name, observer)), name);
            }
            catch (InvalidActorNameException e)
            {
                return e;
            }
        }
    }

    private sealed class Leaf(string name, IActorRef observer) : UntypedActor
    {
        protected override void PreRestart(Exception reason, object message) =>
            observer.Tell($"{name} prerestart {reason.Message}, {(message is null ? "nothing" : "a message")}", ActorRefs.NoSender);

        protected override void PostRestart(Exception reason) =>
            observer.Tell($"{name} postrestart {reason.Message}", ActorRefs.NoSender);

        protected override void OnReceive(object message)
        {
            if (message is Exception failure)
                throw failure;
            observer.Tell($"{name} got {message}", ActorRefs.NoSender);
        }
    }

    private sealed class Late : ReceiveActor
    {
        public Late(Task until, IActorRef observer)
        {
            ReceiveAsync<string>(async _ =>
            {
                var asker = Sender;
                asker.Tell("making");
                await until;
                asker.Tell(Context.ActorOf(Props.Create(() => new Leaf("late", observer)), "late"));
            });
        }
    }

    private sealed class FailsOnEnd(TaskCompletionSource<string> restarted) : UntypedActor
    {
        protected override void PostRestart(Exception reason) => restarted.TrySetResult(reason.Message);

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "make":
                    Sender.Tell(Context.Watch(Context.ActorOf(Relay.Of((_, _) => { }))));
                    break;
                case Terminated:
                    throw new InvalidOperationException("child ended");
                default:
                    Sender.Tell("pong");
                    break;
            }
        }
    }

    private sealed class BadMother(string where, TaskCompletionSource<Exception> seen) : UntypedActor
    {
        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(cause =>
        {
            seen.TrySetResult(cause);
            return Directive.Stop;
        });

        protected override void OnReceive(object message) => Context.ActorOf(Props.Create(() => new BadChild(where)));
    }

    private sealed class BadChild : UntypedActor
    {
        private readonly string _where;

        public BadChild(string where)
        {
            _where = where;
            if (where == "ctor")
                throw new InvalidOperationException("at ctor");
        }

        protected override void PreStart()
        {
            if (_where == "prestart")
                throw new InvalidOperationException("at prestart");
        }

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class RestartingMother(string where, System.Collections.Concurrent.ConcurrentQueue<Exception> seen) : UntypedActor
    {
        private readonly OneForOneStrategy _strategy = new(cause =>
        {
            seen.Enqueue(cause);
            return Akka.Actor.SupervisorStrategy.DefaultDecider.Decide(cause);
        });

        protected override SupervisorStrategy SupervisorStrategy() => _strategy;

        protected override void OnReceive(object message)
        {
            var made = new Counter();
            Sender.Tell(Context.ActorOf(Props.Create(() => new BadRestart(where, made))));
        }
    }

    private sealed class Counter
    {
        public int Value { get; set; }
    }

    private sealed class BadRestart : UntypedActor
    {
        private readonly string _where;

        public BadRestart(string where, Counter made)
        {
            _where = where;
            if (++made.Value > 1 && where == "ctor again")
                throw new InvalidOperationException("at the second time");
        }

        protected override void PreRestart(Exception reason, object message)
        {
            if (_where == "prerestart")
                throw new InvalidOperationException("at prerestart");
        }

        protected override void PostRestart(Exception reason)
        {
            if (_where == "postrestart")
                throw new InvalidOperationException("at postrestart");
        }

        protected override void OnReceive(object message)
        {
            if (message is "fail")
                throw new InvalidOperationException("told to");
            Sender.Tell("pong");
        }
    }
}
