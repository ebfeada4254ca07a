using System.Text;

namespace ActorTorrent.Wire.Metainfo;

/// <summary>
/// Which names from a torrent may become files. The rules are the same on every system, so that a torrent that is accepted on one is on all.
/// </summary>
public static class PathRules
{
    /// <summary>The longest segment in UTF-8 bytes: 255, what file systems take.</summary>
    public const int MaxSegmentBytes = 255;

    /// <summary>The longest path in UTF-8 bytes, separators included: 3,072, which leaves room for the output folder's own.</summary>
    public const int MaxPathBytes = 3072;

    private static readonly HashSet<string> Devices = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
        "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "COM¹", "COM²", "COM³",
        "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9", "LPT¹", "LPT²", "LPT³",
    };

    /// <summary>Says why a path segment is refused; null when it is not.</summary>
    public static string? Refuse(string segment)
    {
        ArgumentNullException.ThrowIfNull(segment);
        if (segment.Length == 0)
            return "is empty";
        if (segment.AsSpan().IndexOfAnyExcept('.', ' ') < 0)
            return $"'{segment}' would leave its folder or is no name";
        foreach (var letter in segment)
        {
            if (letter is '/' or '\\')
                return "holds a path separator";
            if (letter == '\0')
                return "holds a NUL";
            if (char.IsControl(letter))
                return $"holds the control character U+{(int)letter:X4}";
        }
        if (segment.Length >= 2 && segment[1] == ':' && char.IsAsciiLetter(segment[0]))
            return $"starts with the drive '{segment[..2]}'";
        var dot = segment.IndexOf('.', StringComparison.Ordinal);
        if (Devices.Contains((dot < 0 ? segment : segment[..dot]).TrimEnd(' ')))
            return $"'{segment}' names a device on Windows";
        var bytes = Encoding.UTF8.GetByteCount(segment);
        return bytes > MaxSegmentBytes
            ? FormattableString.Invariant($"is {bytes} bytes long in UTF-8, over {MaxSegmentBytes}")
            : null;
    }
}
