namespace ActorTorrent.Lab.Peers;

/// <summary>
/// The way from a stub peer to whoever it speaks to, shaped in this process: what a kernel's network emulation would do to each connection.
/// The delay of both directions is put on this one.
/// </summary>
public sealed record LinkShape
{
    /// <summary>Bytes a second of everything sent, framing included; null for no limit.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>How long each byte is under way.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Mean time between two stalls, exponentially distributed; null for none.</summary>
    public TimeSpan? StallEvery { get; init; }

    /// <summary>How long nothing passes in a stall.</summary>
    public TimeSpan StallFor { get; init; }

    /// <summary>Mean life of a connection, exponentially distributed, after which it is reset; null for unlimited.</summary>
    public TimeSpan? LostAfter { get; init; }
}
