namespace ActorTorrent.Wire.Metainfo;

/// <summary>A torrent file cannot be used. The message names the field, its place in the file, and what would mend it.</summary>
public sealed class TorrentFormatException : FormatException
{
    /// <summary>Makes the exception of where and what.</summary>
    /// <param name="field">The field, such as <c>info.files[3].path</c>; empty when the file as a whole is meant.</param>
    /// <param name="byteOffset">Where the field's value starts (or the nearest value around a missing one), in bytes from the file's start.</param>
    /// <param name="message">What is wrong and what would mend it, without field and offset.</param>
    public TorrentFormatException(string field, long byteOffset, string message)
        : base(FormattableString.Invariant($"{(string.IsNullOrEmpty(field) ? "torrent file" : field)}: {message} (byte {byteOffset})"))
    {
        Field = field;
        ByteOffset = byteOffset;
        Reason = message;
    }

    /// <summary>The field, such as <c>info.files[3].path</c>; empty when the file as a whole is meant.</summary>
    public string Field { get; }

    /// <summary>Where the field's value starts (or the nearest value around a missing one), in bytes from the file's start.</summary>
    public long ByteOffset { get; }

    /// <summary>What is wrong and what would mend it, without field and offset.</summary>
    public string Reason { get; }
}
