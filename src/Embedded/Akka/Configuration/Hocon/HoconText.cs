using System.Buffers;

namespace Akka.Configuration.Hocon;

internal static class HoconText
{
    private static readonly SearchValues<char> SpecialInValue = SearchValues.Create("$\"{}[]:=+,#`^?!@*&\\ \t\r\n");
    private static readonly SearchValues<char> SpecialInKey = SearchValues.Create("$\"{}[]:=+,#`^?!@*&\\. \t\r\n");

    public static string Key(string key) => key.Length == 0 || key.AsSpan().ContainsAny(SpecialInKey) ? Quote(key) : key;

    public static string Value(string value) =>
        value is null ? "null" : value.Length == 0 || value.AsSpan().ContainsAny(SpecialInValue) ? Quote(value) : value;

    private static string Quote(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal)
            .Replace("\t", "\\t", StringComparison.Ordinal) + "\"";
}
