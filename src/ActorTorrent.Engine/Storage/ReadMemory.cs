using System.Buffers;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Arrays for what is read for peers. Single blocks and runs of blocks get one of a size of their own, the last returned first, whichever
/// thread returns it: the framework's pool keeps one a thread and a size, and the threads that read are never those that send. Safe for use
/// from several threads.
/// </summary>
internal static class ReadMemory
{
    private const int RunLength = 256 << 10;
    private const int LeastOfRun = 32 << 10;
    private const int Kept = 32;

    // A block and the head of its message. The framework's pool would lend twice as much for it.
    private const int BlockLength = FileLayout.BlockLength + 64;
    private const int LeastOfBlock = 8 << 10;
    private const int KeptBlocks = 1024;

    private static readonly Lock Gate = new();
    private static readonly Stack<byte[]> Free = new();
    private static readonly Stack<byte[]> FreeBlocks = new();

    /// <summary>Lends an array of at least so many bytes.</summary>
    public static byte[] Rent(int length)
    {
        var isBlock = length is > LeastOfBlock and <= BlockLength;
        if (!isBlock && length is <= LeastOfRun or > RunLength)
            return ArrayPool<byte>.Shared.Rent(length);
        lock (Gate)
        {
            if ((isBlock ? FreeBlocks : Free).TryPop(out var array))
                return array;
        }
        // A peer that does not read pins what is sent to it for long, and the collector could not move what lies around it.
        return GC.AllocateUninitializedArray<byte>(isBlock ? BlockLength : RunLength, pinned: isBlock);
    }

    /// <summary>Takes back an array that nobody uses any more.</summary>
    public static void Return(byte[] array)
    {
        var isBlock = array.Length == BlockLength;
        if (!isBlock && array.Length != RunLength)
        {
            ArrayPool<byte>.Shared.Return(array);
            return;
        }
        var free = isBlock ? FreeBlocks : Free;
        lock (Gate)
        {
            if (free.Count < (isBlock ? KeptBlocks : Kept))
                free.Push(array);
        }
    }

    /// <summary>Leaves what is kept to the collector.</summary>
    public static void Trim()
    {
        lock (Gate)
        {
            Free.Clear();
            FreeBlocks.Clear();
        }
    }
}
