using System.Text;
using System.Text.RegularExpressions;

namespace ActorTorrent.Wire.Tests.Support;

/// <summary>
/// Bencode as the tests write it: Latin-1, in which <c>&lt;abc&gt;</c> stands for <c>3:abc</c> and <c>^</c> marks the byte after it.
/// </summary>
internal static partial class Bencoded
{
    public static byte[] Of(string text) => Of(text, out _);

    public static byte[] Of(string text, out long mark)
    {
        var whole = StringPattern().Replace(
            text,
            match => $"{match.Groups["content"].Length - match.Groups["content"].Value.Count(letter => letter == '^')}:{match.Groups["content"].Value}");
        mark = whole.IndexOf('^', StringComparison.Ordinal);
        return Encoding.Latin1.GetBytes(whole.Replace("^", string.Empty, StringComparison.Ordinal));
    }

    [GeneratedRegex("<(?<content>[^>]*)>", RegexOptions.NonBacktracking)]
    private static partial Regex StringPattern();
}
