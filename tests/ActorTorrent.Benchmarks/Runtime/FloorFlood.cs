namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>The flood over bare mailboxes.</summary>
internal static class FloorFlood
{
    public static async Task<Sample> RoundAsync(int messages)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = messages;
        var target = new FloorMailbox((_, _) =>
        {
            if (--left == 0)
                done.SetResult();
        });
        var message = new object();
        var sender = new Thread(() =>
        {
            for (var i = 0; i < messages; i++)
                target.Post(message, null);
        });
        var watch = Stopper.Start();
        sender.Start();
        await done.Task;
        var sample = watch.Stop(messages);
        sender.Join();
        return sample;
    }
}
