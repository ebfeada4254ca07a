namespace ActorTorrent.Lab.Chaos;

/// <summary>What a link does to the connections that go over it.</summary>
public sealed record LinkScript
{
    /// <summary>How long bytes are under way, each way.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>By how much more at most, by chance.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>The most it carries, each way, in bytes a second; null for as fast as it goes.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>How many bytes it lets through at once; 1 is a drip.</summary>
    public int Chunk { get; init; } = 64 << 10;

    /// <summary>How long a connection lives on average, by chance; null for ever.</summary>
    public TimeSpan? MeanLife { get; init; }

    /// <summary>The chance that a connection that dies is left half-open instead of reset: both ends hear nothing any more.</summary>
    public double HalfOpen { get; init; }

    /// <summary>A good link.</summary>
    public static LinkScript Healthy { get; } = new();
}
