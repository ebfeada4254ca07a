namespace ActorTorrent.Engine.Limits;

/// <summary>One peer's way through a <see cref="BandwidthLimiter"/>. Others read it, only the limiter writes it.</summary>
internal sealed class BandwidthLane
{
    internal BandwidthLane(BandwidthGroup group, TokenBucket bucket)
    {
        Group = group;
        Bucket = bucket;
    }

    /// <summary>The torrent.</summary>
    public BandwidthGroup Group { get; }

    /// <summary>Bytes asked for and not granted yet.</summary>
    public long Wanted { get; internal set; }

    /// <summary>Bytes granted by the last distribution.</summary>
    public long Granted { get; internal set; }

    /// <summary>Whether it was told that no limit holds, and need not ask.</summary>
    public bool IsFree { get; internal set; }

    internal TokenBucket Bucket { get; }

    internal BandwidthLane? Previous { get; set; }

    internal BandwidthLane? Next { get; set; }

    internal bool IsWaiting { get; set; }

    /// <summary>Whether it was counted among those that wait and for whom the limit of all torrents does not hold.</summary>
    internal bool IsCountedExempt { get; set; }

    /// <summary>Blocks that it has had in its present turn.</summary>
    internal int Had { get; set; }

    /// <summary>Turns that it has let go by.</summary>
    internal int Skipped { get; set; }

    /// <summary>The distribution that <see cref="Granted"/> is of.</summary>
    internal long NotedAt { get; set; } = -1;
}
