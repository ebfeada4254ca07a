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
    private readonly Stack<Slab> _freeSmall = new();
    private int _rented;

    /// <summary>Length of a slab in bytes.</summary>
    public int SlabLength { get; } = slabLength;

    /// <summary>Length in bytes of a slab for a handshake or a few messages: many peers say a little at once, and then nothing for long.</summary>
    public int SmallLength { get; } = Math.Min(slabLength, 4096);

    /// <summary>Slabs out on loan now.</summary>
    public int Rented => Volatile.Read(ref _rented);

    /// <summary>Lends a slab of at least <paramref name="minimumLength"/> bytes with one reference.</summary>
    public Slab Rent(int minimumLength = 0) => RentOf(Math.Max(minimumLength, SlabLength));

    /// <summary>Lends a slab for so many bytes that are there, and what may follow: a small one for few.</summary>
    public Slab RentFor(int ready) => ready <= SmallLength ? RentOf(SmallLength) : Rent(ready);

    internal void Return(Slab slab)
    {
        Interlocked.Decrement(ref _rented);
        if (FreeOf(slab.Length) is not { } free)
            return;
        lock (_gate)
        {
            if (free.Count < kept)
                free.Push(slab);
        }
    }

    private Slab RentOf(int length)
    {
        Interlocked.Increment(ref _rented);
        Slab? slab = null;
        var free = FreeOf(length);
        if (free is not null)
        {
            lock (_gate)
                free.TryPop(out slab);
        }
        slab ??= new Slab(this, GC.AllocateUninitializedArray<byte>(length, pinned: free is not null));
        slab.Begin();
        return slab;
    }

    private Stack<Slab>? FreeOf(int length) => length == SlabLength ? _free : length == SmallLength ? _freeSmall : null;
}
