using System.Globalization;

namespace Embedded.Tests;

/// <summary>How often the concurrency cases repeat: a little by default, as often as the environment says under stress.</summary>
internal static class Stress
{
    public static int Rounds(int normal) =>
        int.TryParse(Environment.GetEnvironmentVariable("ACTORTORRENT_STRESS"), NumberStyles.None, CultureInfo.InvariantCulture, out var rounds)
            ? Math.Max(normal, rounds)
            : normal;
}
