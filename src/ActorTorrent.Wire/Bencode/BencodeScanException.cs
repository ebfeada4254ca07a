namespace ActorTorrent.Wire.Bencode;

/// <summary>Bytes are no acceptable bencode.</summary>
public sealed class BencodeScanException : FormatException
{
    /// <summary>Makes the exception of where and what.</summary>
    /// <param name="offset">Where the fault is, in bytes from the input's start.</param>
    /// <param name="message">What is wrong there, without the offset.</param>
    /// <param name="field">The value it is part of, such as <c>info.pieces</c>; empty for the outermost one.</param>
    public BencodeScanException(long offset, string message, string field = "")
        : base(FormattableString.Invariant($"{(string.IsNullOrEmpty(field) ? "" : field + ": ")}{message} (byte {offset})"))
    {
        Offset = offset;
        Reason = message;
        Field = field;
    }

    /// <summary>
    /// The value that the fault is part of, such as <c>info.pieces</c>, its first eight steps at most; empty for the outermost one.
    /// </summary>
    public string Field { get; }

    /// <summary>Where the fault is, in bytes from the input's start.</summary>
    public long Offset { get; }

    /// <summary>What is wrong there, without the offset.</summary>
    public string Reason { get; }
}
