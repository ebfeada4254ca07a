namespace ActorTorrent.Engine.Trackers;

/// <summary>Why an announce failed, for people and for policies.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Message">A sentence that names what is wrong, without the announce URL (it may hold a passkey).</param>
public sealed record TrackerError(TrackerErrorKind Kind, string Message)
{
    /// <summary>The status, when <see cref="Kind"/> is <see cref="TrackerErrorKind.HttpStatus"/>.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>The field of the answer that is wrong, when <see cref="Kind"/> is <see cref="TrackerErrorKind.Malformed"/> and it is known.</summary>
    public string? Field { get; init; }

    /// <summary>The byte of the answer at which it is wrong, when known.</summary>
    public long? Offset { get; init; }

    /// <summary>How long the tracker asks to be left alone (BEP 31), when it said so.</summary>
    public TimeSpan? RetryIn { get; init; }

    /// <summary>The tracker asks never to be tried again (BEP 31).</summary>
    public bool NeverRetry { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Message;
}
