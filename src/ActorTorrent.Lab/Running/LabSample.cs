namespace ActorTorrent.Lab.Running;

/// <summary>How a run stands at one moment.</summary>
public sealed record LabSample
{
    /// <summary>Seconds from the start.</summary>
    public double Seconds { get; init; }

    /// <summary>Bytes of blocks received.</summary>
    public long Downloaded { get; init; }

    /// <summary>Bytes verified on disk.</summary>
    public long Verified { get; init; }

    /// <summary>Bytes of blocks sent.</summary>
    public long Uploaded { get; init; }

    /// <summary>Bytes received in vain.</summary>
    public long Wasted { get; init; }

    /// <summary>Peers that wait to be dialled again.</summary>
    public int Waiting { get; init; }

    /// <summary>Peers being dialled or shaking hands.</summary>
    public int Connecting { get; init; }

    /// <summary>Peers connected.</summary>
    public int Running { get; init; }

    /// <summary>Connected peers that let us download.</summary>
    public int Unchoking { get; init; }

    /// <summary>Faults so far.</summary>
    public long Faults { get; init; }

    /// <summary>Processor seconds of the engine's process so far.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>Resident bytes of the engine's process.</summary>
    public long ResidentBytes { get; init; }

    /// <summary>Messages in mailboxes, all actors together; 0 when not measured.</summary>
    public int MailboxDepth { get; init; }

    /// <summary>How long a message waits in the slowest mailbox, in milliseconds.</summary>
    public double MailboxWait { get; init; }

    /// <summary>Connections of stub peers that stand, as they see it.</summary>
    public long Live { get; init; }
}
