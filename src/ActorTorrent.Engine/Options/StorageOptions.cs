namespace ActorTorrent.Engine.Options;

/// <summary>What the <c>actortorrent.storage</c> section of the HOCON files sets.</summary>
public sealed record StorageOptions
{
    /// <summary>Blocking disk operations that run at once on one volume.</summary>
    public int WorkersPerVolume { get; init; } = 4;

    /// <summary>Bytes of verified pieces that may wait for the disk, a torrent, before no more blocks are asked for.</summary>
    public long WriteBudgetBytes { get; init; } = 64L << 20;

    /// <summary>Files kept open, a torrent.</summary>
    public int OpenFiles { get; init; } = 64;

    /// <summary>Pause before a failed write is tried again.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Reads that may wait for the disk, a torrent; more are answered as unreadable.</summary>
    public int QueuedReads { get; init; } = 2_000;
}
