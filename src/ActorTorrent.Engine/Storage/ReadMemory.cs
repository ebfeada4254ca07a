using System.Buffers;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Arrays for what is read for peers. Runs of blocks get one of a single size, the last returned first, whichever thread returns it: the
/// framework's pool keeps one a thread and a size, and the threads that read are never those that send. Safe for use from several threads.
/// </summary>
internal static class ReadMemory
{
    private const int RunLength = 256 << 10;
    private const int LeastOfRun = 32 << 10;
    private const int Kept = 32;

    private static readonly Lock Gate = new();
    private static readonly Stack<byte[]> Free = new();

    /// <summary>Lends an array of at least so many bytes.</summary>
    public static byte[] Rent(int length)
    {
        if (length is <= LeastOfRun or > RunLength)
            return ArrayPool<byte>.Shared.Rent(length);
        lock (Gate)
        {
            if (Free.TryPop(out var array))
                return array;
        }
        return GC.AllocateUninitializedArray<byte>(RunLength);
    }

    /// <summary>Takes back an array that nobody uses any more.</summary>
    public static void Return(byte[] array)
    {
        if (array.Length != RunLength)
        {
            ArrayPool<byte>.Shared.Return(array);
            return;
        }
        lock (Gate)
        {
            if (Free.Count < Kept)
                Free.Push(array);
        }
    }

    /// <summary>Leaves what is kept to the collector.</summary>
    public static void Trim()
    {
        lock (Gate)
            Free.Clear();
    }
}
