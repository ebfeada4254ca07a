using System.Diagnostics;
using System.Globalization;
using Akka.Actor;

namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>Makes very many actors in this process, lets them lie idle, weighs them, and sends each a message.</summary>
internal static class IdleActors
{
    public static async Task<int> RunAsync(int actors)
    {
        Console.WriteLine($"{Machine.Describe()}; {actors} idle actors");
        Console.WriteLine();
        Console.WriteLine("| kind | started in, s | B live each, managed | B each, resident | one message to each, s |");
        Console.WriteLine("|---|--:|--:|--:|--:|");
        await MeasureAsync("UntypedActor", Spawn.Untyped, actors);
        await MeasureAsync("ReceiveActor of 3 handlers", Spawn.Receive, actors);
        return 0;
    }

    private static async Task MeasureAsync(string name, Func<SpawnCount, Props> kind, int actors)
    {
        using var system = BenchmarkSystem.Start();
        var count = new SpawnCount(actors);
        var props = kind(count);
        var live = Machine.LiveBytes();
        var resident = Resident();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < actors; i++)
            system.ActorOf(props);
        await count.All;
        var started = watch.Elapsed;
        await Task.Delay(200);
        live = Machine.LiveBytes() - live;
        resident = Resident() - resident;

        // Each answers whoever asks it to identify itself: so all of them still listen.
        var answered = new SpawnCount(actors);
        var counter = system.ActorOf(Props.Create(() => new IdentityCounter(answered)));
        watch.Restart();
        system.ActorSelection("/user/*").Tell(new Identify(0), counter);
        await answered.All;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {started.TotalSeconds:0.00} | {(double)live / actors:0} | {(double)resident / actors:0} | {watch.Elapsed.TotalSeconds:0.00} |"));
        await system.Terminate();
    }

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
