namespace ActorTorrent.Lab.Peers;

/// <summary>
/// What a link does to the connections that go over it, shaped in this process: what a kernel's network emulation would do. Of a scenario's peer
/// it is the way from that peer to whoever it speaks to, so the delay of both directions is put on this one; a <see cref="Chaos.ShapedLink"/>
/// does it both ways.
/// </summary>
public sealed record LinkShape
{
    /// <summary>Bytes a second of everything sent, framing included; null for no limit.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>How long each byte is under way.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>By how much longer at most, by chance.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>How many bytes it lets through at once; 1 is a drip.</summary>
    public int Chunk { get; init; } = 16 << 10;

    /// <summary>Mean time between two stalls, exponentially distributed; null for none.</summary>
    public TimeSpan? StallEvery { get; init; }

    /// <summary>How long nothing passes in a stall.</summary>
    public TimeSpan StallFor { get; init; }

    /// <summary>Mean life of a connection, exponentially distributed, after which it is lost; null for unlimited.</summary>
    public TimeSpan? LostAfter { get; init; }

    /// <summary>The chance that a lost connection is left half-open instead of reset: both ends hear nothing any more.</summary>
    public double HalfOpen { get; init; }

    /// <summary>A good link.</summary>
    public static LinkShape Healthy { get; } = new();
}
