using Akka.TestKit.Configs;
using Akka.TestKit.Xunit2;

namespace Embedded.Tests;

/// <summary>Timers and receive timeouts, in virtual time, where they are cancelled, replaced, restarted or late.</summary>
public class TimersTests() : TestKit(TestConfigs.TestSchedulerConfig)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(30);

    private TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void A_replaced_timers_message_is_not_seen_though_it_waits_in_the_mailbox()
    {
        using var gate = new ManualResetEventSlim();
        var actor = Made((timers, message) =>
        {
            switch (message)
            {
                case "start":
                    timers.StartSingleTimer("k", "old", Second);
                    break;
                case "block":
                    TestActor.Tell("blocked", ActorRefs.NoSender);
                    gate.Wait();
                    timers.StartSingleTimer("k", "new", Second);
                    break;
            }
        });
        actor.Tell("start");
        actor.Tell("block");
        FishForMessage<string>(m => m == "blocked");
        Clock.Advance(Second);
        gate.Set();
        actor.Tell("end");
        Assert.DoesNotContain("old", SeenUntil("end"));
        Clock.Advance(Second);
        ExpectMsg("new");
    }

    [Fact]
    public void A_message_that_waited_through_a_restart_is_not_seen()
    {
        using var gate = new ManualResetEventSlim();
        var actor = Made((timers, message) =>
        {
            switch (message)
            {
                case "start":
                    timers.StartSingleTimer("k", "old", Second);
                    break;
                case "block":
                    TestActor.Tell("blocked", ActorRefs.NoSender);
                    gate.Wait();
                    throw new InvalidOperationException("told to");
            }
        });
        actor.Tell("start");
        actor.Tell("block");
        FishForMessage<string>(m => m == "blocked");
        Clock.Advance(Second);
        gate.Set();
        actor.Tell("end");
        Assert.DoesNotContain("old", SeenUntil("end"));
    }

    [Fact]
    public void Cancelling_all_cancels_all()
    {
        var actor = Made((timers, message) =>
        {
            switch (message)
            {
                case "start":
                    timers.StartSingleTimer("a", "one", Second);
                    timers.StartPeriodicTimer("b", "two", Second);
                    break;
                case "cancel":
                    timers.CancelAll();
                    Assert.False(timers.IsTimerActive("a"));
                    Assert.False(timers.IsTimerActive("b"));
                    break;
            }
        });
        actor.Tell("start");
        ExpectMsg("start");
        actor.Tell("cancel");
        ExpectMsg("cancel");
        Clock.Advance(Second);
        ExpectNoMsg(Short);
    }

    [Fact]
    public void A_cancelled_timer_may_start_again()
    {
        var actor = Made((timers, message) =>
        {
            if (message is not "start")
                return;
            timers.StartSingleTimer("k", "first", Second);
            timers.Cancel("k");
            timers.StartSingleTimer("k", "second", Second);
        });
        actor.Tell("start");
        ExpectMsg("start");
        Clock.Advance(Second);
        ExpectMsg("second");
        ExpectNoMsg(Short);
    }

    [Fact]
    public void A_periodic_timer_may_have_another_first_delay()
    {
        var actor = Made((timers, message) =>
        {
            if (message is "start")
                timers.StartPeriodicTimer("k", "tick", 3 * Second, Second);
        });
        actor.Tell("start");
        ExpectMsg("start");
        Clock.Advance(2 * Second);
        ExpectNoMsg(Short);
        Clock.Advance(Second);
        ExpectMsg("tick");
        Clock.Advance(Second);
        ExpectMsg("tick");
    }

    [Fact]
    public async Task A_periodic_timer_is_active_in_its_own_handler()
    {
        var active = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = Made((timers, message) =>
        {
            if (message is "start")
                timers.StartPeriodicTimer("k", "tick", Second);
            else
                active.TrySetResult(timers.IsTimerActive("k"));
        });
        actor.Tell("start");
        ExpectMsg("start");
        Clock.Advance(Second);
        ExpectMsg("tick");
        Assert.True(await active.Task.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void A_timer_may_have_a_sender()
    {
        var probe = CreateTestProbe();
        Sys.ActorOf(Props.Create(() => new SendingTimers(probe.Ref, TestActor)));
        ExpectMsg("up");
        Clock.Advance(Second);
        Assert.Equal(probe.Ref, ExpectMsg<Sent>().By);
        Assert.Equal(probe.Ref, ExpectMsg<Sent>().By);
    }

    [Fact]
    public void Two_keys_are_two_timers()
    {
        var actor = Made((timers, message) =>
        {
            if (message is not "start")
                return;
            timers.StartSingleTimer("a", "one", Second);
            timers.StartSingleTimer("b", "two", 2 * Second);
        });
        actor.Tell("start");
        ExpectMsg("start");
        Clock.Advance(Second);
        ExpectMsg("one");
        Clock.Advance(Second);
        ExpectMsg("two");
    }

    [Fact]
    public void After_the_end_no_timer_fires_not_even_as_a_dead_letter()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.DeadLetter));
        var actor = Made((timers, message) =>
        {
            if (message is "start")
                timers.StartPeriodicTimer("k", "tick", Second);
        });
        actor.Tell("start");
        ExpectMsg("start");
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        Clock.Advance(Second);
        ExpectNoMsg(Short);
    }

    [Fact]
    public void A_timers_message_can_be_put_aside()
    {
        var actor = Sys.ActorOf(Props.Create(() => new TimedStash(TestActor)));
        ExpectMsg("up");
        Clock.Advance(Second);
        actor.Tell("open");
        ExpectMsg("tick");
    }

    [Fact]
    public void A_failing_timers_message_is_what_prerestart_sees()
    {
        Sys.ActorOf(Props.Create(() => new FailsOnTick(TestActor)));
        ExpectMsg("up");
        Clock.Advance(Second);
        ExpectMsg("failed with tick");
    }

    [Fact]
    public void A_receive_timeout_comes_again_while_nothing_else_does()
    {
        var actor = Idle();
        for (var i = 0; i < 3; i++)
        {
            Clock.Advance(10 * Second);
            ExpectMsg("timeout");
            Settle(actor);
        }
    }

    [Fact]
    public void A_receive_timeout_is_gone_after_a_restart()
    {
        var actor = Idle();
        actor.Tell("fail");
        actor.Tell("ping");
        ExpectMsg("ping");
        Clock.Advance(10 * Second);
        ExpectNoMsg(Short);
    }

    [Fact]
    public void A_timer_that_does_not_influence_it_leaves_a_receive_timeout_alone()
    {
        var actor = Idle();
        actor.Tell("quiet timer");
        ExpectMsg("quiet timer");
        Settle(actor);
        Clock.Advance(5 * Second);
        ExpectMsg("quiet");
        Settle(actor);
        Clock.Advance(5 * Second);
        ExpectMsg("timeout");
    }

    [Fact]
    public void The_context_says_what_receive_timeout_is_set()
    {
        var actor = Sys.ActorOf(Relay.Of((message, context) =>
        {
            context.SetReceiveTimeout(message as TimeSpan?);
            context.Sender.Tell(context.ReceiveTimeout?.ToString() ?? "none");
        }));
        actor.Tell(Second);
        ExpectMsg(Second.ToString());
        actor.Tell("off");
        ExpectMsg("none");
    }

    private IActorRef Made(Action<ITimerScheduler, object> handle) =>
        Sys.ActorOf(Props.Create(() => new Timed(handle, TestActor)));

    /// <summary>An actor that has a receive timeout of ten seconds, counted from now.</summary>
    private IActorRef Idle()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Waiting(TestActor)));
        actor.Tell("start");
        ExpectMsg("start");
        Settle(actor);
        return actor;
    }

    /// <summary>The timeout is set again after a handler, so its message may be seen before; the answer to this comes after.</summary>
    private void Settle(IActorRef actor)
    {
        actor.Tell(new Settled());
        ExpectMsg<Settled>();
    }

    private List<object> SeenUntil(object last)
    {
        var seen = new List<object>();
        while (seen.Count == 0 || !seen[^1].Equals(last))
            seen.Add(ExpectMsg<object>());
        return seen;
    }

    private sealed record Settled : INotInfluenceReceiveTimeout;

    private sealed record Quiet : INotInfluenceReceiveTimeout;

    private sealed class Timed(Action<ITimerScheduler, object> handle, IActorRef observer) : UntypedActor, IWithTimers
    {
        public ITimerScheduler Timers { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            handle(Timers, message);
            observer.Tell(message, ActorRefs.NoSender);
        }
    }

    private sealed record Sent(IActorRef By);

    private sealed class SendingTimers(IActorRef sender, IActorRef observer) : UntypedActor, IWithTimers
    {
        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart()
        {
            Timers.StartSingleTimer("a", "tick", Second, sender);
            Timers.StartPeriodicTimer("b", "tick", Second, sender);
            observer.Tell("up", ActorRefs.NoSender);
        }

        protected override void OnReceive(object message) => observer.Tell(new Sent(Sender), ActorRefs.NoSender);
    }

    private sealed class TimedStash(IActorRef observer) : UntypedActor, IWithTimers, IWithUnboundedStash
    {
        private bool _open;

        public ITimerScheduler Timers { get; set; } = null!;

        public IStash Stash { get; set; } = null!;

        protected override void PreStart()
        {
            Timers.StartSingleTimer("k", "tick", Second);
            observer.Tell("up", ActorRefs.NoSender);
        }

        protected override void OnReceive(object message)
        {
            if (message is "open")
            {
                _open = true;
                Stash.UnstashAll();
            }
            else if (_open)
            {
                observer.Tell(message, ActorRefs.NoSender);
            }
            else
            {
                Stash.Stash();
            }
        }
    }

    private sealed class FailsOnTick(IActorRef observer) : UntypedActor, IWithTimers
    {
        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart()
        {
            Timers.StartSingleTimer("k", "tick", Second);
            observer.Tell("up", ActorRefs.NoSender);
        }

        protected override void PreRestart(Exception reason, object message) => observer.Tell($"failed with {message}", ActorRefs.NoSender);

        protected override void PostRestart(Exception reason)
        {
        }

        protected override void OnReceive(object message) => throw new InvalidOperationException("told to");
    }

    private sealed class Waiting(IActorRef observer) : UntypedActor, IWithTimers
    {
        public ITimerScheduler Timers { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "start":
                    Context.SetReceiveTimeout(10 * Second);
                    observer.Tell(message, ActorRefs.NoSender);
                    break;
                case "quiet timer":
                    Timers.StartSingleTimer("k", new Quiet(), 5 * Second);
                    observer.Tell(message, ActorRefs.NoSender);
                    break;
                case "fail":
                    throw new InvalidOperationException("told to");
                case Quiet:
                    observer.Tell("quiet", ActorRefs.NoSender);
                    break;
                case ReceiveTimeout:
                    observer.Tell("timeout", ActorRefs.NoSender);
                    break;
                default:
                    observer.Tell(message, ActorRefs.NoSender);
                    break;
            }
        }
    }
}
