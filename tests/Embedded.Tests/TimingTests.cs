using Akka.TestKit.Configs;
using Akka.TestKit.Xunit2;

namespace Embedded.Tests;

public class TimingTests() : TestKit(TestConfigs.TestSchedulerConfig)
{
    private TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void A_message_comes_when_its_time_has_come()
    {
        Clock.ScheduleTellOnce(TimeSpan.FromSeconds(10), TestActor, "x", ActorRefs.NoSender);
        Clock.Advance(TimeSpan.FromSeconds(9));
        ExpectNoMsg(TimeSpan.FromMilliseconds(30));
        Clock.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("x");
    }

    [Fact]
    public void A_repeated_message_comes_again_and_again()
    {
        Clock.ScheduleTellRepeatedly(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TestActor, "x", ActorRefs.NoSender);
        Clock.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("x");
        Clock.Advance(TimeSpan.FromSeconds(2));
        ExpectMsg("x");
        Clock.Advance(TimeSpan.FromSeconds(1));
        ExpectNoMsg(TimeSpan.FromMilliseconds(30));
    }

    [Fact]
    public void A_cancelled_message_does_not_come()
    {
        var cancelable = Clock.ScheduleTellOnceCancelable(TimeSpan.FromSeconds(1), TestActor, "x", ActorRefs.NoSender);
        cancelable.Cancel();
        Clock.Advance(TimeSpan.FromSeconds(2));
        ExpectNoMsg(TimeSpan.FromMilliseconds(30));
        Assert.True(cancelable.IsCancellationRequested);
    }

    [Fact]
    public void An_action_runs_when_its_time_has_come()
    {
        Clock.Advanced.ScheduleOnce(TimeSpan.FromSeconds(1), () => TestActor.Tell("ran", ActorRefs.NoSender));
        Clock.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("ran");
    }

    [Fact]
    public void The_clock_moves_as_told()
    {
        var before = Clock.Now;
        Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(before + TimeSpan.FromMinutes(5), Clock.Now);
    }

    [Fact]
    public void A_single_timer_fires_once()
    {
        var actor = Timed();
        actor.Tell(new Start("k", "x", null));
        ExpectMsg("ok");
        Clock.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("x False");
        Clock.Advance(TimeSpan.FromSeconds(5));
        ExpectNoMsg(TimeSpan.FromMilliseconds(30));
    }

    [Fact]
    public void A_periodic_timer_fires_until_cancelled()
    {
        var actor = Timed();
        actor.Tell(new Start("k", "x", TimeSpan.FromSeconds(1)));
        ExpectMsg("ok");
        for (var i = 0; i < 3; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            ExpectMsg("x True");
        }

        actor.Tell("cancel");
        ExpectMsg("ok");
        Clock.Advance(TimeSpan.FromSeconds(3));
        ExpectNoMsg(TimeSpan.FromMilliseconds(30));
    }

    [Fact]
    public void A_timer_of_the_same_key_replaces_the_one_before()
    {
        var actor = Timed();
        actor.Tell(new Start("k", "old", null));
        ExpectMsg("ok");
        actor.Tell(new Start("k", "new", null));
        ExpectMsg("ok");
        Clock.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("new False");
        ExpectNoMsg(TimeSpan.FromMilliseconds(30));
    }

    [Fact]
    public void A_cancelled_timers_message_is_not_seen_though_it_waits_in_the_mailbox()
    {
        using var gate = new ManualResetEventSlim();
        var actor = Timed();
        actor.Tell(new Start("k", "x", null));
        ExpectMsg("ok");
        actor.Tell(gate);
        ExpectMsg("blocked");
        Clock.Advance(TimeSpan.FromSeconds(1));
        gate.Set();
        actor.Tell("?");
        ExpectMsg("ok");
        actor.Tell("?");
        ExpectMsg("ok");
    }

