namespace ActorTorrent.Lab.Peers;

/// <summary>What a stub peer has seen and done so far.</summary>
public sealed record StubPeerCounts
{
    /// <summary>Connections it accepted.</summary>
    public required long Connections { get; init; }

    /// <summary>Handshakes that came whole and right.</summary>
    public required long Handshakes { get; init; }

    /// <summary>Blocks it was asked for.</summary>
    public required long Requests { get; init; }

    /// <summary>Requests that were taken back.</summary>
    public required long Cancels { get; init; }

    /// <summary>Blocks it sent, whole or cut.</summary>
    public required long Blocks { get; init; }

    /// <summary>Bytes of blocks it sent.</summary>
    public required long Bytes { get; init; }

    /// <summary>Blocks it sent with a flipped bit.</summary>
    public required long CorruptBlocks { get; init; }

    /// <summary>Connections on which the other side broke the protocol.</summary>
    public required long ProtocolErrors { get; init; }

    /// <summary>Connections that the other side or the network broke off.</summary>
    public required long Resets { get; init; }

    /// <summary>Bytes of blocks it was sent.</summary>
    public long Received { get; init; }

    /// <summary>Connections that stand, both handshakes done.</summary>
    public long Live { get; init; }

    /// <summary>Whether its transfer fault has struck.</summary>
    public required bool FaultStruck { get; init; }
}
