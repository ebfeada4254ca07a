using Akka.TestKit.Xunit2;

namespace Embedded.Tests;

public class SupervisionTests : TestKit
{
    public static TheoryData<Exception, Directive> Defaults => new()
    {
        { new InvalidOperationException("x"), Directive.Restart },
        { new ArgumentException("x"), Directive.Restart },
        { new TimeoutException("x"), Directive.Restart },
        { new ActorInitializationException("x"), Directive.Stop },
        { new ActorKilledException("x"), Directive.Stop },
        { new DeathPactException(ActorRefs.Nobody), Directive.Stop },
    };

    [Theory]
    [MemberData(nameof(Defaults), DisableDiscoveryEnumeration = true)]
    public void The_default_decider_decides_as_documented(Exception cause, Directive expected) =>
        Assert.Equal(expected, SupervisorStrategy.DefaultDecider.Decide(cause));

    [Fact]
    public void The_stopping_strategy_stops() =>
        Assert.Equal(Directive.Stop, SupervisorStrategy.StoppingStrategy.Decider.Decide(new InvalidOperationException("x")));

    [Fact]
    public void A_decider_from_pairs_takes_the_first_match_or_the_default()
    {
        var decider = Decider.From(Directive.Escalate, Directive.Resume.When<ArgumentException>(), Directive.Stop.When<SystemException>());
        Assert.Equal(Directive.Resume, decider.Decide(new ArgumentNullException("x")));
        Assert.Equal(Directive.Stop, decider.Decide(new InvalidOperationException("x")));
        Assert.Equal(Directive.Escalate, decider.Decide(new ApplicationException("x")));
    }

    [Fact]
    public void Resume_keeps_the_childs_state_and_goes_on()
    {
        var child = Child(new OneForOneStrategy(_ => Directive.Resume));
        child.Tell("add");
        child.Tell("fail");
        child.Tell("add");
        child.Tell("count");
        ExpectMsg(2);
    }

    [Fact]
    public void Restart_drops_the_childs_state_and_goes_on()
    {
        var child = Child(new OneForOneStrategy(_ => Directive.Restart));
        child.Tell("add");
        child.Tell("fail");
        child.Tell("add");
        child.Tell("count");
        ExpectMsg(1);
    }

    [Fact]
    public void Stop_ends_the_child()
    {
        var child = Child(new OneForOneStrategy(_ => Directive.Stop));
        Watch(child);
        child.Tell("fail");
        ExpectTerminated(child);
    }

