using System.Globalization;

namespace ActorTorrent.Lab.Reports;

/// <summary>A measure of a variant over its repetitions.</summary>
/// <param name="Key">What machines call it.</param>
/// <param name="Name">What people call it, unit included.</param>
/// <param name="Estimate">The mean and its interval.</param>
public sealed record Measure(string Key, string Name, Estimate Estimate)
{
    /// <summary>The values, one a repetition.</summary>
    public IReadOnlyList<double> Values { get; init; } = [];

    /// <summary>Values that are only known to be at least so large; the mean is then a lower bound.</summary>
    public int AtLeast { get; init; }

    /// <summary>Mean and interval, such as <c>4.2 ± 0.3</c>.</summary>
    public string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"{(AtLeast > 0 ? "≥ " : "")}{Number(Estimate.Mean)}{(double.IsNaN(Estimate.HalfWidth) ? "" : $" ± {Number(Estimate.HalfWidth)}")}{(AtLeast > 0 ? $" ({AtLeast.ToString(CultureInfo.InvariantCulture)} not reached)" : "")}");

    internal static string Number(double value) => Math.Abs(value) switch
    {
        var whole when whole == Math.Floor(whole) && whole < 1e9 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 1000 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 0.1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.0000", CultureInfo.InvariantCulture),
    };
}
