using System.Diagnostics;

namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>Time and allocation from its making until asked.</summary>
internal readonly struct Stopper
{
    private readonly long _allocated;
    private readonly long _started;

    private Stopper(long allocated, long started)
    {
        _allocated = allocated;
        _started = started;
    }

    public static Stopper Start() => new(GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());

    public Sample Stop(long count)
    {
        var elapsed = Stopwatch.GetElapsedTime(_started);
        return new Sample(count, elapsed, GC.GetTotalAllocatedBytes(precise: true) - _allocated);
    }
}
