using Akka.Actor;

namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>One sender, one receiver, no answer.</summary>
internal static class Flood
{
    private static readonly object Message = new();

    public static async Task<Sample> FromThreadAsync(int messages)
    {
        using var system = BenchmarkSystem.Start();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var target = system.ActorOf(Props.Create(() => new CountingActor(messages, done)));
        var sender = new Thread(() =>
        {
            for (var i = 0; i < messages; i++)
                target.Tell(Message, ActorRefs.NoSender);
        });
        await Task.Delay(20);
        var watch = Stopper.Start();
        sender.Start();
        await done.Task;
        var sample = watch.Stop(messages);
        sender.Join();
        await system.Terminate();
        return sample;
    }

    public static async Task<Sample> FromActorAsync(int messages)
    {
        using var system = BenchmarkSystem.Start();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var target = system.ActorOf(Props.Create(() => new CountingActor(messages, done)));
        var sender = system.ActorOf(Props.Create(() => new FloodingActor(target, Message)));
        await Task.Delay(20);
        var watch = Stopper.Start();
        sender.Tell(messages);
        await done.Task;
        var sample = watch.Stop(messages);
        await system.Terminate();
        return sample;
    }
}
