namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>One round: how many things in how long, how much was allocated and how much of it stays.</summary>
/// <param name="Count">Messages, actors or questions.</param>
/// <param name="Elapsed">From the first one sent to the last one handled.</param>
/// <param name="Allocated">Bytes allocated by the whole process meanwhile.</param>
/// <param name="Live">Bytes that stay, or null where nothing is meant to.</param>
internal sealed record Sample(long Count, TimeSpan Elapsed, long Allocated, long? Live = null)
{
    public double PerSecond => Count / Elapsed.TotalSeconds;

    public double AllocatedEach => (double)Allocated / Count;

    public double? LiveEach => (double?)Live / Count;
}
