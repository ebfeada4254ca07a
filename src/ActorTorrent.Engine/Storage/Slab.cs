namespace ActorTorrent.Engine.Storage;

/// <summary>
/// A ref-counted piece of pooled memory that socket bytes are received into. Blocks are slices of it; whoever keeps a
/// slice holds a reference, and the last one to let go returns it to the pool, which lends the same object again.
/// </summary>
public sealed class Slab
{
    private readonly SlabPool _pool;
    private readonly byte[] _array;
    private int _references;

    internal Slab(SlabPool pool, byte[] array)
    {
        _pool = pool;
        _array = array;
    }

    /// <summary>The whole memory, in bytes as the socket delivered them; none while nobody holds a reference.</summary>
    public Memory<byte> Memory => Volatile.Read(ref _references) > 0 ? _array : default(Memory<byte>);

    internal int Length => _array.Length;

    /// <summary>Adds a holder. Only legal while the caller itself holds a reference.</summary>
    public void AddReference() => Interlocked.Increment(ref _references);

    /// <summary>Lets go of one reference; the last one returns the memory.</summary>
    /// <exception cref="InvalidOperationException">More releases than references: a double release somewhere.</exception>
    public void Release()
    {
        var left = Interlocked.Decrement(ref _references);
        if (left > 0)
            return;
        if (left < 0)
            throw new InvalidOperationException("A slab was released more often than it was referenced.");
        _pool.Return(this);
    }

    internal void Begin() => Volatile.Write(ref _references, 1);
}
