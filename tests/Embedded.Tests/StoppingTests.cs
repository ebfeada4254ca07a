using Akka.Event;
using Akka.TestKit.Xunit2;

namespace Embedded.Tests;

/// <summary>The order of what happens at the end of an actor, and in a restart.</summary>
public class StoppingTests : TestKit
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_restart_takes_its_steps_in_the_documented_order()
    {
        using var gate = new ManualResetEventSlim();
        var parent = Sys.ActorOf(Props.Create(() => new Parent(TestActor, gate)));
        ExpectMsg("ctor");
        ExpectMsg("prestart");
        parent.Tell("fail");
        ExpectMsg("prerestart");
        ExpectMsg("poststop");

        // The child ends only now: its parent's PostStop did not wait for it, but the new instance does.
        ExpectMsg("child poststop");
        ExpectMsg("ctor");
        ExpectMsg("postrestart");
        ExpectMsg("prestart");
    }

    [Fact]
    public void A_plain_stop_ends_the_children_first_and_poststop_finds_none()
    {
        using var gate = new ManualResetEventSlim(initialState: true);
        var parent = Sys.ActorOf(Props.Create(() => new Parent(TestActor, gate)));
        ExpectMsg("ctor");
        ExpectMsg("prestart");
        parent.Tell(PoisonPill.Instance);
        ExpectMsg("child poststop");
        ExpectMsg("poststop");
    }

    [Fact]
    public void Stopping_a_child_takes_effect_at_once()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        var parent = Sys.ActorOf(Relay.Of((_, context) =>
        {
            var child = context.ActorOf(Relay.Of((message, _) => TestActor.Tell($"handled {message}", ActorRefs.NoSender)));
            child.Tell("first");
            context.Stop(child);
            child.Tell("second");
        }));
        parent.Tell("go");
        Assert.Equal("second", FishForMessage<DeadLetter>(letter => letter.Message is "second").Message);
    }

    [Fact]
    public void A_name_is_taken_until_the_child_is_gone()
    {
        using var gate = new ManualResetEventSlim();
        var parent = Sys.ActorOf(Relay.Of((message, context) =>
        {
            switch (message)
            {
                case "make":
                    context.Watch(context.ActorOf(Props.Create(() => new SlowEnd(gate)), "child"));
                    context.Sender.Tell("made");
                    break;
                case "stop":
                    context.Stop(context.Child("child"));
                    try
                    {
                        context.ActorOf(Relay.Of((_, _) => { }), "child");
                        context.Sender.Tell("free");
                    }
                    catch (InvalidActorNameException)
                    {
                        context.Sender.Tell("taken");
                    }

                    break;
                case Terminated:
                    // By the time a parent hears of the end the name is free.
                    TestActor.Tell(context.ActorOf(Relay.Of((_, _) => { }), "child").Path.Name, ActorRefs.NoSender);
                    break;
            }
        }));
        parent.Tell("make");
        ExpectMsg("made");
        parent.Tell("stop");
        ExpectMsg("taken");
        gate.Set();
        ExpectMsg("child");
    }

    [Fact]
    public void Last_words_come_before_the_end_is_told()
    {
        var parent = Sys.ActorOf(Relay.Of((message, context) =>
        {
            switch (message)
            {
                case "make":
                    context.Stop(context.Watch(context.ActorOf(Props.Create(() => new Talker()))));
                    break;
                case Terminated:
                    TestActor.Tell("terminated", ActorRefs.NoSender);
                    break;
                default:
                    TestActor.Tell(message, ActorRefs.NoSender);
                    break;
            }
        }));
        parent.Tell("make");
        ExpectMsg("last words");
        ExpectMsg("terminated");
    }

    [Fact]
    public void No_child_can_be_made_any_more_at_the_end()
    {
        var actor = Sys.ActorOf(Props.Create(() => new LateMother(TestActor)));
        actor.Tell(PoisonPill.Instance);
        ExpectMsg<InvalidOperationException>();
    }

    [Fact]
    public async Task Graceful_stop_of_the_dead_is_true()
    {
        var actor = Sys.ActorOf(Relay.Of((_, _) => { }));
        Assert.True(await actor.GracefulStop(Long));
        Assert.True(await actor.GracefulStop(Long));
    }

    [Fact]
    public async Task Graceful_stop_waits_for_the_children_too()
    {
        var stopped = 0;
        Action count = () => Interlocked.Increment(ref stopped);
        var actor = Sys.ActorOf(Relay.Of((_, context) =>
        {
            for (var i = 0; i < 10; i++)
                context.ActorOf(Props.Create(() => new Counted(count)));
            context.Sender.Tell("made");
        }));
        actor.Tell("make");
        ExpectMsg("made");
        Assert.True(await actor.GracefulStop(Long));
        Assert.Equal(10, stopped);
    }

    [Fact]
    public void A_stopped_actors_stash_is_dead()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        var actor = Sys.ActorOf(Props.Create(() => new Hoarder()));
        actor.Tell("put aside");
        actor.Tell(PoisonPill.Instance);
        FishForMessage<DeadLetter>(letter => letter.Message is "put aside");
    }

    private sealed class Parent : UntypedActor
    {
        private readonly IActorRef _observer;
        private readonly ManualResetEventSlim _gate;

        public Parent(IActorRef observer, ManualResetEventSlim gate)
        {
            _observer = observer;
            _gate = gate;
            Say("ctor");
        }

        protected override void PreStart()
        {
            var observer = _observer;
            var gate = _gate;
            Context.ActorOf(Props.Create(() => new Child(observer, gate)));
            Say("prestart");
        }

        protected override void PreRestart(Exception reason, object message)
        {
            Say("prerestart");
            base.PreRestart(reason, message);
        }

        protected override void PostStop()
        {
            Say("poststop");
            _gate.Set();
        }

        protected override void PostRestart(Exception reason)
        {
            Say("postrestart");
            base.PostRestart(reason);
        }

        protected override void OnReceive(object message) => throw new InvalidOperationException("told to");

        private void Say(string what) => _observer.Tell(what, ActorRefs.NoSender);
    }

    private sealed class Child(IActorRef observer, ManualResetEventSlim gate) : UntypedActor
    {
        protected override void PostStop() => observer.Tell(gate.Wait(Long) ? "child poststop" : "child waited in vain", ActorRefs.NoSender);

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class SlowEnd(ManualResetEventSlim gate) : UntypedActor
    {
        protected override void PostStop() => gate.Wait(Long);

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Talker : UntypedActor
    {
        protected override void PostStop() => Context.Parent.Tell("last words");

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class LateMother(IActorRef observer) : UntypedActor
    {
        protected override void PostStop()
        {
            try
            {
                Context.ActorOf(Relay.Of((_, _) => { }));
            }
            catch (InvalidOperationException e)
            {
                observer.Tell(e, ActorRefs.NoSender);
            }
        }

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Counted(Action stopped) : UntypedActor
    {
        protected override void PostStop() => stopped();

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Hoarder : UntypedActor, IWithUnboundedStash
    {
        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message) => Stash.Stash();
    }
}
