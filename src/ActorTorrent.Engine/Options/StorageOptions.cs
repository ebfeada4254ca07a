namespace ActorTorrent.Engine.Options;

/// <summary>What the <c>actortorrent.storage</c> section of the HOCON files sets.</summary>
public sealed record StorageOptions
{
    /// <summary>Blocking disk operations that run at once on one volume; 0 for as many as there are processors, and 4 at least.</summary>
    public int WorkersPerVolume { get; init; }

    /// <summary><see cref="WorkersPerVolume"/> as a number above 0.</summary>
    public int Workers => WorkersPerVolume > 0 ? WorkersPerVolume : Math.Max(4, Environment.ProcessorCount);

    /// <summary>Bytes of full pieces that may wait to be hashed and written, a torrent, before no more blocks are asked for.</summary>
    public long WriteBudgetBytes { get; init; } = 32L << 20;

    /// <summary>
    /// How long a full piece waits at most for others to be hashed with, where several at once are hashed faster. It waits only while they come
    /// so fast that enough of them will.
    /// </summary>
    public TimeSpan HashWait { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Files kept open, a torrent.</summary>
    public int OpenFiles { get; init; } = 64;

    /// <summary>Pause before what failed is tried again; doubled each time in a row.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest of these pauses.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How much of a file's space is taken when it is made.</summary>
    public FileAllocation Allocation { get; init; } = FileAllocation.Sparse;

    /// <summary>When written bytes are forced to the disk.</summary>
    public SyncPolicy Sync { get; init; } = SyncPolicy.Never;

    /// <summary>Longest time between two saves of resume data, and of unfinished pieces, while something changes.</summary>
    public TimeSpan ResumeInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The same while nothing changes but the time spent seeding.</summary>
    public TimeSpan RestResumeInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Reads that may wait for the disk, a torrent; more are answered as unreadable.</summary>
    public int QueuedReads { get; init; } = 2_000;
}
