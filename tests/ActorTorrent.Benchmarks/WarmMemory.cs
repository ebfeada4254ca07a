using System.Runtime.InteropServices;

namespace ActorTorrent.Benchmarks;

/// <summary>
/// Free memory that stays warm. A virtual machine gives free blocks of 2 MiB back to its host within seconds (free page reporting), and the
/// first touch of such a block then costs milliseconds: a download into memory would measure that. So a page of each block is kept, and the rest
/// of it given back to the system, which hands it out again before it begins whole blocks.
/// </summary>
internal sealed unsafe class WarmMemory : IDisposable
{
    private const int Block = 2 << 20;

    // Linux, <asm-generic/mman-common.h>.
    private const int NoHugePages = 15;
    private const int GiveBack = 4;

    private readonly void* _start;

    /// <param name="length">How much of it.</param>
    public WarmMemory(long length)
    {
        var blocks = (length + Block - 1) / Block;
        _start = NativeMemory.AlignedAlloc((nuint)(blocks * Block), Block);
        Advise(0, blocks * Block, NoHugePages);
        for (var at = 0L; at < blocks * Block; at += Environment.SystemPageSize)
            ((byte*)_start)[at] = 1;
        for (var block = 0L; block < blocks; block++)
            Advise((block * Block) + Environment.SystemPageSize, Block - Environment.SystemPageSize, GiveBack);
    }

    public void Dispose() => NativeMemory.AlignedFree(_start);

    private void Advise(long from, long length, int advice)
    {
        if (MemoryAdvise((byte*)_start + from, (nuint)length, advice) != 0)
            throw new InvalidOperationException("The system refuses advice about memory.");
    }

    [DllImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MemoryAdvise(void* start, nuint length, int advice);
}
