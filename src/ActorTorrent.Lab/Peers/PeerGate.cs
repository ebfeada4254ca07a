namespace ActorTorrent.Lab.Peers;

/// <summary>Lets a stub peer's connections pass, or holds them without a word: a host that has dropped off the network.</summary>
internal sealed class PeerGate
{
    private TaskCompletionSource? _closed;

    /// <summary>Holds whoever comes from now on.</summary>
    public void Close() => Interlocked.CompareExchange(ref _closed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);

    /// <summary>Lets all pass.</summary>
    public void Open() => Interlocked.Exchange(ref _closed, null)?.TrySetResult();

    /// <summary>Waits while it is closed.</summary>
    public ValueTask WaitAsync(CancellationToken cancellation) =>
        Volatile.Read(ref _closed) is { } closed ? new ValueTask(closed.Task.WaitAsync(cancellation)) : ValueTask.CompletedTask;
}