    [Fact]
    public void Escalate_fails_the_parent_which_its_own_parent_restarts()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Parent(new OneForOneStrategy(_ => Directive.Escalate), TestActor)));
        ExpectMsg("parent up");
        var child = ChildOf(parent, "one");
        Watch(child);
        child.Tell("fail");
        ExpectTerminatedAnd("parent up", child);
    }

    [Fact]
    public void One_for_one_leaves_siblings_alone()
    {
        var parent = ParentWith(new OneForOneStrategy(_ => Directive.Restart));
        var one = ChildOf(parent, "one");
        var two = ChildOf(parent, "two");
        two.Tell("add");
        one.Tell("fail");
        one.Tell("count");
        ExpectMsg(0);
        two.Tell("count");
        ExpectMsg(1);
    }

    [Fact]
    public void All_for_one_restarts_every_sibling()
    {
        var parent = ParentWith(new AllForOneStrategy(_ => Directive.Restart));
        var one = ChildOf(parent, "one");
        var two = ChildOf(parent, "two");
        one.Tell("add");
        two.Tell("add");
        two.Tell("count");
        ExpectMsg(1);
        one.Tell("fail");
        one.Tell("count");
        ExpectMsg(0);
        AwaitAssert(() => Assert.Equal(0, two.Ask<int>("count", TimeSpan.FromSeconds(3)).Result));
    }

    [Fact]
    public void All_for_one_stops_every_sibling()
    {
        var parent = ParentWith(new AllForOneStrategy(_ => Directive.Stop));
        var one = ChildOf(parent, "one");
        var two = ChildOf(parent, "two");
        Watch(one);
        Watch(two);
        one.Tell("fail");
        var gone = new[] { ExpectMsg<Terminated>().ActorRef, ExpectMsg<Terminated>().ActorRef };
        Assert.Contains(one, gone);
        Assert.Contains(two, gone);
    }

    [Fact]
    public void All_for_one_past_its_limit_stops_all()
    {
        var parent = ParentWith(new AllForOneStrategy(1, TimeSpan.FromMinutes(1), _ => Directive.Restart));
        var one = ChildOf(parent, "one");
        var two = ChildOf(parent, "two");
        Watch(two);
        one.Tell("fail");
        one.Tell("fail");
        ExpectTerminated(two);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    public void A_child_is_stopped_after_its_retries(int retries, int restarts)
    {
        var child = Child(new OneForOneStrategy(retries, TimeSpan.FromMinutes(1), _ => Directive.Restart));
        Watch(child);
        for (var i = 0; i <= restarts; i++)
            child.Tell("fail");
        ExpectTerminated(child);
    }

    [Fact]
    public void Without_a_limit_a_child_is_restarted_for_ever()
    {
        var child = Child(new OneForOneStrategy(_ => Directive.Restart));
        for (var i = 0; i < 50; i++)
            child.Tell("fail");
        child.Tell("count");
        ExpectMsg(0);
    }

    [Fact]
    public void The_strategy_of_the_props_wins_over_the_actors_own()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Parent(new OneForOneStrategy(_ => Directive.Stop), TestActor))
            .WithSupervisorStrategy(new OneForOneStrategy(_ => Directive.Resume)));
        ExpectMsg("parent up");
        var child = ChildOf(parent, "one");
        child.Tell("add");
        child.Tell("fail");
        child.Tell("count");
        ExpectMsg(1);
    }

    [Fact]
    public void A_throwing_decider_fails_the_parent_with_its_own_exception()
    {
        var grand = Sys.ActorOf(Props.Create(() => new Grand(TestActor)));
        ExpectMsg("parent up");
        grand.Tell("fail");
        Assert.Equal("decider", ExpectMsg<NotSupportedException>().Message);
    }

    [Fact]
    public void Prerestart_sees_sender_message_and_cause()
    {
        var child = Sys.ActorOf(Props.Create(() => new Witness()));
        child.Tell("the message");
        var (message, sender, cause) = ExpectMsg<(object, IActorRef, string)>();
        Assert.Equal("the message", message);
        Assert.Equal(TestActor, sender);
        Assert.Equal("seen", cause);
    }

    [Fact]
    public void A_constructor_that_throws_on_restart_stops_the_actor()
    {
        var first = true;
        Func<bool> isFirst = () =>
        {
            var was = first;
            first = false;
            return was;
        };

        var actor = Sys.ActorOf(Props.Create(() => new OnlyOnce(isFirst)));
        Watch(actor);
        actor.Tell("fail");
        ExpectTerminated(actor);
    }

    [Fact]
    public void Children_left_alive_by_prerestart_are_restarted_too()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Keeping(TestActor)));
        ExpectMsg("child up");
        parent.Tell("fail");
        ExpectMsg("child restarted");
    }

    [Fact]
    public void An_exception_in_one_child_does_not_disturb_its_parent()
    {
        var parent = ParentWith(SupervisorStrategy.DefaultStrategy);
        ChildOf(parent, "one").Tell("fail");
        parent.Tell("ping");
        ExpectMsg("pong");
    }

    [Fact]
    public void A_failed_childs_messages_wait_for_the_decision()
    {
        var child = Child(new OneForOneStrategy(_ =>
        {
            Thread.Yield();
            return Directive.Restart;
        }));
        for (var i = 0; i < 20; i++)
        {
            child.Tell("add");
            child.Tell("fail");
        }

        child.Tell("add");
        child.Tell("count");
        ExpectMsg(1);
    }

    private void ExpectTerminatedAnd(object other, IActorRef actor)
    {
        var both = ReceiveN(2);
        Assert.Contains(other, both);
        Assert.Contains(both, m => m is Terminated terminated && terminated.ActorRef.Equals(actor));
    }

    private IActorRef Child(SupervisorStrategy strategy) => ChildOf(ParentWith(strategy), "one");

    private IActorRef ParentWith(SupervisorStrategy strategy)
    {
        var parent = Sys.ActorOf(Props.Create(() => new Parent(strategy, TestActor)));
        ExpectMsg("parent up");
        return parent;
    }

    private IActorRef ChildOf(IActorRef parent, string name)
    {
        parent.Tell(new Make(name));
        return ExpectMsg<IActorRef>();
    }

    private sealed record Make(string Name);

    private sealed class Parent(SupervisorStrategy strategy, IActorRef observer) : UntypedActor
    {
        protected override SupervisorStrategy SupervisorStrategy() => strategy;

        protected override void PreStart() => observer.Tell("parent up");

        protected override void OnReceive(object message)
        {
            if (message is Make make)
                Sender.Tell(Context.ActorOf(Props.Create(() => new Counter()), make.Name));
            else if (message is "ping")
                Sender.Tell("pong");
        }
    }

    private sealed class Counter : UntypedActor
    {
        private int _count;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "add":
                    _count++;
                    break;
                case "count":
                    Sender.Tell(_count);
                    break;
                case "fail":
                    throw new InvalidOperationException("told to");
            }
        }
    }

    private sealed class Grand : UntypedActor
    {
        private readonly IActorRef _child;

        public Grand(IActorRef observer)
        {
            Observer = observer;
            _child = Context.ActorOf(Props.Create(() => new Parent(new OneForOneStrategy(ThrowingDecision), observer)), "parent");
        }

        private IActorRef Observer { get; }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(cause =>
        {
            Observer.Tell(cause);
            return Directive.Stop;
        });

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "fail":
                    _child.Tell(new Make("one"));
                    break;
                case IActorRef grandchild:
                    grandchild.Tell("fail");
                    break;
            }
        }

        private static Directive ThrowingDecision(Exception cause) => throw new NotSupportedException("decider");
    }

    private sealed class Witness : UntypedActor
    {
        protected override void PreRestart(Exception reason, object message) => Sender.Tell((message, Sender, reason.Message));

        protected override void OnReceive(object message) => throw new InvalidOperationException("seen");
    }

    private sealed class OnlyOnce : UntypedActor
    {
        public OnlyOnce(Func<bool> isFirst)
        {
            if (!isFirst())
                throw new InvalidOperationException("second time");
        }

        protected override void OnReceive(object message) => throw new InvalidOperationException("told to");
    }

    private sealed class Keeping : UntypedActor
    {
        public Keeping(IActorRef observer)
        {
            if (Context.Child("kept").IsNobody())
                Context.ActorOf(Props.Create(() => new Kept(observer)), "kept");
        }

        protected override void PreRestart(Exception reason, object message) => PostStop();

        protected override void OnReceive(object message) => throw new InvalidOperationException("told to");
    }

    private sealed class Kept(IActorRef observer) : UntypedActor
    {
        protected override void PreStart() => observer.Tell("child up");

        protected override void PostRestart(Exception reason) => observer.Tell("child restarted");

        protected override void OnReceive(object message)
        {
        }
    }
}
