using ActorTorrent.Lab.Peers;

namespace ActorTorrent.Lab.Running;

/// <summary>
/// A whole engine as a peer of a run, in a helper of its own. It may leave and come back to what it has on disk. One order at a time.
/// </summary>
/// <param name="group">Its group.</param>
/// <param name="start">Starts a helper.</param>
/// <param name="order">How its engine is started.</param>
internal sealed class EnginePeer(string group, Func<IWorker> start, EngineOrder order) : IAsyncDisposable
{
    private EngineSide? _side;
    private Task _leaving = Task.CompletedTask;
    private LabSample _last = new();
    private long _sent;
    private long _received;
    private bool _hasCompleted;

    /// <summary>Comes, unless it is there.</summary>
    public async Task ArriveAsync()
    {
        await _leaving;
        if (_side is not null)
            return;
        _side = new EngineSide(start(), report => Volatile.Write(ref _last, report.Sample ?? _last));
        await _side.StartAsync(order);
    }

    /// <summary>Leaves: in order with a good-bye to everybody, or else its process is killed. Does not wait for the end.</summary>
    public void Leave(PeerDeparture ending)
    {
        if (_side is { } side && _leaving.IsCompleted)
            _leaving = LeaveAsync(side, ending == PeerDeparture.Fin);
    }

    /// <summary>Leaves in order, if it is there.</summary>
    /// <returns>What it did in all its lives.</returns>
    /// <exception cref="LabException">Its helper had ended by itself.</exception>
    public async Task<GroupCounts> FinishAsync()
    {
        Leave(PeerDeparture.Fin);
        await _leaving;
        return new GroupCounts { Group = group, Peers = 1, Sent = _sent, Received = _received, Completed = _hasCompleted ? 1 : 0 };
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_side is not null)
            await _side.DisposeAsync();
    }

    private async Task LeaveAsync(EngineSide side, bool isInOrder)
    {
        if (isInOrder)
            await side.StopAsync();
        else
            side.Kill();
        _hasCompleted |= side.Completed.IsCompletedSuccessfully;
        await side.DisposeAsync();
        _side = null;
        var last = Volatile.Read(ref _last);
        _sent += last.Uploaded;
        _received += last.Downloaded;
        Volatile.Write(ref _last, new LabSample());
    }
}
