using ActorTorrent.Engine.Peers;

namespace ActorTorrent.Engine.Storage;

/// <summary>Keeps <see cref="BlockBatch"/>es for reuse, some of them, the last one returned first. Safe for use from several threads.</summary>
internal sealed class BlockBatchPool
{
    // As many as a receive of the usual length brings, and one that began in the receive before.
    private const int Capacity = 9;
    private const int Kept = 64;

    private readonly Lock _gate = new();
    private readonly Stack<BlockBatch> _free = new();

    /// <summary>Lends an empty batch.</summary>
    /// <param name="peer">The sender's number in its torrent.</param>
    /// <param name="slab">The memory that the blocks slice; the batch takes its own reference.</param>
    /// <param name="credit">Given back with the data: the sender may send more.</param>
    public BlockBatch Rent(int peer, Slab slab, ReceiveCredit? credit)
    {
        BlockBatch? batch;
        lock (_gate)
            _free.TryPop(out batch);
        batch ??= new BlockBatch(this, Capacity);
        batch.Begin(peer, slab, credit);
        return batch;
    }

    internal void Return(BlockBatch batch)
    {
        lock (_gate)
        {
            if (_free.Count < Kept)
                _free.Push(batch);
        }
    }
}
