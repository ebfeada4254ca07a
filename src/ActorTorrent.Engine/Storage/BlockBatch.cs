using ActorTorrent.Engine.Peers;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// The blocks that one receive brought from one peer. The same object travels peer → storage (which copies the data and
/// calls <see cref="ReleaseData"/>) → coordinator (which books the blocks and calls <see cref="Recycle"/>), with the messages that carry it.
/// </summary>
public sealed class BlockBatch
{
    private readonly BlockBatchPool? _pool;
    private ReceivedBlock[] _blocks;
    private ReceiveCredit? _credit;
    private Slab? _slab;

    /// <summary>A batch of no pool.</summary>
    /// <param name="peer">The sender's number in its torrent.</param>
    /// <param name="slab">The memory that the blocks slice; the batch takes its own reference.</param>
    /// <param name="capacity">How many blocks are expected.</param>
    public BlockBatch(int peer, Slab slab, int capacity)
        : this(null, capacity)
    {
        Begin(peer, slab, null);
    }

    internal BlockBatch(BlockBatchPool? pool, int capacity)
    {
        _pool = pool;
        _blocks = new ReceivedBlock[capacity];
        ToStore = new StorageProtocol.StoreBlocks(this);
        Stored = new StorageProtocol.BlocksStored(this, WastedBytes: 0);
    }

    /// <summary>The sender's number in its torrent.</summary>
    public int Peer { get; private set; }

    /// <summary>Blocks in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>The blocks in the order in which they came.</summary>
    public ReadOnlySpan<ReceivedBlock> Blocks => _blocks.AsSpan(0, Count);

    /// <summary>The message that brings it to storage.</summary>
    internal StorageProtocol.StoreBlocks ToStore { get; }

    /// <summary>The message that says that it was taken in whole.</summary>
    internal StorageProtocol.BlocksStored Stored { get; }

    /// <summary>Appends a block.</summary>
    public void Add(in ReceivedBlock block)
    {
        if (Count == _blocks.Length)
            Array.Resize(ref _blocks, Math.Max(4, Count * 2));
        _blocks[Count++] = block;
    }

    /// <summary>Gives the memory back. The blocks' places stay readable, their data does not. Safe to call twice.</summary>
    public void ReleaseData()
    {
        if (Interlocked.Exchange(ref _slab, null) is not { } slab)
            return;
        var credit = _credit;
        slab.Release();
        credit?.GiveBack();
    }

    /// <summary>The end of its way: nobody looks at it any more, and it may be used for other blocks. A batch that is lost on its way is not missed.</summary>
    public void Recycle()
    {
        ReleaseData();
        _pool?.Return(this);
    }

    /// <param name="peer">The sender's number in its torrent.</param>
    /// <param name="slab">The memory that the blocks slice; the batch takes its own reference.</param>
    /// <param name="credit">Given back with the data: the sender may send more.</param>
    internal void Begin(int peer, Slab slab, ReceiveCredit? credit)
    {
        slab.AddReference();
        Peer = peer;
        Count = 0;
        _slab = slab;
        _credit = credit;
    }
}
