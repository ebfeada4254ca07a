using Akka.TestKit.Xunit2;

namespace Embedded.Tests;

public class WatchingTests : TestKit
{
    [Fact]
    public void Terminated_arrives_once()
    {
        var actor = Nothing();
        Watch(actor);
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Watching_the_dead_tells_at_once()
    {
        var actor = Nothing();
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        var late = CreateTestProbe();
        late.Watch(actor);
        late.ExpectTerminated(actor);
    }

    [Fact]
    public void Existence_is_confirmed_for_whoever_watched_in_life()
    {
        var subject = Nothing();
        var watcher = Sys.ActorOf(Relay.Of((message, context) =>
        {
            if (message is Terminated terminated)
                TestActor.Tell(terminated.ExistenceConfirmed);
            else
                context.Sender.Tell(context.Watch(subject).Path.Name.Length > 0 ? "ready" : "");
        }));
        watcher.Tell("watch");
        ExpectMsg("ready");

        // Its answer says that the watch was heard: signals and messages of one sender keep their order among themselves.
        watcher.Tell("watch again");
        ExpectMsg("ready");
        Sys.Stop(subject);
        ExpectMsg(true);
    }

    [Fact]
    public void Every_watcher_is_told()
    {
        var probes = Enumerable.Range(0, 5).Select(_ => CreateTestProbe()).ToArray();
        var actor = Nothing();
        foreach (var probe in probes)
            probe.Watch(actor);
        Sys.Stop(actor);
        foreach (var probe in probes)
            probe.ExpectTerminated(actor);
    }

    [Fact]
    public void After_unwatch_nothing_is_told()
    {
        var actor = Nothing();
        Watch(actor);
        Unwatch(actor);
        Sys.Stop(actor);
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Watchwith_sends_the_message_instead()
    {
        var subject = Nothing();
        Sys.ActorOf(Relay.Of((message, context) =>
        {
            if (message is IActorRef actor)
                context.WatchWith(actor, "it is gone");
            else
                TestActor.Tell(message);
        })).Tell(subject);
        AwaitAssert(() =>
        {
            Sys.Stop(subject);
            ExpectMsg("it is gone", TimeSpan.FromMilliseconds(200));
        });
    }

    [Fact]
    public void Of_watch_and_watchwith_the_first_wins()
    {
        var subject = Nothing();
        var watcher = Sys.ActorOf(Relay.Of((message, context) =>
        {
            if (message is IActorRef actor)
            {
                context.Watch(actor);
                context.WatchWith(actor, "custom");
                context.Sender.Tell("ready");
            }
            else
            {
                TestActor.Tell(message is Terminated ? "terminated" : message);
            }
        }));
        watcher.Tell(subject);
        ExpectMsg("ready");
        Sys.Stop(subject);
        ExpectMsg("terminated");
    }

    [Fact]
    public void Of_watchwith_and_watch_the_first_wins_too()
    {
        var subject = Nothing();
        var watcher = Sys.ActorOf(Relay.Of((message, context) =>
        {
            if (message is IActorRef actor)
            {
                context.WatchWith(actor, "custom");
                context.Watch(actor);
                context.Sender.Tell("ready");
            }
            else
            {
                TestActor.Tell(message is Terminated ? "terminated" : message);
            }
        }));
        watcher.Tell(subject);
        ExpectMsg("ready");
        Sys.Stop(subject);
        ExpectMsg("custom");
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Not_handling_terminated_is_a_death_pact()
    {
        var subject = Nothing();
        var watcher = Sys.ActorOf(Props.Create(() => new Pact(subject)));
        watcher.Tell("?");
        ExpectMsg("ready");
        Watch(watcher);
        EventFilter.Exception<DeathPactException>().ExpectOne(() => Sys.Stop(subject));
        ExpectTerminated(watcher);
    }

    [Fact]
    public void Unwatch_takes_back_what_already_waits()
    {
        var subject = Nothing();
        var gone = CreateTestProbe();
        gone.Watch(subject);
        using var gate = new ManualResetEventSlim();
        var watcher = Sys.ActorOf(Relay.Of((message, context) =>
        {
            switch (message)
            {
                case "watch":
                    context.Watch(subject);
                    break;
                case "block":
                    context.Sender.Tell("blocking");
                    gate.Wait();
                    context.Unwatch(subject);
                    break;
                default:
                    TestActor.Tell(message);
                    break;
            }
        }));
        watcher.Tell("watch");
        watcher.Tell("block");
        ExpectMsg("blocking");
        Sys.Stop(subject);
        gone.ExpectTerminated(subject);
        gate.Set();
        watcher.Tell("end");
        ExpectMsg("end");
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void A_restart_is_not_an_end()
    {
        var actor = Sys.ActorOf(Relay.Of((_, _) => throw new InvalidOperationException("x")));
        Watch(actor);
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => actor.Tell("fail"));
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void A_parent_may_watch_its_child()
    {
        var parent = Sys.ActorOf(Relay.Of((message, context) =>
        {
            switch (message)
            {
                case "make":
                    var child = context.ActorOf(Relay.Of((_, c) => c.Stop(c.Self)), "child");
                    context.Watch(child);
                    child.Tell("end");
                    break;
                case Terminated terminated:
                    TestActor.Tell(terminated.ActorRef.Path.Name);
                    break;
            }
        }));
        parent.Tell("make");
        ExpectMsg("child");
    }

    [Fact]
    public void A_watcher_that_watches_itself_hears_nothing()
    {
        var actor = Sys.ActorOf(Relay.Of((message, context) =>
        {
            context.Watch(context.Self);
            context.Sender.Tell(message);
        }));
        actor.Tell("x");
        ExpectMsg("x");
    }

    [Fact]
    public void Terminated_is_never_lost_or_doubled_under_load()
    {
        for (var round = 0; round < Stress.Rounds(20); round++)
        {
            var actors = Enumerable.Range(0, 20).Select(_ => Nothing()).ToArray();
            foreach (var actor in actors)
                Watch(actor);
            Parallel.ForEach(actors, actor => actor.Tell(PoisonPill.Instance, ActorRefs.NoSender));
            var gone = ReceiveN(actors.Length).Cast<Terminated>().Select(t => t.ActorRef).ToHashSet();
            Assert.Equal(actors.Length, gone.Count);
        }
    }

    private IActorRef Nothing() => Sys.ActorOf(Relay.Of((_, _) => { }));

    private sealed class Pact : UntypedActor
    {
        public Pact(IActorRef subject)
        {
            Context.Watch(subject);
        }

        protected override void OnReceive(object message)
        {
            if (message is Terminated)
                Unhandled(message);
            else
                Sender.Tell("ready");
        }
    }
}
