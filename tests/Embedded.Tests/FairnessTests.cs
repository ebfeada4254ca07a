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
}
