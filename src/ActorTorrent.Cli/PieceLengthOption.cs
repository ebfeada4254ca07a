using System.CommandLine;
using System.Globalization;
using ActorTorrent.Engine.Creation;

namespace ActorTorrent.Cli;

/// <summary>The option <c>--piece-length</c>: a size in bytes, or with K or M, such as 256K or 1MiB.</summary>
internal static class PieceLengthOption
{
    private static readonly (string Suffix, int Factor)[] Units = [("KiB", 1 << 10), ("MiB", 1 << 20), ("K", 1 << 10), ("M", 1 << 20), ("", 1)];

    /// <summary>Makes the option.</summary>
    public static Option<int?> Create() => new("--piece-length")
    {
        Description = "The size of pieces, a power of two from 16K to 256M; chosen by the content's size when left out.",
        HelpName = "SIZE",
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (TryParse(text, out var length))
                return length;
            result.AddError($"--piece-length: '{text}' is not a power of two from 16K to 256M, such as 256K or 1M.");
            return null;
        },
    };

    /// <summary>Reads a size that pieces may have.</summary>
    public static bool TryParse(string text, out int length)
    {
        foreach (var (suffix, factor) in Units)
        {
            if (!text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)
                || !int.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                continue;
            }
            length = (int)Math.Min((long)number * factor, int.MaxValue);
            return PieceLengths.IsAllowed(length);
        }
        length = 0;
        return false;
    }
}
