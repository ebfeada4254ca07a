namespace ActorTorrent.Lab.Running;

/// <summary>What the stub peers of a group saw and did, summed.</summary>
public sealed record GroupCounts
{
    /// <summary>The group.</summary>
    public string Group { get; init; } = "";

    /// <summary>Peers of it that ever came.</summary>
    public int Peers { get; init; }

    /// <summary>Connections.</summary>
    public long Connections { get; init; }

    /// <summary>Connections that stand.</summary>
    public long Live { get; init; }

    /// <summary>Handshakes that came whole and right.</summary>
    public long Handshakes { get; init; }

    /// <summary>Blocks they were asked for.</summary>
    public long Requests { get; init; }

    /// <summary>Bytes of blocks sent.</summary>
    public long Sent { get; init; }

    /// <summary>Bytes of blocks they were sent.</summary>
    public long Received { get; init; }

    /// <summary>The squares of what each stub peer was sent, summed: how evenly it was shared out.</summary>
    public double ReceivedSquares { get; init; }

    /// <summary>Blocks sent with a flipped bit.</summary>
    public long CorruptBlocks { get; init; }

    /// <summary>Connections on which the other side broke the protocol.</summary>
    public long ProtocolErrors { get; init; }

    /// <summary>Connections that the other side broke off.</summary>
    public long Resets { get; init; }

    /// <summary>Whole engines that have fetched everything.</summary>
    public int Completed { get; init; }

    /// <summary>Adds two of one group.</summary>
    public static GroupCounts operator +(GroupCounts left, GroupCounts right) => Add(left, right);

    /// <summary>Adds two of one group.</summary>
    public static GroupCounts Add(GroupCounts left, GroupCounts right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new GroupCounts
        {
            Group = left.Group,
            Peers = left.Peers + right.Peers,
            Connections = left.Connections + right.Connections,
            Live = left.Live + right.Live,
            Handshakes = left.Handshakes + right.Handshakes,
            Requests = left.Requests + right.Requests,
            Sent = left.Sent + right.Sent,
            Received = left.Received + right.Received,
            CorruptBlocks = left.CorruptBlocks + right.CorruptBlocks,
            ProtocolErrors = left.ProtocolErrors + right.ProtocolErrors,
            Resets = left.Resets + right.Resets,
            ReceivedSquares = left.ReceivedSquares + right.ReceivedSquares,
            Completed = left.Completed + right.Completed,
        };
    }
}
