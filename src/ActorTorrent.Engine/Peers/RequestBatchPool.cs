namespace ActorTorrent.Engine.Peers;

/// <summary>Keeps <see cref="RequestBatch"/>es for reuse. Safe for use from several threads.</summary>
internal sealed class RequestBatchPool
{
    private const int Kept = 32;

    private readonly Pool<RequestBatch> _pool;

    public RequestBatchPool() => _pool = new Pool<RequestBatch>(() => new RequestBatch(this), Kept);

    /// <summary>Lends an empty batch.</summary>
    /// <param name="session">The session that is to request its blocks.</param>
    public RequestBatch Rent(int session)
    {
        var batch = _pool.Rent();
        batch.Session = session;
        batch.List.Clear();
        return batch;
    }

    internal void Return(RequestBatch batch) => _pool.Return(batch);
}
