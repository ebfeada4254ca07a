namespace ActorTorrent.Wire.Trackers;

/// <summary>A tracker's answer cannot be understood.</summary>
public sealed class TrackerResponseException : FormatException
{
    /// <summary>Makes the exception of where and what.</summary>
    /// <param name="field">The field, such as <c>peers[2].port</c>; empty when the answer as a whole is meant.</param>
    /// <param name="offset">Where the fault is, in bytes from the answer's start.</param>
    /// <param name="message">What is wrong, without field and offset.</param>
    public TrackerResponseException(string field, long offset, string message)
        : base(FormattableString.Invariant($"The tracker's answer: {(string.IsNullOrEmpty(field) ? "" : field + ": ")}{message} (byte {offset})"))
    {
        Field = field;
        Offset = offset;
    }

    /// <summary>The field, such as <c>peers[2].port</c>; empty when the answer as a whole is meant.</summary>
    public string Field { get; }

    /// <summary>Where the fault is, in bytes from the answer's start.</summary>
    public long Offset { get; }
}
