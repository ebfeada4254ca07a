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

    /// <summary>Mean and interval, such as <c>4.20 ± 0.30</c>.</summary>
    public string Text => AtLeast > 0
        ? string.Create(CultureInfo.InvariantCulture, $"≥ {Interval(Estimate)} ({AtLeast} not reached)")
        : Interval(Estimate);

    /// <summary>The same where there is little room: of a lower bound the mean alone.</summary>
    public string ShortText => AtLeast > 0 ? $"≥ {Number(Estimate.Mean)}" : Text;

    internal static string Number(double value) => value.ToString($"F{Decimals(value)}", CultureInfo.InvariantCulture);

    /// <summary>A mean and half its interval, with as many decimals each.</summary>
    internal static string Interval(Estimate estimate)
    {
        if (double.IsNaN(estimate.HalfWidth))
            return Number(estimate.Mean);
        var isWhole = estimate.Mean == Math.Floor(estimate.Mean) && Math.Abs(estimate.Mean) < 1000;
        var format = $"F{(isWhole ? Decimals(estimate.HalfWidth) : Decimals(estimate.Mean))}";
        return $"{estimate.Mean.ToString(format, CultureInfo.InvariantCulture)} ± {estimate.HalfWidth.ToString(format, CultureInfo.InvariantCulture)}";
    }

    private static int Decimals(double value) => Math.Abs(value) switch
    {
        var whole when whole == Math.Floor(whole) => 0,
        >= 1000 => 0,
        >= 100 => 1,
        >= 0.1 => 2,
        _ => 4,
    };
}
