using System.Diagnostics;
using Akka.Actor;

namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>
/// Looks for a lost wake-up: a message in a mailbox whose actor sleeps on. Pairs of actors exchange a ball with gaps of random
/// length between, so that nearly every message meets an actor that has just gone idle or is about to; balls come from actors,
/// from pool threads, and from threads of our own. A watchdog looks whether every pair still moves.
/// </summary>
internal static class WakeUpStress
{
    private const int Pairs = 64;
    private const int Hammers = 2;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Stuck = TimeSpan.FromSeconds(20);

    /// <summary>Runs for a while.</summary>
    /// <returns>0, or 1 when somebody got stuck; who, is printed.</returns>
    public static async Task<int> RunAsync(TimeSpan duration)
    {
        var seed = Environment.TickCount;
        Console.WriteLine($"{Machine.Describe()}; {Pairs} pairs and {Hammers} hammered actors for {duration}, seed {seed}");
        using var system = BenchmarkSystem.Start();
        using var stop = new CancellationTokenSource();
        var players = new List<StressProgress>();
        for (var i = 0; i < Pairs; i++)
        {
            var progress = new StressProgress($"pair {i}");
            players.Add(progress);
            var from = (StressPath)(i % 3);
            var pong = system.ActorOf(Props.Create(() => new StressPlayer(progress, from, seed + (2 * i))), $"pong-{i}");
            var ping = system.ActorOf(Props.Create(() => new StressPlayer(progress, from, seed + (2 * i) + 1)), $"ping-{i}");
            pong.Tell(StressPlayer.Ball, ping);
        }

        var hammers = new List<Thread>();
        for (var i = 0; i < Hammers; i++)
        {
            var progress = new StressProgress($"hammer {i}");
            players.Add(progress);
            var target = system.ActorOf(Props.Create(() => new PongActor()), $"hammered-{i}");
            var random = new Random(seed - 1 - i);
            var hammer = new Thread(() => StressHammer.Run(target, progress, random, stop.Token)) { IsBackground = true, Name = $"hammer {i}" };
            hammer.Start();
            hammers.Add(hammer);
        }

        var stuck = await WatchAsync(players, duration);
        await stop.CancelAsync();
        if (stuck.Count > 0)
        {
            foreach (var player in stuck)
                Console.WriteLine($"STUCK: {player.Name} after {player.Count} messages");
            return 1;
        }

        foreach (var hammer in hammers)
            hammer.Join();
        Console.WriteLine($"no lost wake-up in {players.Sum(p => p.Count)} messages");
        await system.Terminate();
        return 0;
    }

    private static async Task<List<StressProgress>> WatchAsync(List<StressProgress> players, TimeSpan duration)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Look);
        while (watch.Elapsed < duration && await timer.WaitForNextTickAsync())
        {
            var stuck = players.Where(p => p.StillFor(watch.Elapsed) > Stuck).ToList();
            if (stuck.Count > 0)
                return stuck;
        }

        return [];
    }
}
