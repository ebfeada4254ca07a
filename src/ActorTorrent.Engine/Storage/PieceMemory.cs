using System.Runtime.InteropServices;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// The memory of one piece, outside the collector's heap: pieces are large and live long, and there they would set off its full
/// collections. It is neither cleared nor touched before it is filled, and begins at a cache line. Whoever uses <see cref="Bytes"/> must hold on to the memory itself.
/// </summary>
internal sealed unsafe class PieceMemory : IDisposable
{
    private const int CacheLine = 64;

    private readonly HugeRegion? _region;
    private nint _start;

    /// <summary>Memory of its own.</summary>
    /// <param name="length">In bytes.</param>
    public PieceMemory(int length)
    {
        Length = length;
        _start = (nint)NativeMemory.AlignedAlloc((nuint)length, CacheLine);
    }

    /// <summary>Memory within a region, which it keeps from being given back.</summary>
    /// <param name="region">The region.</param>
    /// <param name="start">Where in it.</param>
    /// <param name="length">In bytes.</param>
    public PieceMemory(HugeRegion region, nint start, int length)
    {
        Length = length;
        _region = region;
        _start = start;
    }

    ~PieceMemory() => Free();

    /// <summary>How much, in bytes.</summary>
    public int Length { get; }

    /// <summary>The bytes; none after its disposal.</summary>
    public Span<byte> Bytes => _start == 0 ? default : new((void*)_start, Length);

    /// <summary>Where the bytes begin; 0 after its disposal.</summary>
    public byte* Start => (byte*)_start;

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        var start = Interlocked.Exchange(ref _start, 0);
        if (_region is null)
            NativeMemory.AlignedFree((void*)start);
        else if (start != 0)
            _region.Release();
    }
}
