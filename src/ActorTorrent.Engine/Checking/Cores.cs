namespace ActorTorrent.Engine.Checking;

/// <summary>Keeps every core busy with the same blocking work.</summary>
internal static class Cores
{
    /// <summary>Runs work once on each of some threads; the first that fails stops the others.</summary>
    /// <param name="work">What to run; its token is cancelled by the caller's and by a failure.</param>
    /// <param name="most">Threads at most; there are never more than cores.</param>
    /// <param name="cancelled">Gives up.</param>
    public static async Task RunAsync(Action<CancellationToken> work, int most, CancellationToken cancelled)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        var failed = default(Exception);
        var workers = Enumerable.Range(0, Math.Clamp(most, 1, Environment.ProcessorCount)).Select(_ => Task.Factory.StartNew(
            () =>
            {
                try
                {
                    work(stop.Token);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    Interlocked.CompareExchange(ref failed, e, null);
                    stop.Cancel();
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                    // Said by the one who cancelled.
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        await Task.WhenAll(workers).ConfigureAwait(false);
        if (failed is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failed);
        cancelled.ThrowIfCancellationRequested();
    }
}
