using Akka.Actor;

namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>Pairs of actors that answer each other. Each way counts as a message.</summary>
internal static class PingPong
{
    public static async Task<Sample> RoundAsync(int pairs, int inFlight, long messages)
    {
        using var system = BenchmarkSystem.Start();
        var answers = messages / pairs / 2;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var left = new CountdownEvent(pairs);
        var pings = new IActorRef[pairs];
        for (var i = 0; i < pairs; i++)
        {
            var pong = system.ActorOf(Props.Create(() => new PongActor()));
            pings[i] = system.ActorOf(Props.Create(() => new PingActor(pong, inFlight, answers, left, done)));
        }

        await Task.Delay(20);
        var watch = Stopper.Start();
        foreach (var ping in pings)
            ping.Tell(PingActor.Go, ActorRefs.NoSender);
        await done.Task;
        var sample = watch.Stop(answers * pairs * 2);
        await system.Terminate();
        return sample;
    }
}
