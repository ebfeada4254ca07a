namespace ActorTorrent.Engine.Storage;

/// <summary>
/// The blocks that one receive brought from one peer. The same object travels peer → storage (which copies the data and
/// calls <see cref="ReleaseData"/>) → coordinator (which books the blocks), so a receive costs one batch.
/// </summary>
public sealed class BlockBatch
{
    private ReceivedBlock[] _blocks;
    private readonly SemaphoreSlim? _credit;
    private Slab? _slab;

    /// <param name="peer">The sender's number in its torrent.</param>
    /// <param name="slab">The memory that the blocks slice; the batch takes its own reference.</param>
    /// <param name="capacity">How many blocks are expected.</param>
    /// <param name="credit">Released with the data: the sender may send more.</param>
    public BlockBatch(int peer, Slab slab, int capacity, SemaphoreSlim? credit = null)
    {
        _credit = credit;
        slab.AddReference();
        Peer = peer;
        _slab = slab;
        _blocks = new ReceivedBlock[capacity];
    }

    /// <summary>The sender's number in its torrent.</summary>
    public int Peer { get; }

    /// <summary>Blocks in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>The blocks in the order in which they came.</summary>
    public ReadOnlySpan<ReceivedBlock> Blocks => _blocks.AsSpan(0, Count);

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
        slab.Release();
        _credit?.Release();
    }
}
