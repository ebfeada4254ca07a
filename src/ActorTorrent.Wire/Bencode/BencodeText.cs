using System.Globalization;
using System.Text;

namespace ActorTorrent.Wire.Bencode;

/// <summary>Text out of bencode strings, which should be UTF-8 and sometimes is not.</summary>
internal static class BencodeText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether the bytes are UTF-8, and the text they make.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out string text)
    {
        var valid = System.Text.Unicode.Utf8.IsValid(bytes);
        text = valid ? Strict.GetString(bytes) : string.Empty;
        return valid;
    }

    /// <summary>
    /// The text of UTF-8, or of Latin-1 when it is none. Latin-1's upper control codes, which older code pages use for letters, become
    /// <c>%</c> and two hex digits, so that different bytes stay different names.
    /// </summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (TryDecode(bytes, out var text))
            return text;
        var result = new StringBuilder(bytes.Length);
        foreach (var value in bytes)
        {
            if (value is >= 0x80 and < 0xA0)
                result.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
            else
                result.Append((char)value);
        }
        return result.ToString();
    }
}
