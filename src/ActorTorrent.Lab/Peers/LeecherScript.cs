using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Lab.Peers;

/// <summary>How a stub leecher behaves.</summary>
public sealed record LeecherScript
{
    /// <summary>The id it shows; null for one by chance.</summary>
    public PeerId? PeerId { get; init; }

    /// <summary>How many blocks it has asked for and not received, at most.</summary>
    public int Pipeline { get; init; } = 64;

    /// <summary>The most it takes, in bytes a second; null for as fast as it goes.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>After how many bytes of blocks it leaves; null for when it has everything.</summary>
    public long? LeavesAfterBytes { get; init; }
}
