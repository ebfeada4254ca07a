using Akka.Actor;

namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>Questions from outside, one after another.</summary>
internal static class AskLoop
{
    private static readonly object Question = new();

    public static async Task<Sample> RoundAsync(TimeSpan? timeout, int questions)
    {
        using var system = BenchmarkSystem.Start();
        var target = system.ActorOf(Props.Create(() => new PongActor()));
        await target.Ask<object>(Question, timeout);
        var watch = Stopper.Start();
        for (var i = 0; i < questions; i++)
            await target.Ask<object>(Question, timeout);
        var sample = watch.Stop(questions);
        await system.Terminate();
        return sample;
    }
}
