using System.Text.Json;

namespace ActorTorrent.Lab.Running;

/// <summary>The engine of a run in its helper, seen from the run.</summary>
internal sealed class EngineSide : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IWorker _worker;
    private readonly Action<EngineReport> _happened;
    private readonly TaskCompletionSource<EngineReport> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<double> _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<EngineReport> _final = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    /// <param name="worker">The helper.</param>
    /// <param name="happened">Hears of samples and notes.</param>
    public EngineSide(IWorker worker, Action<EngineReport> happened)
    {
        _worker = worker;
        _happened = happened;
        _reading = ReadAsync();
    }

    /// <summary>Ends, with the seconds from the start, when the engine is done; fails when its helper does.</summary>
    public Task<double> Completed => _completed.Task;

    public async Task<EngineReport> StartAsync(EngineOrder order)
    {
        await TellAsync(order);
        return await _started.Task.WaitAsync(Patience);
    }

    public ValueTask TellAsync(EngineOrder order) => _worker.TellAsync(JsonSerializer.Serialize(order, LabJsonContext.Default.EngineOrder));

    /// <summary>Stops it.</summary>
    /// <returns>Its last words.</returns>
    public async Task<EngineReport> StopAsync()
    {
        await TellAsync(new EngineOrder { Do = EngineOrderKind.Stop });
        return await _final.Task.WaitAsync(Patience);
    }

    /// <summary>Ends it without a good-bye.</summary>
    public void Kill() => _worker.Kill();

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Nobody may have asked.
        await ((Task)_completed.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ((Task)_started.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ((Task)_final.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReadAsync()
    {
        try
        {
            await foreach (var line in _worker.Reports.ReadAllAsync())
                Handle(JsonSerializer.Deserialize(line, LabJsonContext.Default.EngineReport)!);
            End(new LabException("The helper with the engine ended too early."));
        }
        catch (Exception e)
        {
            End(e);
            throw;
        }
    }

    private void Handle(EngineReport report)
    {
        switch (report.Kind)
        {
            case EngineReportKind.Started:
                _started.TrySetResult(report);
                break;
            case EngineReportKind.Completed:
                _completed.TrySetResult(report.Seconds);
                break;
            case EngineReportKind.Final:
                _final.TrySetResult(report);
                break;
            default:
                _happened(report);
                break;
        }
    }

    private void End(Exception why)
    {
        _started.TrySetException(why);
        _completed.TrySetException(why);
        _final.TrySetException(why);
    }
}
