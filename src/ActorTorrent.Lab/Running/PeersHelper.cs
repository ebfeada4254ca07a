using System.Collections.Concurrent;
using System.Text.Json;

namespace ActorTorrent.Lab.Running;

/// <summary>One helper with stub peers, seen from the run: it answers in the order that it was asked in.</summary>
internal sealed class PeersHelper : IAsyncDisposable
{
    private readonly IWorker _worker;
    private readonly int _from;
    private readonly int _to;
    private readonly Action<ArrivedPeer> _arrived;
    private readonly ConcurrentQueue<TaskCompletionSource> _arrivals = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<IReadOnlyList<GroupCounts>> _sum = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private PeersReport _counts = new();

    /// <param name="worker">The helper.</param>
    /// <param name="from">The first peer that is its own.</param>
    /// <param name="to">The first peer after these.</param>
    /// <param name="arrived">Hears of peers that can be dialled.</param>
    public PeersHelper(IWorker worker, int from, int to, Action<ArrivedPeer> arrived)
    {
        _worker = worker;
        _from = from;
        _to = to;
        _arrived = arrived;
        _reading = ReadAsync();
    }

    /// <summary>The sums over its peers.</summary>
    public PeersReport Counts => Volatile.Read(ref _counts);

    public async Task PrepareAsync(PeersOrder order)
    {
        await TellAsync(order);
        await _ready.Task;
    }

    public ValueTask TellAsync(PeersOrder order) => _worker.TellAsync(PeersSide.Serialize(order));

    /// <summary>Those of some peers that are its own.</summary>
    public IReadOnlyList<int> Own(IReadOnlyList<int> peers) => [.. peers.Where(peer => peer >= _from && peer < _to)];

    public async Task ArriveAsync(IReadOnlyList<int> peers)
    {
        var own = Own(peers);
        if (own.Count == 0)
            return;
        var arrival = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _arrivals.Enqueue(arrival);
        await TellAsync(new PeersOrder { Do = PeersOrderKind.Arrive, Peers = own });
        await arrival.Task;
    }

    public async Task<IReadOnlyList<GroupCounts>> SumAsync()
    {
        await TellAsync(new PeersOrder { Do = PeersOrderKind.Sum });
        return await _sum.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReadAsync()
    {
        try
        {
            await foreach (var line in _worker.Reports.ReadAllAsync())
                Handle(JsonSerializer.Deserialize(line, LabJsonContext.Default.PeersReport)!);
            End(new LabException("A helper with peers ended too early."));
        }
        catch (Exception e)
        {
            End(e);
            throw;
        }
    }

    private void Handle(PeersReport report)
    {
        switch (report.Kind)
        {
            case PeersReportKind.Ready:
                _ready.TrySetResult();
                break;
            case PeersReportKind.Counts:
                Volatile.Write(ref _counts, report);
                break;
            case PeersReportKind.Sum:
                _sum.TrySetResult(report.Groups);
                break;
            case PeersReportKind.Arrived:
                foreach (var peer in report.Arrived)
                    _arrived(peer);
                if (_arrivals.TryDequeue(out var arrival))
                    arrival.TrySetResult();
                break;
        }
    }

    /// <summary>Whoever waits for an answer is told that none comes.</summary>
    private void End(Exception why)
    {
        _ready.TrySetException(why);
        _sum.TrySetException(why);
        while (_arrivals.TryDequeue(out var arrival))
            arrival.TrySetException(why);
    }
}
