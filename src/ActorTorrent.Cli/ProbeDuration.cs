using System.Globalization;

namespace ActorTorrent.Cli;

/// <summary>Durations as the command line writes them: <c>5s</c>, <c>500ms</c>, <c>1m</c>, <c>2h</c>.</summary>
internal static class ProbeDuration
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    /// <summary>Reads a duration above zero and of at most a day.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        foreach (var (unit, seconds) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal))
                continue;
            if (!double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                continue;
            var value = number * seconds;
            // Not-a-number is within no bounds.
            if (!(value >= 0.001 && value <= Longest.TotalSeconds))
                return false;
            duration = TimeSpan.FromSeconds(value);
            return true;
        }
        return false;
    }
}