    [Fact]
    public void Timers_are_gone_after_a_restart()
    {
        var actor = Timed();
        actor.Tell(new Start("k", "x", null));
        ExpectMsg("ok");
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => actor.Tell("fail"));
        actor.Tell("?");
        ExpectMsg("ok");
        Clock.Advance(TimeSpan.FromSeconds(5));
        ExpectNoMsg(TimeSpan.FromMilliseconds(30));
    }

    [Fact]
    public void Timers_work_in_the_constructor()
    {
        Sys.ActorOf(Props.Create(() => new Eager(TestActor)));
        ExpectMsg("up");
        Clock.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("tick");
    }

    [Fact]
    public void A_receive_timeout_comes_when_nothing_else_does()
    {
        var actor = Waiting();
        actor.Tell("start");
        ExpectMsg("start");
        Clock.Advance(TimeSpan.FromSeconds(10));
        ExpectMsg("timeout");
    }

    [Fact]
    public void A_message_puts_a_receive_timeout_off()
    {
        var actor = Waiting();
        actor.Tell("start");
        ExpectMsg("start");
        Clock.Advance(TimeSpan.FromSeconds(9));
        actor.Tell("more");
        ExpectMsg("more");
        actor.Tell("more");
        ExpectMsg("more");
        Clock.Advance(TimeSpan.FromSeconds(9));
        ExpectNoMsg(TimeSpan.FromMilliseconds(30));
    }

    [Fact]
    public void A_message_that_does_not_influence_it_leaves_a_receive_timeout_alone()
    {
        var actor = Waiting();
        actor.Tell("start");
        ExpectMsg("start");
        Clock.Advance(TimeSpan.FromSeconds(9));
        actor.Tell(new Quiet());
        ExpectMsg("quiet");
        Clock.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("timeout");
    }

    [Fact]
    public void A_receive_timeout_may_be_switched_off()
    {
        var actor = Waiting();
        actor.Tell("start");
        ExpectMsg("start");
        actor.Tell("off");
        ExpectMsg("off");
        Clock.Advance(TimeSpan.FromMinutes(1));
        ExpectNoMsg(TimeSpan.FromMilliseconds(30));
    }

    private IActorRef Timed() => Sys.ActorOf(Props.Create(() => new TimedActor()));

    private IActorRef Waiting() => Sys.ActorOf(Props.Create(() => new WaitingActor(TestActor)));

    private sealed record Start(string Key, string Message, TimeSpan? Interval);

    private sealed record Quiet : INotInfluenceReceiveTimeout;

    private sealed class TimedActor : UntypedActor, IWithTimers
    {
        private IActorRef _starter = ActorRefs.Nobody;

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Start { Interval: { } interval } start:
                    _starter = Sender;
                    Timers.StartPeriodicTimer(start.Key, start.Message, interval);
                    Sender.Tell("ok");
                    break;
                case Start start:
                    _starter = Sender;
                    Timers.StartSingleTimer(start.Key, start.Message, TimeSpan.FromSeconds(1));
                    Sender.Tell("ok");
                    break;
                case "cancel":
                    Timers.Cancel("k");
                    Sender.Tell("ok");
                    break;
                case "fail":
                    throw new InvalidOperationException("told to");
                case "?":
                    Sender.Tell("ok");
                    break;
                case ManualResetEventSlim gate:
                    Sender.Tell("blocked");
                    gate.Wait();
                    Timers.Cancel("k");
                    break;
                default:
                    _starter.Tell($"{message} {Timers.IsTimerActive("k")}");
                    break;
            }
        }
    }

    private sealed class Eager : UntypedActor, IWithTimers
    {
        private readonly IActorRef _observer;

        public Eager(IActorRef observer)
        {
            _observer = observer;
            Timers.StartSingleTimer("k", "tick", TimeSpan.FromSeconds(1));
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => _observer.Tell("up");

        protected override void OnReceive(object message) => _observer.Tell(message);
    }

    private sealed class WaitingActor(IActorRef observer) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "start":
                    Context.SetReceiveTimeout(TimeSpan.FromSeconds(10));
                    observer.Tell(message);
                    break;
                case "off":
                    Context.SetReceiveTimeout(null);
                    observer.Tell(message);
                    break;
                case ReceiveTimeout:
                    observer.Tell("timeout");
                    break;
                case Quiet:
                    observer.Tell("quiet");
                    break;
                default:
                    observer.Tell(message);
                    break;
            }
        }
    }
}
