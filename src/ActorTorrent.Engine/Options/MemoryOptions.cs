namespace ActorTorrent.Engine.Options;

/// <summary>What the <c>actortorrent.memory</c> section of the HOCON files sets: giving memory back to the system.</summary>
public sealed record MemoryOptions
{
    /// <summary>Whether a process at rest has its memory collected and given back.</summary>
    public bool TrimsAtRest { get; init; } = true;

    /// <summary>How often it is looked whether the process is at rest.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>It is at rest once no peer has moved a block for this long.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Bytes allocated since the last time that make it worth the while.</summary>
    public long LeastBytes { get; init; } = 2 << 20;

    /// <summary>Bytes of room between objects in the heap's old part that have it compacted, at rest or not.</summary>
    public long FragmentedBytes { get; init; } = 8 << 20;
}
