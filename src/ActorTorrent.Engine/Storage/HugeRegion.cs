using System.Runtime.InteropServices;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Memory of whole pages of 2 MiB, if the system has such (<c>MADV_HUGEPAGE</c>, Linux): pieces that are put together in it take a page
/// fault where they took 512, and hashing many side by side does not run out of translations. Lent in parts, one after the other; given back
/// once all parts are. <see cref="TryTake"/> is for one thread at a time, <see cref="Release"/> for any.
/// </summary>
internal sealed unsafe class HugeRegion
{
    /// <summary>Bytes of such a page.</summary>
    public const int PageLength = 2 << 20;

    // Linux, <asm-generic/mman-common.h>.
    private const int AdviseHugePages = 14;

    private readonly nint _start;
    private readonly long _length;
    private long _taken;

    // The maker's own, and one for each part.
    private int _references = 1;

    /// <param name="part">Bytes of a part.</param>
    public HugeRegion(int part)
    {
        _length = ((long)part + PageLength - 1) / PageLength * PageLength;
        _start = (nint)NativeMemory.AlignedAlloc((nuint)_length, PageLength);
        // Refused, it is memory like any other.
        if (OperatingSystem.IsLinux())
            _ = MemoryAdvise((void*)_start, (nuint)_length, AdviseHugePages);
    }

    /// <summary>Whether large pages are to be had at all.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>Takes the next part; null when there is no room for another.</summary>
    public PieceMemory? TryTake(int length)
    {
        if (_taken + length > _length)
            return null;
        var memory = new PieceMemory(this, _start + (nint)_taken, length);
        _taken += length;
        Interlocked.Increment(ref _references);
        return memory;
    }

    /// <summary>Gives back a part, or says that no more are taken.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
            NativeMemory.AlignedFree((void*)_start);
    }

    [DllImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MemoryAdvise(void* start, nuint length, int advice);
}
