using Akka.Pattern;
using Akka.TestKit.Configs;
using Akka.TestKit.Xunit2;

namespace Embedded.Tests;

public class BackoffSupervisorTests() : TestKit(TestConfigs.TestSchedulerConfig)
{
    private static readonly TimeSpan Min = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(4);

    private TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void A_child_that_stops_is_started_again_after_the_delay()
    {
        var supervisor = Supervised(OnStop());
        ExpectMsg("up");
        supervisor.Tell("stop");
        AwaitNoChild(supervisor);
        ExpectNoMsg(TimeSpan.FromMilliseconds(30));
        Clock.Advance(Min);
        ExpectMsg("up");
    }

    [Fact]
    public void A_child_that_fails_is_started_again_after_the_delay()
    {
        var supervisor = Supervised(OnFailure());
        ExpectMsg("up");
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => supervisor.Tell("fail"));
        AwaitNoChild(supervisor);
        Clock.Advance(Min);
        ExpectMsg("up");
    }

    [Fact]
    public void On_failure_a_child_that_stops_by_itself_stops_the_supervisor()
    {
        var supervisor = Supervised(OnFailure());
        ExpectMsg("up");
        Watch(supervisor);
        supervisor.Tell("stop");
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void The_delay_doubles_up_to_its_cap()
    {
        var supervisor = Supervised(OnStop().WithManualReset());
        ExpectMsg("up");
        foreach (var seconds in new[] { 1, 2, 4, 4 })
        {
            supervisor.Tell("stop");
            AwaitNoChild(supervisor);
            Clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            ExpectNoMsg(TimeSpan.FromMilliseconds(30));
            Clock.Advance(TimeSpan.FromMilliseconds(1));
            ExpectMsg("up");
        }
    }

    [Fact]
    public void Restarts_are_counted_and_forgotten_on_reset()
    {
        var supervisor = Supervised(OnStop().WithManualReset());
        ExpectMsg("up");
        supervisor.Tell("stop");
        AwaitNoChild(supervisor);
        supervisor.Tell(BackoffSupervisor.GetRestartCount.Instance);
        Assert.Equal(1, ExpectMsg<BackoffSupervisor.RestartCount>().Count);
        Clock.Advance(Min);
        ExpectMsg("up");
        supervisor.Tell(BackoffSupervisor.Reset.Instance);
        supervisor.Tell(BackoffSupervisor.GetRestartCount.Instance);
        Assert.Equal(0, ExpectMsg<BackoffSupervisor.RestartCount>().Count);
    }

    [Fact]
    public void Messages_reach_the_child_and_its_answers_the_asker()
    {
        var supervisor = Supervised(OnStop());
        ExpectMsg("up");
        supervisor.Tell("hello");
        ExpectMsg("child got hello");
    }

    [Fact]
    public void The_current_child_is_told()
    {
        var supervisor = Supervised(OnStop());
        ExpectMsg("up");
        supervisor.Tell(BackoffSupervisor.GetCurrentChild.Instance);
        Assert.Equal("child", ExpectMsg<BackoffSupervisor.CurrentChild>().Ref.Path.Name);
    }

    [Fact]
    public void While_the_child_is_away_the_reply_says_so()
    {
        var supervisor = Supervised(OnStop().WithReplyWhileStopped("away"));
        ExpectMsg("up");
        supervisor.Tell("stop");
        AwaitNoChild(supervisor);
        supervisor.Tell("hello");
        ExpectMsg("away");
    }

    [Fact]
    public void Bad_options_are_refused()
    {
        var child = Props.Create(() => new Child(TestActor));
        Assert.ThrowsAny<ArgumentException>(() => BackoffSupervisor.Props(Backoff.OnStop(child, "c", TimeSpan.Zero, Max, 0, -1)));
        Assert.ThrowsAny<ArgumentException>(() => BackoffSupervisor.Props(Backoff.OnStop(child, "c", Max, Min, 0, -1)));
        Assert.ThrowsAny<ArgumentException>(() => BackoffSupervisor.Props(Backoff.OnStop(child, "c", Min, Max, 2, -1)));
    }

    [Fact]
    public void After_its_retries_the_supervisor_ends()
    {
        var supervisor = Watch(Supervised(OnStop().WithManualReset().WithMaxNrOfRetries(2)));
        ExpectMsg("up");
        foreach (var seconds in new[] { 1, 2 })
        {
            supervisor.Tell("stop");
            AwaitNoChild(supervisor);
            Clock.Advance(TimeSpan.FromSeconds(seconds));
            ExpectMsg("up");
        }

        supervisor.Tell("stop");
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void A_child_that_lives_long_enough_is_forgiven()
    {
        var supervisor = Supervised(OnStop().WithAutoReset(TimeSpan.FromSeconds(10)));
        ExpectMsg("up");
        supervisor.Tell("stop");
        AwaitNoChild(supervisor);
        Clock.Advance(Min);
        ExpectMsg("up");
        Assert.Equal(1, RestartsOf(supervisor));
        Clock.Advance(TimeSpan.FromSeconds(10));
        AwaitAssert(() => Assert.Equal(0, RestartsOf(supervisor)));
    }

    [Fact]
    public void Jitter_adds_no_more_than_its_part()
    {
        var supervisor = Supervised(
            Backoff.OnStop(Props.Create(() => new Child(TestActor)), "child", Min, Min, 0.5, -1).WithManualReset());
        ExpectMsg("up");
        for (var i = 0; i < 10; i++)
        {
            supervisor.Tell("stop");
            AwaitNoChild(supervisor);
            Clock.Advance(Min - TimeSpan.FromMilliseconds(1));
            ExpectNoMsg(TimeSpan.FromMilliseconds(20));
            Clock.Advance((0.5 * Min) + TimeSpan.FromMilliseconds(2));
            ExpectMsg("up");
        }
    }

    [Fact]
    public void A_failure_that_the_strategy_stops_is_waited_after()
    {
        var supervisor = Supervised(OnStop().WithDefaultStoppingStrategy());
        ExpectMsg("up");
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => supervisor.Tell("fail"));
        AwaitNoChild(supervisor);
        ExpectNoMsg(TimeSpan.FromMilliseconds(30));
        Clock.Advance(Min);
        ExpectMsg("up");
    }

    [Fact]
    public void On_failure_the_strategy_may_end_it()
    {
        var supervisor = Watch(Supervised(OnFailure().WithSupervisorStrategy(new OneForOneStrategy(_ => Directive.Stop))));
        ExpectMsg("up");
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => supervisor.Tell("fail"));
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void On_failure_the_delay_doubles_too()
    {
        var supervisor = Supervised(OnFailure().WithManualReset());
        ExpectMsg("up");
        foreach (var seconds in new[] { 1, 2, 4, 4 })
        {
            EventFilter.Exception<InvalidOperationException>().ExpectOne(() => supervisor.Tell("fail"));
            AwaitNoChild(supervisor);
            Clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            ExpectNoMsg(TimeSpan.FromMilliseconds(20));
            Clock.Advance(TimeSpan.FromMilliseconds(1));
            ExpectMsg("up");
        }
    }

    [Fact]
    public void A_new_child_is_another_actor()
    {
        var supervisor = Supervised(OnStop());
        ExpectMsg("up");
        var first = CurrentOf(supervisor);
        supervisor.Tell("stop");
        AwaitNoChild(supervisor);
        Clock.Advance(Min);
        ExpectMsg("up");
        Assert.NotEqual(first, CurrentOf(supervisor));
    }

    [Fact]
    public void The_final_message_ends_child_and_supervisor()
    {
        var supervisor = Watch(Supervised(OnStop().WithFinalStopMessage(message => message is "stop")));
        ExpectMsg("up");
        supervisor.Tell("stop");
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void While_the_child_is_away_messages_are_dead()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.DeadLetter));
        var supervisor = Supervised(OnStop());
        ExpectMsg("up");
        supervisor.Tell("stop");
        AwaitNoChild(supervisor);
        supervisor.Tell("hello");
        FishForMessage<Akka.Event.DeadLetter>(letter => letter.Message is "hello");
    }

    [Fact]
    public void Ending_the_supervisor_ends_the_child()
    {
        var supervisor = Supervised(OnStop());
        ExpectMsg("up");
        var child = Watch(CurrentOf(supervisor));
        Sys.Stop(supervisor);
        ExpectTerminated(child);
    }

    private static int RestartsOf(IActorRef supervisor) =>
        supervisor.Ask<BackoffSupervisor.RestartCount>(BackoffSupervisor.GetRestartCount.Instance, TimeSpan.FromSeconds(10)).Result.Count;

    private static IActorRef CurrentOf(IActorRef supervisor) =>
        supervisor.Ask<BackoffSupervisor.CurrentChild>(BackoffSupervisor.GetCurrentChild.Instance, TimeSpan.FromSeconds(10)).Result.Ref;

    private BackoffOptions OnStop() => Backoff.OnStop(Props.Create(() => new Child(TestActor)), "child", Min, Max, 0, -1);

    private BackoffOptions OnFailure() => Backoff.OnFailure(Props.Create(() => new Child(TestActor)), "child", Min, Max, 0, -1);

    private IActorRef Supervised(BackoffOptions options) => Sys.ActorOf(BackoffSupervisor.Props(options));

    private void AwaitNoChild(IActorRef supervisor) =>
        AwaitAssert(() =>
        {
            var child = supervisor.Ask<BackoffSupervisor.CurrentChild>(BackoffSupervisor.GetCurrentChild.Instance).Result.Ref;
            Assert.True(child.IsNobody());
        });

    private sealed class Child(IActorRef observer) : UntypedActor
    {
        protected override void PreStart() => observer.Tell("up", ActorRefs.NoSender);

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "stop":
                    Context.Stop(Self);
                    break;
                case "fail":
                    throw new InvalidOperationException("told to");
                default:
                    Sender.Tell($"child got {message}");
                    break;
            }
        }
    }
}
