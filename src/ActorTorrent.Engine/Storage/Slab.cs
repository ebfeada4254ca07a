namespace ActorTorrent.Engine.Storage;

/// <summary>
/// A ref-counted piece of pooled memory that socket bytes are received into. Blocks are slices of it; whoever keeps a
/// slice holds a reference, and the last one to let go returns the memory to the pool.
/// </summary>
public sealed class Slab
{
    private readonly SlabPool _pool;
    private byte[]? _array;
    private int _references;

    internal Slab(SlabPool pool, byte[] array)
    {
        _pool = pool;
        _array = array;
        _references = 1;
    }

    /// <summary>The whole memory, in bytes as the socket delivered them.</summary>
    public Memory<byte> Memory => _array;

    /// <summary>Adds a holder. Only legal while the caller itself holds a reference.</summary>
    public void AddReference() => Interlocked.Increment(ref _references);

    /// <summary>Lets go of one reference; the last one returns the memory.</summary>
    /// <exception cref="InvalidOperationException">More releases than references: a double release somewhere.</exception>
    public void Release()
    {
        var left = Interlocked.Decrement(ref _references);
        if (left > 0)
            return;
        if (left < 0 || Interlocked.Exchange(ref _array, null) is not { } array)
            throw new InvalidOperationException("A slab was released more often than it was referenced.");
        _pool.Return(array);
    }
}
