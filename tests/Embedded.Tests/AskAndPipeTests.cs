using Akka.Event;
using Akka.TestKit.Xunit2;

namespace Embedded.Tests;

public class AskAndPipeTests : TestKit
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task An_answer_comes_back() => Assert.Equal("x", await Echo().Ask<string>("x", Long));

    [Fact]
    public async Task An_answer_comes_back_untyped() => Assert.Equal("x", await Echo().Ask("x", Long));

    [Fact]
    public async Task No_answer_is_a_timeout() =>
        await Assert.ThrowsAsync<AskTimeoutException>(() => Silent().Ask<string>("x", TimeSpan.FromMilliseconds(50)));

    [Fact]
    public async Task A_cancelled_question_is_cancelled()
    {
        using var source = new CancellationTokenSource();
        var question = Silent().Ask<string>("x", Long, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => question);
    }

    [Fact]
    public async Task A_failure_throws_its_very_cause()
    {
        var cause = new InvalidOperationException("no");
        var actor = Sys.ActorOf(Relay.Of((_, context) => context.Sender.Tell(new Status.Failure(cause))));
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => actor.Ask<string>("x", Long));
        Assert.Same(cause, thrown);
    }

    [Fact]
    public async Task A_failure_may_be_asked_for()
    {
        var actor = Sys.ActorOf(Relay.Of((_, context) => context.Sender.Tell(new Status.Failure(new InvalidOperationException("no")))));
        Assert.Equal("no", (await actor.Ask<Status.Failure>("x", Long)).Cause.Message);
    }

    [Fact]
    public async Task An_answer_of_the_wrong_type_throws() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Echo().Ask<int>("x", Long));

    [Fact]
    public async Task A_second_answer_is_a_dead_letter()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        var actor = Sys.ActorOf(Relay.Of((_, context) =>
        {
            context.Sender.Tell(1);
            context.Sender.Tell(2);
        }));
        Assert.Equal(1, await actor.Ask<int>("x", Long));
        Assert.Equal(2, FishForMessage<DeadLetter>(d => d.Message is 2).Message);
    }

    [Fact]
    public async Task Many_questions_find_their_own_answers()
    {
        var echo = Echo();
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => echo.Ask<int>(i, Long)));
        Assert.Equal(Enumerable.Range(0, 500), answers);
    }

    [Fact]
    public async Task A_question_may_carry_the_asker()
    {
        var actor = Sys.ActorOf(Relay.Of((message, _) => ((IActorRef)message).Tell("direct")));
        Assert.Equal("direct", await actor.Ask<string>(asker => asker, Long, CancellationToken.None));
    }

    [Fact]
    public async Task A_selection_may_be_asked()
    {
        Sys.ActorOf(Relay.Of((message, context) => context.Sender.Tell(message)), "asked");
        Assert.Equal("x", await Sys.ActorSelection("/user/asked").Ask<string>("x", Long));
    }

    [Fact]
    public void A_result_is_piped()
    {
        Task.FromResult("x").PipeTo(TestActor);
        ExpectMsg("x");
    }

    [Fact]
    public void A_result_is_piped_changed()
    {
        Task.FromResult(1).PipeTo(TestActor, success: n => $"number {n}");
        ExpectMsg("number 1");
    }

    [Fact]
    public void A_failure_is_piped()
    {
        Task.FromException<int>(new InvalidOperationException("no")).PipeTo(TestActor);
        Assert.Equal("no", ExpectMsg<Status.Failure>().Cause.Message);
    }

    [Fact]
    public void A_failure_is_piped_changed()
    {
        Task.FromException<int>(new InvalidOperationException("no")).PipeTo(TestActor, failure: e => e.Message);
        ExpectMsg("no");
    }

    [Fact]
    public void A_plain_task_sends_nothing_unless_told()
    {
        Task.CompletedTask.PipeTo(TestActor);
        Task.CompletedTask.PipeTo(TestActor, success: () => "done");
        ExpectMsg("done");
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void The_sender_of_what_is_piped_may_be_given()
    {
        var probe = CreateTestProbe();
        Task.FromResult("x").PipeTo(TestActor, probe.Ref);
        ExpectMsg("x");
        Assert.Equal(probe.Ref, LastSender);
    }

    [Fact]
    public async Task Graceful_stop_says_false_when_time_is_over()
    {
        using var gate = new ManualResetEventSlim();
        var actor = Sys.ActorOf(Relay.Of((_, context) =>
        {
            context.Sender.Tell("busy");
            gate.Wait();
        }));
        actor.Tell("x");
        ExpectMsg("busy");
        Assert.False(await actor.GracefulStop(TimeSpan.FromMilliseconds(50)));
        gate.Set();
    }

    [Fact]
    public async Task A_late_answer_is_a_dead_letter()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        var asker = ActorRefs.NoSender;
        var actor = Sys.ActorOf(Relay.Of((message, context) =>
        {
            if (message is "question")
                asker = context.Sender;
            else
                asker.Tell("late");
        }));
        await Assert.ThrowsAsync<AskTimeoutException>(() => actor.Ask<string>("question", TimeSpan.FromMilliseconds(50)));
        actor.Tell("answer now");
        FishForMessage<DeadLetter>(letter => letter.Message is "late");
    }

    [Fact]
    public async Task A_question_cancelled_beforehand_is_cancelled() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Silent().Ask<string>("x", Long, new CancellationToken(canceled: true)));

    [Fact]
    public async Task A_token_alone_will_do()
    {
        using var source = new CancellationTokenSource();
        var question = Silent().Ask<string>("x", source.Token);
        Assert.False(question.IsCompleted);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => question);
    }

    [Fact]
    public async Task A_success_is_an_answer_like_any_other()
    {
        var actor = Sys.ActorOf(Relay.Of((_, context) => context.Sender.Tell(new Status.Success("well"))));
        Assert.Equal("well", (await actor.Ask<Status.Success>("x", Long)).Status);
    }

    [Fact]
    public async Task A_base_type_may_be_asked_for() => Assert.Equal("x", await Echo().Ask<IComparable>("x", Long));

    [Fact]
    public void An_actor_may_pipe_its_answer_to_itself()
    {
        var actor = Sys.ActorOf(Relay.Of((message, context) =>
        {
            if (message is "go")
                Task.Run(() => 42).PipeTo(context.Self);
            else
                TestActor.Tell((message, context.Sender.Equals(context.System.DeadLetters)), ActorRefs.NoSender);
        }));
        actor.Tell("go");
        ExpectMsg<(object, bool)>(((object)42, true));
    }

    [Fact]
    public void A_cancelled_task_is_piped_as_a_failure()
    {
        Task.FromCanceled<int>(new CancellationToken(canceled: true)).PipeTo(TestActor);
        Assert.IsAssignableFrom<OperationCanceledException>(ExpectMsg<Status.Failure>().Cause);
    }

    [Fact]
    public void The_failure_of_a_plain_task_is_piped()
    {
        Task.FromException(new InvalidOperationException("no")).PipeTo(TestActor);
        Assert.Equal("no", ExpectMsg<Status.Failure>().Cause.Message);
    }

    [Fact]
    public void A_value_task_is_piped()
    {
        new ValueTask<string>("x").PipeTo(TestActor);
        ExpectMsg("x");
    }

    [Fact]
    public void A_task_that_ends_later_is_piped_then()
    {
        var source = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        source.Task.PipeTo(TestActor);
        ExpectNoMsg(TimeSpan.FromMilliseconds(30));
        source.SetResult("at last");
        ExpectMsg("at last");
    }

    [Fact]
    public async Task The_configuration_sets_how_long_an_answer_is_waited_for()
    {
        var system = ActorSystem.Create("asking", "akka.actor.ask-timeout = 50ms");
        var silent = system.ActorOf(Relay.Of((_, _) => { }));
        await Assert.ThrowsAsync<AskTimeoutException>(() => silent.Ask<string>("x"));
        await system.Terminate().WaitAsync(Long);
    }

    [Fact]
    public async Task Questions_and_their_ends_race_without_harm()
    {
        for (var round = 0; round < Stress.Rounds(50); round++)
        {
            using var source = new CancellationTokenSource();
            var question = Echo().Ask<int>(round, TimeSpan.FromSeconds(30), source.Token);
            var cancelling = Task.Run(source.Cancel);
            try
            {
                Assert.Equal(round, await question);
            }
            catch (OperationCanceledException)
            {
                Assert.True(source.IsCancellationRequested);
            }

            await cancelling;
        }
    }

    private IActorRef Echo() => Sys.ActorOf(Relay.Of((message, context) => context.Sender.Tell(message)));

    private IActorRef Silent() => Sys.ActorOf(Relay.Of((_, _) => { }));
}
