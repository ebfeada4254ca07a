namespace ActorTorrent.Benchmarks.Micro;

/// <summary>Counts blocks, and says when so many have come.</summary>
internal sealed class BlockCount : IDisposable
{
    private readonly ManualResetEventSlim _reached = new();
    private long _count;
    private long _wanted;

    /// <summary>Wants so many more than were wanted before.</summary>
    public void Want(int more)
    {
        _reached.Reset();
        Volatile.Write(ref _wanted, _wanted + more);
    }

    public void Add(int blocks)
    {
        _count += blocks;
        if (_count >= Volatile.Read(ref _wanted))
            _reached.Set();
    }

    /// <summary>Waits for them.</summary>
    /// <exception cref="TimeoutException">They do not come.</exception>
    public void Wait()
    {
        if (!_reached.Wait(TimeSpan.FromSeconds(20)))
            throw new TimeoutException($"{_count} of {_wanted} blocks came.");
    }

    public void Dispose() => _reached.Dispose();
}
