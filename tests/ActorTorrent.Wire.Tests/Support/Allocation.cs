namespace ActorTorrent.Wire.Tests.Support;

/// <summary>What code allocates.</summary>
internal static class Allocation
{
    private const int Times = 10;

    /// <summary>
    /// The bytes that a piece of code allocates on this thread, the least of several runs. The first run may compile and load, and the
    /// runtime's count takes the rest of a thread's allocation window (up to 8 KiB) for used when another thread collects: both add, neither
    /// takes away.
    /// </summary>
    public static long LeastOf(Action run)
    {
        var least = long.MaxValue;
        for (var time = 0; time < Times && least > 0; time++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
