using System.Threading.Channels;

namespace ActorTorrent.Service.Session;

/// <summary>Runs blocking work one after the other, away from whoever asks for it.</summary>
internal sealed class SerialWorker : IAsyncDisposable
{
    private const int Capacity = 100_000;

    private readonly Channel<Action> _work = Channel.CreateBounded<Action>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly Task _run;

    public SerialWorker() => _run = Task.Run(RunAsync);

    /// <summary>Queues work; the task ends with it, or fails as it does.</summary>
    public Task RunAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isQueued = _work.Writer.TryWrite(() =>
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                done.SetException(e);
            }
        });
        return isQueued ? done.Task : Task.FromException(new IOException("The session's folder is closed, or too much waits to be written to it."));
    }

    /// <summary>Ends after everything queued is done.</summary>
    public async ValueTask DisposeAsync()
    {
        _work.Writer.TryComplete();
        await _run.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        await foreach (var work in _work.Reader.ReadAllAsync().ConfigureAwait(false))
            work();
    }
}
