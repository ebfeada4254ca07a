namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>Counts actors that have started, and says when all have.</summary>
internal sealed class SpawnCount(int expected)
{
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = expected;

    public Task All => _all.Task;

    public void Started()
    {
        if (Interlocked.Decrement(ref _left) == 0)
            _all.SetResult();
    }
}
