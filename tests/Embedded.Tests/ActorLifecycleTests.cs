using Akka.TestKit.Xunit2;

namespace Embedded.Tests;

public class ActorLifecycleTests : TestKit
{
    [Fact]
    public void Constructor_comes_before_prestart_and_prestart_before_messages()
    {
        var actor = Sys.ActorOf(Hooked.Of(TestActor));
        actor.Tell("a");
        ExpectMsg("ctor");
        ExpectMsg("prestart");
        ExpectMsg("got a");
    }

    [Fact]
    public void Stop_runs_poststop()
    {
        var actor = Started();
        Sys.Stop(actor);
        ExpectMsg("poststop");
    }

    [Fact]
    public void Restart_runs_the_hooks_in_the_documented_order()
    {
        var actor = Started();
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => actor.Tell(new InvalidOperationException("boom")));
        ExpectMsg("prerestart boom boom");
        ExpectMsg("poststop");
        ExpectMsg("ctor");
        ExpectMsg("postrestart boom");
        ExpectMsg("prestart");
    }

    [Fact]
    public void Messages_sent_before_a_restart_are_not_lost()
    {
        var actor = Started();
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() =>
        {
            actor.Tell("1");
            actor.Tell(new InvalidOperationException("x"));
            actor.Tell("2");
            actor.Tell("3");
        });
        ExpectMsg("got 1");
        FishForMessage<string>(m => m == "prestart");
        ExpectMsg("got 2");
        ExpectMsg("got 3");
    }

    [Fact]
    public void A_reference_survives_a_restart()
    {
        var actor = Started();
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => actor.Tell(new InvalidOperationException("x")));
        FishForMessage<string>(m => m == "prestart");
        actor.Tell("still me");
        ExpectMsg("got still me");
    }

    [Fact]
    public void Poison_pill_is_taken_in_its_turn()
    {
        var actor = Started();
        actor.Tell("before");
        actor.Tell(PoisonPill.Instance);
        actor.Tell("after");
        ExpectMsg("got before");
        ExpectMsg("poststop");
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Kill_fails_the_actor_and_the_default_strategy_stops_it()
    {
        var actor = Started();
        Watch(actor);
        EventFilter.Exception<ActorKilledException>().ExpectOne(() => actor.Tell(Kill.Instance));
        ExpectMsg("poststop");
        ExpectTerminated(actor);
    }

    [Fact]
    public async Task Graceful_stop_says_true_when_the_actor_is_gone()
    {
        var actor = Started();
        Assert.True(await actor.GracefulStop(TimeSpan.FromSeconds(5)));
        ExpectMsg("poststop");
    }

    [Fact]
    public async Task Graceful_stop_can_send_another_message()
    {
        var actor = Sys.ActorOf(Relay.Of((message, context) =>
        {
            if (message is "please")
                context.Stop(context.Self);
        }));
        Assert.True(await actor.GracefulStop(TimeSpan.FromSeconds(5), "please"));
    }

    [Fact]
    public void Stopping_oneself_ends_after_the_current_message()
    {
        var probe = CreateTestProbe();
        var actor = Sys.ActorOf(Relay.Of((message, context) =>
        {
            context.Stop(context.Self);
            probe.Ref.Tell($"done with {message}");
        }));
        probe.Watch(actor);
        actor.Tell(1);
        actor.Tell(2);
        probe.ExpectMsg("done with 1");
        probe.ExpectTerminated(actor);
    }

    [Fact]
    public void Children_stop_before_their_parent()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Family(TestActor)), "family");
        ExpectMsg("child up");
        Sys.Stop(parent);
        ExpectMsg("child down");
        ExpectMsg("parent down");
    }

    [Fact]
    public void A_throwing_prestart_stops_the_actor_without_poststop()
    {
        var probe = CreateTestProbe();
        EventFilter.Exception<ActorInitializationException>().ExpectOne(() =>
        {
            var actor = Sys.ActorOf(Props.Create(() => new BadStart(probe.Ref)));
            probe.Watch(actor);
        });
        probe.ExpectMsg<Terminated>();
    }

    [Fact]
    public void A_throwing_constructor_stops_the_actor()
    {
        EventFilter.Exception<ActorInitializationException>().ExpectOne(() => Watch(Sys.ActorOf(Props.Create(() => new BadConstructor()))));
        ExpectMsg<Terminated>();
    }

    [Fact]
    public void A_disposable_actor_is_disposed_after_poststop()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Disposable(TestActor)));
        Sys.Stop(actor);
        ExpectMsg("poststop");
        ExpectMsg("dispose");
    }

    [Fact]
    public void A_throwing_poststop_does_not_keep_the_actor_alive()
    {
        var actor = Sys.ActorOf(Props.Create(() => new BadStop()));
        Watch(actor);
        EventFilter.Error().Expect(1, () => Sys.Stop(actor));
        ExpectTerminated(actor);
    }

    [Fact]
    public void A_throwing_prerestart_does_not_prevent_the_restart()
    {
        var actor = Sys.ActorOf(Props.Create(() => new BadPreRestart(TestActor)));
        ExpectMsg("ctor");
        EventFilter.Error().Mute(() => actor.Tell("fail"));
        ExpectMsg("ctor");
        actor.Tell("hello");
        ExpectMsg("hello");
    }

    [Fact]
    public void Arguments_of_props_are_evaluated_once()
    {
        var calls = 0;
        Func<int> next = () => ++calls;
        var props = Props.Create(() => new Numbered(next()));
        var first = Sys.ActorOf(props);
        var second = Sys.ActorOf(props);
        first.Tell("?");
        ExpectMsg(1);
        second.Tell("?");
        ExpectMsg(1);
        Assert.Equal(1, calls);
    }

    [Fact]
    public void Props_by_type_and_arguments_make_the_actor()
    {
        Sys.ActorOf(Props.Create(typeof(Numbered), 7)).Tell("?");
        ExpectMsg(7);
        Sys.ActorOf(Props.Create<Numbered>(8)).Tell("?");
        ExpectMsg(8);
    }

    [Fact]
    public void Props_by_producer_make_the_actor()
    {
        Sys.ActorOf(Props.CreateBy(new Producer())).Tell("?");
        ExpectMsg(42);
    }

    [Fact]
    public void An_actor_cannot_be_made_with_new() =>
        Assert.Throws<ActorInitializationException>(() => new Numbered(1));

    [Fact]
    public void A_context_outside_an_actor_is_refused() => Assert.Throws<NotSupportedException>(() => Numbered.Reach());

    [Fact]
    public void Aroundreceive_sees_every_message_and_may_keep_it()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Filtering()));
        actor.Tell("secret");
        actor.Tell("open");
        ExpectMsg("open");
    }

    private IActorRef Started()
    {
        var actor = Sys.ActorOf(Hooked.Of(TestActor));
        ExpectMsg("ctor");
        ExpectMsg("prestart");
        return actor;
    }

    private sealed class Producer : IIndirectActorProducer
    {
        public Type ActorType => typeof(Numbered);

        public ActorBase Produce() => new Numbered(42);

        public void Release(ActorBase actor)
        {
        }
    }

    private sealed class Numbered(int number) : UntypedActor
    {
        public static IActorContext Reach() => Context;

        protected override void OnReceive(object message) => Sender.Tell(number);
    }

    private sealed class Filtering : UntypedActor
    {
        protected override bool AroundReceive(Receive receive, object message) => message is "secret" || base.AroundReceive(receive, message);

        protected override void OnReceive(object message) => Sender.Tell(message);
    }

    private sealed class Family(IActorRef observer) : UntypedActor
    {
        protected override void PreStart() => Context.ActorOf(Props.Create(() => new Child(observer)), "child");

        protected override void PostStop() => observer.Tell("parent down");

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Child(IActorRef observer) : UntypedActor
    {
        protected override void PreStart() => observer.Tell("child up");

        protected override void PostStop() => observer.Tell("child down");

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class BadStart(IActorRef observer) : UntypedActor
    {
        protected override void PreStart() => throw new InvalidOperationException("no");

        protected override void PostStop() => observer.Tell("poststop");

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class BadConstructor : UntypedActor
    {
        public BadConstructor()
        {
            throw new InvalidOperationException("no");
        }

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class BadStop : UntypedActor
    {
        protected override void PostStop() => throw new InvalidOperationException("no");

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class BadPreRestart : UntypedActor
    {
        public BadPreRestart(IActorRef observer)
        {
            observer.Tell("ctor");
        }

        protected override void PreRestart(Exception reason, object message) => throw new InvalidOperationException("no");

        protected override void OnReceive(object message)
        {
            if (message is "fail")
                throw new InvalidOperationException("told to");
            Sender.Tell(message);
        }
    }

    private sealed class Disposable(IActorRef observer) : UntypedActor, IDisposable
    {
        public void Dispose() => observer.Tell("dispose");

        protected override void PostStop() => observer.Tell("poststop");

        protected override void OnReceive(object message)
        {
        }
    }
}
