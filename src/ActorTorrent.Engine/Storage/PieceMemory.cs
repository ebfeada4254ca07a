using System.Runtime.InteropServices;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// The memory of one piece, outside the collector's heap: pieces are large and live long, and there they would set off its full
/// collections. It is neither cleared nor touched before it is filled, and begins at a cache line. Whoever uses <see cref="Bytes"/> must hold on to the memory itself.
/// </summary>
/// <param name="length">In bytes.</param>
internal sealed unsafe class PieceMemory(int length) : IDisposable
{
    private const int CacheLine = 64;

    private nint _start = (nint)NativeMemory.AlignedAlloc((nuint)length, CacheLine);

    ~PieceMemory() => Free();

    /// <summary>How much, in bytes.</summary>
    public int Length { get; } = length;

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

    private void Free() => NativeMemory.AlignedFree((void*)Interlocked.Exchange(ref _start, 0));
}
