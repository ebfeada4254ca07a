using Akka.Actor;

namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>A thread outside the pool that asks an actor and asks again at a random moment after the answer.</summary>
internal static class StressHammer
{
    private static readonly object Question = new();

    public static void Run(IActorRef target, StressProgress progress, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var answer = target.Ask<object>(Question, null, CancellationToken.None);
            var spinner = new SpinWait();
            while (!answer.IsCompleted && !stop.IsCancellationRequested)
                spinner.SpinOnce();
            progress.Moved();
            Thread.SpinWait(random.Next(300));
        }
    }
}
