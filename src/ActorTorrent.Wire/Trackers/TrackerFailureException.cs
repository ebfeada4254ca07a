namespace ActorTorrent.Wire.Trackers;

/// <summary>The tracker answered, and the answer is a refusal: its <c>failure reason</c> (BEP 3).</summary>
public sealed class TrackerFailureException : Exception
{
    /// <summary>Makes the exception of the tracker's reason.</summary>
    public TrackerFailureException(string reason)
        : base($"The tracker refused: {reason}") => Reason = reason;

    /// <summary>What the tracker said.</summary>
    public string Reason { get; }

    /// <summary>How long the tracker asks to wait before the next try (BEP 31), if it said so.</summary>
    public TimeSpan? RetryIn { get; init; }

    /// <summary>Whether the tracker asks never to be tried again (BEP 31).</summary>
    public bool NeverRetry { get; init; }
}
