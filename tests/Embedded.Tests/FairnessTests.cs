using System.Collections.Concurrent;

namespace Embedded.Tests;

/// <summary>Concurrency on systems of their own, repeated as often as the stress asks for.</summary>
public class FairnessTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_ring_passes_its_token_on_without_end()
    {
        var system = ActorSystem.Create("ring");
        var rounds = Stress.Rounds(200);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef next = system.ActorOf(Relay.Of((message, context) =>
        {
            if (message is not (int left, IActorRef first))
                return;
            if (left == 0)
                done.SetResult();
            else
                first.Tell((left - 1, first), context.Self);
        }));
        for (var i = 0; i < 50; i++)
        {
            var after = next;
            next = system.ActorOf(Relay.Of((message, context) => after.Tell(message, context.Self)));
        }

        next.Tell((rounds, next), ActorRefs.NoSender);
        await done.Task.WaitAsync(Long);
        await system.Terminate().WaitAsync(Long);
    }

    [Fact]
    public async Task Every_message_of_many_senders_arrives_at_many_receivers()
    {
        for (var round = 0; round < Stress.Rounds(3); round++)
        {
            var system = ActorSystem.Create("many");
            const int receivers = 20;
            const int messages = 2_000;
            var counts = new int[receivers];
            var left = receivers;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var actors = Enumerable.Range(0, receivers).Select(i => system.ActorOf(Relay.Of((_, _) =>
            {
                if (++counts[i] == messages && Interlocked.Decrement(ref left) == 0)
                    done.SetResult();
            }))).ToArray();
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                for (var i = 0; i < messages / 4; i++)
                {
                    foreach (var actor in actors)
                        actor.Tell(i, ActorRefs.NoSender);
                }
            })));
            await done.Task.WaitAsync(Long);
            await system.Terminate().WaitAsync(Long);
            Assert.All(counts, count => Assert.Equal(messages, count));
        }
    }

    [Fact]
    public async Task Actors_that_come_and_go_leave_nothing_behind()
    {
        for (var round = 0; round < Stress.Rounds(3); round++)
        {
            var system = ActorSystem.Create("coming");
            var stopped = new ConcurrentBag<int>();
            var parent = system.ActorOf(Relay.Of((message, context) =>
            {
                switch (message)
                {
                    case int number:
                        var child = context.ActorOf(Relay.Of((_, _) => { }), $"child-{number}");
                        context.WatchWith(child, number.ToString(System.Globalization.CultureInfo.InvariantCulture));
                        child.Tell(PoisonPill.Instance);
                        break;
                    case string number:
                        stopped.Add(int.Parse(number, System.Globalization.CultureInfo.InvariantCulture));
                        break;
                    default:
                        context.Sender.Tell((stopped.Count, context.GetChildren().Count()));
                        break;
                }
            }));
            for (var i = 0; i < 300; i++)
                parent.Tell(i, ActorRefs.NoSender);
            var answer = (0, 1);
            while (answer != (300, 0))
                answer = await parent.Ask<(int, int)>(new object(), Long);
            await system.Terminate().WaitAsync(Long);
        }
    }

    [Fact]
    public async Task Failures_and_messages_mixed_lose_no_message()
    {
        for (var round = 0; round < Stress.Rounds(3); round++)
        {
            var system = ActorSystem.Create("failing", "akka.loglevel = OFF, akka.stdout-loglevel = OFF");
            var seen = 0;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var actor = system.ActorOf(Relay.Of((message, _) =>
            {
                if (message is "fail")
                    throw new InvalidOperationException("told to");
                if (++seen == 500)
                    done.SetResult();
            }));
            await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() =>
            {
                for (var i = 0; i < 100; i++)
                {
                    actor.Tell(i, ActorRefs.NoSender);
                    if (i % 10 == 0)
                        actor.Tell("fail", ActorRefs.NoSender);
                }
            })));
            await done.Task.WaitAsync(Long);
            await system.Terminate().WaitAsync(Long);
        }
    }

    /// <summary>
    /// Actors that are never idle share the threads with one that gets a message now and then. The bound: an actor that has
    /// something to do runs after those that were waiting before it, and none of these holds its thread for more than 65 turns
    /// of 30 messages. The median, because the machine may take any thread away at any moment.
    /// </summary>
    [Fact]
    public async Task Flooded_actors_do_not_starve_another()
    {
        const int flooded = 12;
        const int bound = flooded * 65 * 30;
        var system = ActorSystem.Create("starving");
        var handled = 0L;
        for (var i = 0; i < flooded; i++)
        {
            var busy = system.ActorOf(Relay.Of((message, context) =>
            {
                Interlocked.Increment(ref handled);
                context.Self.Tell(message);
            }));
            for (var k = 0; k < 100; k++)
                busy.Tell(k, ActorRefs.NoSender);
        }

        var waits = new List<long>();
        var victim = system.ActorOf(Relay.Of((message, context) => context.Sender.Tell(Interlocked.Read(ref handled) - (long)message)));
        for (var round = 0; round < Stress.Rounds(101); round++)
            waits.Add(await victim.Ask<long>(Interlocked.Read(ref handled), Long));
        await system.Terminate().WaitAsync(Long);
        waits.Sort();
        Assert.InRange(waits[waits.Count / 2], 0, bound);
    }

    [Fact]
    public async Task Pairs_that_never_rest_do_not_starve_another()
    {
        const int pairs = 12;
        const int bound = pairs * 65 * 30;
        var system = ActorSystem.Create("pairs");
        var handled = 0L;
        for (var i = 0; i < pairs; i++)
        {
            var back = system.ActorOf(Relay.Of((message, context) =>
            {
                Interlocked.Increment(ref handled);
                context.Sender.Tell(message, context.Self);
            }));
            var forth = system.ActorOf(Relay.Of((message, context) =>
            {
                Interlocked.Increment(ref handled);
                back.Tell(message, context.Self);
            }));
            forth.Tell(i, ActorRefs.NoSender);
        }

        var waits = new List<long>();
        var victim = system.ActorOf(Relay.Of((message, context) => context.Sender.Tell(Interlocked.Read(ref handled) - (long)message)));
        for (var round = 0; round < Stress.Rounds(101); round++)
            waits.Add(await victim.Ask<long>(Interlocked.Read(ref handled), Long));
        await system.Terminate().WaitAsync(Long);
        waits.Sort();
        Assert.InRange(waits[waits.Count / 2], 0, bound);
    }

    [Fact]
    public async Task An_actor_that_waits_for_one_it_has_woken_does_not_wait_for_ever()
    {
        var system = ActorSystem.Create("waiting");
        using var woken = new SemaphoreSlim(0);
        var other = system.ActorOf(Relay.Of((_, _) => woken.Release()));
        var waiting = system.ActorOf(Relay.Of((_, context) =>
        {
            other.Tell("wake", context.Self);
            context.Sender.Tell(woken.Wait(Long));
        }));
        for (var round = 0; round < Stress.Rounds(10); round++)
            Assert.True(await waiting.Ask<bool>("go", Long));
        await system.Terminate().WaitAsync(Long);
    }

    [Fact]
    public async Task An_actor_that_waits_for_all_of_many_it_has_woken_does_not_wait_for_ever()
    {
        // Fewer and more than wait on one thread.
        foreach (var count in new[] { 2, 9, 20 })
        {
            var system = ActorSystem.Create("waiting");
            using var woken = new SemaphoreSlim(0);
            var others = Enumerable.Range(0, count).Select(_ => system.ActorOf(Relay.Of((_, _) => woken.Release()))).ToArray();
            var waiting = system.ActorOf(Relay.Of((_, context) =>
            {
                foreach (var other in others)
                    other.Tell("wake", context.Self);
                context.Sender.Tell(others.All(_ => woken.Wait(Long)));
            }));
            for (var round = 0; round < Stress.Rounds(10); round++)
                Assert.True(await waiting.Ask<bool>("go", Long));
            await system.Terminate().WaitAsync(Long);
        }
    }

    [Fact]
    public async Task Who_is_woken_by_a_pair_that_never_rests_has_its_turn()
    {
        var system = ActorSystem.Create("third");
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = 10_000;
        var third = system.ActorOf(Relay.Of((_, _) =>
        {
            if (--left == 0)
                reached.SetResult();
        }));
        var back = system.ActorOf(Relay.Of((message, context) => context.Sender.Tell(message, context.Self)));
        var forth = system.ActorOf(Relay.Of((message, context) =>
        {
            back.Tell(message, context.Self);
            third.Tell(message, context.Self);
        }));
        forth.Tell("go", ActorRefs.NoSender);
        await reached.Task.WaitAsync(Long);
        await system.Terminate().WaitAsync(Long);
    }

    [Fact]
    public async Task An_actor_may_wait_for_the_answer_to_its_question()
    {
        var system = ActorSystem.Create("asking");
        var other = system.ActorOf(Relay.Of((message, context) => context.Sender.Tell(message)));
        var asking = system.ActorOf(Relay.Of((message, context) =>
        {
            var answer = other.Ask<object>(message, Long);
            ((IAsyncResult)answer).AsyncWaitHandle.WaitOne(Long);
            context.Sender.Tell(answer.IsCompletedSuccessfully);
        }));
        for (var round = 0; round < Stress.Rounds(50); round++)
            Assert.True(await asking.Ask<bool>(round, Long));
        await system.Terminate().WaitAsync(Long);
    }

    [Fact]
    public async Task Ambient_values_of_an_actor_do_not_reach_the_one_it_tells()
    {
        var system = ActorSystem.Create("ambient");
        var ambient = new AsyncLocal<string>();
        var last = system.ActorOf(Relay.Of((message, context) => ((IActorRef)message).Tell(ambient.Value ?? "none")));
        var first = system.ActorOf(Relay.Of((_, context) =>
        {
            ambient.Value = "mine";
            last.Tell(context.Sender, context.Self);
        }));
        for (var round = 0; round < Stress.Rounds(50); round++)
            Assert.Equal("none", await first.Ask<string>("go", Long));
        await system.Terminate().WaitAsync(Long);
    }

    [Fact]
    public async Task A_message_that_meets_an_actor_on_its_way_to_sleep_wakes_it()
    {
        var system = ActorSystem.Create("sleeping");
        var actors = Enumerable.Range(0, 8).Select(_ => system.ActorOf(Relay.Of((message, context) => context.Sender.Tell(message)))).ToArray();
        var rounds = Stress.Rounds(2_000);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var round = 0; round < rounds; round++)
            {
                Assert.Equal(round, await actors[seed % actors.Length].Ask<int>(round, Long));
                Thread.SpinWait(random.Next(100));
            }
        })));
        await system.Terminate().WaitAsync(Long);
    }

    [Fact]
    public async Task Order_holds_while_handlers_await_and_messages_are_put_back()
    {
        for (var round = 0; round < Stress.Rounds(5); round++)
        {
            var system = ActorSystem.Create("ordered");
            const int senders = 4;
            const int messages = 300;
            var done = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            var actor = system.ActorOf(Props.Create(() => new Orderly(senders, messages, done)));
            await Task.WhenAll(Enumerable.Range(0, senders).Select(sender => Task.Run(() =>
            {
                for (var i = 0; i < messages; i++)
                    actor.Tell((sender, i), ActorRefs.NoSender);
            })));
            Assert.Equal("", await done.Task.WaitAsync(Long));
            await system.Terminate().WaitAsync(Long);
        }
    }

    /// <summary>Stashes now and then, awaits now and then, and looks whether each sender's messages keep their order.</summary>
    private sealed class Orderly : ReceiveActor, IWithUnboundedStash
    {
        public Orderly(int senders, int messages, TaskCompletionSource<string> done)
        {
            var next = new int[senders];
            var left = senders * messages;
            var handled = 0;
            ReceiveAsync<(int Sender, int Number)>(async message =>
            {
                // Only a run of messages put aside and put back as a whole keeps the order.
                if (++handled % 7 == 0)
                {
                    Stash.Stash();
                    Stash.UnstashAll();
                    return;
                }

                if (handled % 3 == 0)
                    await Task.Yield();
                if (next[message.Sender]++ != message.Number)
                    done.TrySetResult($"{message} came when {next[message.Sender] - 1} was due");
                if (--left == 0)
                    done.TrySetResult("");
            });
        }

        public IStash Stash { get; set; } = null!;
    }
}
