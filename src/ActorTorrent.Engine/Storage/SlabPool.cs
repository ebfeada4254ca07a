using System.Collections.Concurrent;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Lends <see cref="Slab"/>s of one size and keeps a bounded number of returned arrays for reuse. Larger ones, for a rare
/// long message, are allocated and not kept. <see cref="Rented"/> returning to zero proves that no buffer leaked.
/// </summary>
public sealed class SlabPool(int slabLength, int kept)
{
    private readonly ConcurrentQueue<byte[]> _free = new();
    private int _rented;
    private int _freeCount;

    /// <summary>Length of a slab in bytes.</summary>
    public int SlabLength { get; } = slabLength;

    /// <summary>Slabs out on loan now.</summary>
    public int Rented => Volatile.Read(ref _rented);

    /// <summary>Lends a slab of at least <paramref name="minimumLength"/> bytes with one reference.</summary>
    public Slab Rent(int minimumLength = 0)
    {
        Interlocked.Increment(ref _rented);
        if (minimumLength > SlabLength)
            return new Slab(this, GC.AllocateUninitializedArray<byte>(minimumLength));
        if (_free.TryDequeue(out var array))
            Interlocked.Decrement(ref _freeCount);
        else
            array = GC.AllocateUninitializedArray<byte>(SlabLength, pinned: true);
        return new Slab(this, array);
    }

    internal void Return(byte[] array)
    {
        Interlocked.Decrement(ref _rented);
        if (array.Length != SlabLength || Volatile.Read(ref _freeCount) >= kept)
            return;
        Interlocked.Increment(ref _freeCount);
        _free.Enqueue(array);
    }
}
