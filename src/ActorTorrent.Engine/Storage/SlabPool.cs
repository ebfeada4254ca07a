using ActorTorrent.Engine.Coordination;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Lends <see cref="Slab"/>s of one size and keeps a bounded number of returned ones for reuse, the last one returned first: its memory
/// is still warm. Larger ones, for a rare long message, are allocated and not kept. <see cref="Rented"/> returning to zero proves that no
/// buffer leaked.
/// </summary>
/// <param name="slabLength">Length of a slab in bytes.</param>
/// <param name="kept">Returned slabs of each size that are kept for reuse.</param>
/// <param name="budget">Bytes that may be out on loan; null for no bound. While it is spent, no more is lent than is asked for.</param>
public sealed class SlabPool(int slabLength, int kept, ByteBudget? budget = null)
{
    private readonly Lock _gate = new();
    private readonly Stack<Slab> _free = new();
    private readonly Stack<Slab> _freeSmall = new();
    private readonly Stack<Slab> _freeMedium = new();
    private int _rented;

    /// <summary>Length of a slab in bytes.</summary>
    public int SlabLength { get; } = slabLength;

    /// <summary>Length in bytes of a slab for a handshake or a few messages: many peers say a little at once, and then nothing for long.</summary>
    public int SmallLength { get; } = Math.Min(slabLength, 4096);

    /// <summary>Length in bytes of a slab for a block of 16 KiB and a few messages: many peers may be slow in the middle of one.</summary>
    public int MediumLength { get; } = Math.Min(slabLength, 20 << 10);

    /// <summary>Slabs out on loan now.</summary>
    public int Rented => Volatile.Read(ref _rented);

    /// <summary>Bytes that are or may be out on loan.</summary>
    public ByteBudget Budget { get; } = budget ?? new ByteBudget(long.MaxValue);

    /// <summary>Lends a slab of at least <paramref name="minimumLength"/> bytes with one reference.</summary>
    public Slab Rent(int minimumLength = 0) => RentOf(Math.Max(minimumLength, Budget.IsSpent ? SmallLength : SlabLength));

    /// <summary>Lends a slab for so many bytes that are there, and what may follow: a small one for few.</summary>
    public Slab RentFor(int ready) => ready <= SmallLength || Budget.IsSpent ? RentOf(SmallLength) : Rent(ready);

    /// <summary>Lends a slab for one message of a peer that brings little: no larger than need be.</summary>
    /// <param name="length">Bytes of the message.</param>
    public Slab RentForOne(int length) => length <= SmallLength ? RentOf(SmallLength) : length <= MediumLength ? RentOf(MediumLength) : Rent(length);

    internal void Return(Slab slab)
    {
        Interlocked.Decrement(ref _rented);
        Budget.Return(slab.Length);
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
        Budget.Take(length);
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

    private Stack<Slab>? FreeOf(int length) => length == SlabLength ? _free : length == SmallLength ? _freeSmall : length == MediumLength ? _freeMedium : null;
}
