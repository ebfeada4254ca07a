using System.Collections.Concurrent;
using Akka.TestKit.Xunit2;

namespace Embedded.Tests;

public class MessagingTests : TestKit
{
    [Fact]
    public void Order_is_kept_between_a_sender_and_a_receiver()
    {
        for (var round = 0; round < Stress.Rounds(5); round++)
        {
            var actor = Sys.ActorOf(Relay.Of((message, context) => context.Sender.Tell(message)));
            for (var i = 0; i < 500; i++)
                actor.Tell(i);
            Assert.Equal(Enumerable.Range(0, 500), ReceiveN(500).Cast<int>());
        }
    }

    [Fact]
    public void An_actor_knows_how_many_messages_wait_behind_the_one_it_handles()
    {
        using var gate = new ManualResetEventSlim();
        var actor = Sys.ActorOf(Relay.Of((message, context) =>
        {
            if (message is "wait")
                gate.Wait();
            else
                context.Sender.Tell(((ICell)context).NumberOfMessages);
        }));
        actor.Tell("wait");
        for (var i = 0; i < 20; i++)
            actor.Tell(i);
        gate.Set();
        Assert.Equal(Enumerable.Range(0, 20).Reverse(), ReceiveN(20).Cast<int>());
    }

    [Fact]
    public async Task One_message_is_handled_at_a_time()
    {
        for (var round = 0; round < Stress.Rounds(5); round++)
        {
            var inside = 0;
            var most = 0;
            var left = 4_000;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var actor = Sys.ActorOf(Relay.Of((_, _) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref inside));
                Interlocked.Decrement(ref inside);
                if (--left == 0)
                    done.SetResult();
            }));
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                for (var i = 0; i < 1_000; i++)
                    actor.Tell(i, ActorRefs.NoSender);
            })));
            await done.Task.WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal(1, most);
        }
    }

    [Fact]
    public async Task Every_sender_finds_its_own_order_kept()
    {
        for (var round = 0; round < Stress.Rounds(5); round++)
        {
            var seen = new ConcurrentDictionary<int, int>();
            var broken = 0;
            var left = 8 * 500;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var actor = Sys.ActorOf(Relay.Of((message, _) =>
            {
                var (sender, number) = ((int, int))message;
                if (seen.GetValueOrDefault(sender, -1) != number - 1)
                    broken++;
                seen[sender] = number;
                if (--left == 0)
                    done.SetResult();
            }));
            await Task.WhenAll(Enumerable.Range(0, 8).Select(sender => Task.Run(() =>
            {
                for (var i = 0; i < 500; i++)
                    actor.Tell((sender, i), ActorRefs.NoSender);
            })));
            await done.Task.WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal(0, broken);
        }
    }

    [Fact]
    public async Task No_wake_up_is_lost()
    {
        var actor = Sys.ActorOf(Relay.Of((message, context) => context.Sender.Tell(message)));
        for (var i = 0; i < Stress.Rounds(2_000); i++)
            Assert.Equal(i, await actor.Ask<int>(i, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_flooded_actor_does_not_starve_another()
    {
        using var stop = new CancellationTokenSource();
        var chatter = Enumerable.Range(0, Environment.ProcessorCount * 4).Select(_ => Sys.ActorOf(Relay.Of((message, context) =>
        {
            if (!stop.IsCancellationRequested)
                context.Self.Tell(message);
        }))).ToArray();
        foreach (var actor in chatter)
        {
            for (var i = 0; i < 20; i++)
                actor.Tell(i, ActorRefs.NoSender);
        }

        var quiet = Sys.ActorOf(Relay.Of((message, context) => context.Sender.Tell(message)));
        for (var i = 0; i < 20; i++)
            Assert.Equal(i, await quiet.Ask<int>(i, TimeSpan.FromSeconds(10)));
        await stop.CancelAsync();
    }

    [Fact]
    public void Null_is_no_message()
    {
        var actor = Sys.ActorOf(Relay.Of((_, _) => { }));
        Assert.Throws<InvalidMessageException>(() => actor.Tell(null!, ActorRefs.NoSender));
    }

    [Fact]
    public void The_sender_is_the_test_actor_in_a_test() => AssertSender(actor => actor.Tell("x"), TestActor);

    [Fact]
    public void Without_a_sender_it_is_dead_letters() => AssertSender(actor => actor.Tell("x", ActorRefs.NoSender), Sys.DeadLetters);

    [Fact]
    public void An_explicit_sender_is_kept()
    {
        var probe = CreateTestProbe();
        AssertSender(actor => actor.Tell("x", probe.Ref), probe.Ref);
    }

    [Fact]
    public void Forward_keeps_the_first_sender()
    {
        var last = Sys.ActorOf(Relay.Of((_, context) => context.Sender.Tell("from the last")));
        var first = Sys.ActorOf(Relay.Of((message, _) => last.Forward(message)));
        first.Tell("x");
        ExpectMsg("from the last");
        Assert.Equal(last, LastSender);
    }

    [Fact]
    public void Identify_is_answered_by_any_actor()
    {
        var actor = Sys.ActorOf(Relay.Of((_, _) => { }));
        actor.Tell(new Identify(17));
        var identity = ExpectMsg<ActorIdentity>();
        Assert.Equal(17, identity.MessageId);
        Assert.Equal(actor, identity.Subject);
    }

    [Fact]
    public void Become_replaces_the_top_of_the_stack_only()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Stacked()));
        actor.Tell("?");
        ExpectMsg("zero");
        actor.Tell("push one");
        actor.Tell("push two");
        actor.Tell("?");
        ExpectMsg("two");
        actor.Tell("become three");
        actor.Tell("?");
        ExpectMsg("three");
        actor.Tell("pop");
        actor.Tell("?");
        ExpectMsg("one");
        actor.Tell("pop");
        actor.Tell("?");
        ExpectMsg("zero");
        actor.Tell("pop");
        actor.Tell("?");
        ExpectMsg("zero");
    }

    [Fact]
    public void Unbecome_after_become_gives_the_initial_behaviour_back()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Stacked()));
        actor.Tell("become one");
        actor.Tell("?");
        ExpectMsg("one");
        actor.Tell("pop");
        actor.Tell("?");
        ExpectMsg("zero");
    }

    [Fact]
    public void A_restart_gives_the_initial_behaviour_back()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Stacked()));
        actor.Tell("push one");
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => actor.Tell("fail"));
        actor.Tell("?");
        ExpectMsg("zero");
    }

    private void AssertSender(Action<IActorRef> tell, IActorRef expected)
    {
        var actor = Sys.ActorOf(Relay.Of((_, context) => TestActor.Tell(new Saw(context.Sender), ActorRefs.NoSender)));
        tell(actor);
        Assert.Equal(expected, ExpectMsg<Saw>().Sender);
    }

    private sealed record Saw(IActorRef Sender);

    private sealed class Stacked : UntypedActor
    {
        protected override void OnReceive(object message) => Answer("zero", message);

        private void Answer(string name, object message)
        {
            switch (message)
            {
                case "?":
                    Sender.Tell(name);
                    break;
                case "pop":
                    UnbecomeStacked();
                    break;
                case "fail":
                    throw new InvalidOperationException("told to");
                case string text when text.StartsWith("push ", StringComparison.Ordinal):
                    BecomeStacked((object m) => Answer(text[5..], m));
                    break;
                case string text when text.StartsWith("become ", StringComparison.Ordinal):
                    Become((object m) => Answer(text[7..], m));
                    break;
            }
        }
    }
}
