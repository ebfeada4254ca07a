using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Other names for a file whose own the file system refuses: too long, or with letters that it does not take. They follow from
/// the torrent's path alone, so that a later run finds the file again, and end in a sum of it, so that no two files get one name.
/// Pure.
/// </summary>
internal static class SafeNames
{
    /// <summary>UTF-8 bytes of a segment that every file system in use takes, encrypting ones included.</summary>
    public const int LongestSegment = 100;

    private const int SumDigits = 10;
    private const int LongestExtension = 16;

    /// <summary>The names to try, in this order: each segment mended where it needs to be, then two short segments.</summary>
    public static IEnumerable<string[]> Of(IReadOnlyList<string> segments)
    {
        var mended = new string[segments.Count];
        for (var i = 0; i < segments.Count; i++)
            mended[i] = Mend(segments[i], segments.Take(i + 1), always: false);
        if (!mended.SequenceEqual(segments, StringComparer.Ordinal))
            yield return mended;
        yield return segments.Count == 1
            ? [Mend(segments[0], segments, always: true)]
            : [Mend(segments[0], segments.Take(1), always: false), Mend(segments[^1], segments, always: true)];
    }

    private static string Mend(string segment, IEnumerable<string> path, bool always)
    {
        var name = new StringBuilder(segment.Length);
        foreach (var letter in segment)
            name.Append(char.IsControl(letter) || letter is '<' or '>' or ':' or '"' or '/' or '\\' or '|' or '?' or '*' ? '_' : letter);
        while (name.Length > 0 && name[^1] is '.' or ' ')
            name[^1] = '_';
        var mended = name.ToString();
        if (!always && mended == segment && Encoding.UTF8.GetByteCount(mended) <= LongestSegment)
            return segment;
        var extension = Path.GetExtension(mended);
        if (extension.Length == mended.Length || Encoding.UTF8.GetByteCount(extension) > LongestExtension)
            extension = string.Empty;
        var stem = Cut(mended[..^extension.Length], LongestSegment - SumDigits - 1 - LongestExtension);
        return string.Create(CultureInfo.InvariantCulture, $"{stem}~{Sum(path)}{extension}");
    }

    /// <summary>The start of a text that fits, not cut within a letter.</summary>
    private static string Cut(string text, int bytes)
    {
        var end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0)
                break;
            end += rune.Utf16SequenceLength;
        }
        return text[..end];
    }

    private static string Sum(IEnumerable<string> path) =>
        Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(string.Join('/', path))))[..SumDigits];
}
