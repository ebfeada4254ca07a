namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>A bare mailbox each, with its first message.</summary>
internal static class FloorSpawn
{
    public static async Task<Sample> RoundAsync(int mailboxes)
    {
        var count = new SpawnCount(mailboxes);
        var kept = new FloorMailbox[mailboxes];
        var start = new object();
        var watch = Stopper.Start();
        for (var i = 0; i < mailboxes; i++)
        {
            kept[i] = new FloorMailbox((_, _) => count.Started());
            kept[i].Post(start, null);
        }

        await count.All;
        var sample = watch.Stop(mailboxes);
        GC.KeepAlive(kept);
        return sample;
    }
}
