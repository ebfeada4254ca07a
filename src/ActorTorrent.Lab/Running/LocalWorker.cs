using System.Threading.Channels;

namespace ActorTorrent.Lab.Running;

/// <summary>A helper in this process: for small runs and tests.</summary>
internal sealed class LocalWorker : IWorker
{
    private readonly Channel<string> _orders = Channel.CreateUnbounded<string>();
    private readonly Channel<string> _reports = Channel.CreateUnbounded<string>();
    private readonly Task _running;

    public LocalWorker(WorkerKind kind) => _running = RunAsync(kind);

    public ChannelReader<string> Reports => _reports.Reader;

    public ValueTask TellAsync(string order) => _orders.Writer.WriteAsync(order);

    public void Kill() => _orders.Writer.TryComplete();

    public async ValueTask DisposeAsync()
    {
        _orders.Writer.TryComplete();
        await _running;
    }

    private async Task RunAsync(WorkerKind kind)
    {
        await Task.Yield();
        try
        {
            await LabWorker.RunAsync(kind, _orders.Reader, line => _reports.Writer.TryWrite(line));
            _reports.Writer.TryComplete();
        }
        catch (Exception e)
        {
            // Whoever reads the reports is told.
            _reports.Writer.TryComplete(e);
        }
    }
}
