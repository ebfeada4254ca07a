using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ActorTorrent.Wire.Trackers;

/// <summary>The query part of tracker URLs, in which values are bytes and not text.</summary>
internal static class QueryText
{
    /// <summary>Appends bytes with all but letters, digits and <c>-._~</c> as <c>%</c> and two hex digits (RFC 3986).</summary>
    public static StringBuilder AppendBytes(this StringBuilder query, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
                query.Append((char)value);
            else
                query.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
        }
        return query;
    }

    /// <summary>Makes a URL of a base and an addition to its query; what the base's query holds stays in front, to the letter.</summary>
    public static Uri Extend(Uri address, ReadOnlySpan<char> addition)
    {
        var text = address.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);
        var separator = !text.Contains('?', StringComparison.Ordinal) ? "?" : text[^1] is '?' or '&' ? string.Empty : "&";
        // Canonicalization would undo escapes; the bytes must leave as they were written.
        return new Uri(string.Concat(text, separator, addition), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
    }

    /// <summary>Cuts a raw query into its keys and values; values are bytes.</summary>
    /// <param name="rawQuery">The query as it came, with or without the leading question mark.</param>
    /// <param name="fields">The keys and values in their order.</param>
    /// <param name="error">What is wrong, when it cannot be cut.</param>
    public static bool TrySplit(
        string rawQuery, out List<KeyValuePair<string, byte[]>> fields, [NotNullWhen(false)] out string? error)
    {
        fields = [];
        error = null;
        foreach (var part in rawQuery.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? part : part[..equals];
            if (!TryUnescape(equals < 0 ? [] : part.AsSpan(equals + 1), out var value))
            {
                error = $"{key} is not escaped as it should be";
                return false;
            }
            fields.Add(KeyValuePair.Create(key, value));
        }
        return true;
    }

    private static bool TryUnescape(ReadOnlySpan<char> text, out byte[] bytes)
    {
        var result = new byte[text.Length];
        var count = 0;
        bytes = [];
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] > 0x7E)
                return false;
            if (text[i] != '%')
                result[count++] = text[i] == '+' ? (byte)' ' : (byte)text[i];
            else if (i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                result[count++] = byte.Parse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                i += 2;
            }
            else
                return false;
        }
        bytes = result[..count];
        return true;
    }
}
