namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Lends <see cref="Slab"/>s of one size and keeps a bounded number of returned ones for reuse, the last one returned first: its memory
/// is still warm. Larger ones, for a rare long message, are allocated and not kept. <see cref="Rented"/> returning to zero proves that no
/// buffer leaked.
/// </summary>
public sealed class SlabPool(int slabLength, int kept)
{
    private readonly Lock _gate = new();
    private readonly Stack<Slab> _free = new();
    private int _rented;

    /// <summary>Length of a slab in bytes.</summary>
    public int SlabLength { get; } = slabLength;

    /// <summary>Slabs out on loan now.</summary>
    public int Rented => Volatile.Read(ref _rented);

    /// <summary>Lends a slab of at least <paramref name="minimumLength"/> bytes with one reference.</summary>
    public Slab Rent(int minimumLength = 0)
    {
        Interlocked.Increment(ref _rented);
        Slab? slab = null;
        if (minimumLength <= SlabLength)
        {
            lock (_gate)
                _free.TryPop(out slab);
        }
        slab ??= new Slab(
            this,
            minimumLength > SlabLength
                ? GC.AllocateUninitializedArray<byte>(minimumLength)
                : GC.AllocateUninitializedArray<byte>(SlabLength, pinned: true));
        slab.Begin();
        return slab;
    }

    internal void Return(Slab slab)
    {
        Interlocked.Decrement(ref _rented);
        if (slab.Length != SlabLength)
            return;
        lock (_gate)
        {
            if (_free.Count < kept)
                _free.Push(slab);
        }
    }
}
