namespace ActorTorrent.Engine.Peers;

/// <summary>Keeps objects for reuse, some of them, the last one returned first. Safe for use from several threads.</summary>
/// <param name="make">Makes one when none is kept.</param>
/// <param name="kept">How many are kept at most.</param>
internal sealed class Pool<T>(Func<T> make, int kept)
    where T : class
{
    private readonly Lock _gate = new();
    private readonly Stack<T> _free = new();

    /// <summary>Lends one.</summary>
    public T Rent()
    {
        lock (_gate)
        {
            if (_free.TryPop(out var item))
                return item;
        }
        return make();
    }

    /// <summary>Takes one back that nobody uses any more.</summary>
    public void Return(T item)
    {
        lock (_gate)
        {
            if (_free.Count < kept)
                _free.Push(item);
        }
    }
}
