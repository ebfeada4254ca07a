using Akka.Actor;

namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>Makes many actors; a round ends when the last has started. Then they lie idle and are weighed.</summary>
internal static class Spawn
{
    public static Props Untyped(SpawnCount count) => Props.Create(() => new IdleUntypedActor(count));

    public static Props Receive(SpawnCount count) => Props.Create(() => new IdleReceiveActor(count));

    public static async Task<Sample> RoundAsync(Func<SpawnCount, Props> kind, int actors)
    {
        using var system = BenchmarkSystem.Start();
        var count = new SpawnCount(actors);
        var props = kind(count);
        await Task.Delay(20);
        var before = Machine.LiveBytes();
        var watch = Stopper.Start();
        for (var i = 0; i < actors; i++)
            system.ActorOf(props);
        await count.All;
        var sample = watch.Stop(actors);
        await Task.Delay(50);
        sample = sample with { Live = Machine.LiveBytes() - before };
        await system.Terminate();
        return sample;
    }

    public static async Task<Sample> ByParentRoundAsync(Func<SpawnCount, Props> kind, int actors)
    {
        using var system = BenchmarkSystem.Start();
        var count = new SpawnCount(actors);
        var props = kind(count);
        var parent = system.ActorOf(Props.Create(() => new SpawningActor(props)));
        await Task.Delay(20);
        var before = Machine.LiveBytes();
        var watch = Stopper.Start();
        parent.Tell(actors);
        await count.All;
        var sample = watch.Stop(actors);
        await Task.Delay(50);
        sample = sample with { Live = Machine.LiveBytes() - before };
        await system.Terminate();
        return sample;
    }
}
