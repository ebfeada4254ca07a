namespace ActorTorrent.Lab.Reports;

/// <summary>A mean with its 95 % confidence interval.</summary>
/// <param name="Count">Values.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="HalfWidth">Half the interval's width; not a number for less than two values.</param>
public sealed record Estimate(int Count, double Mean, double HalfWidth)
{
    /// <summary>Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom.</summary>
    private static readonly double[] Quantiles =
    [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
        2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ];

    /// <summary>The interval's lower end.</summary>
    public double Low => Mean - HalfWidth;

    /// <summary>The interval's upper end.</summary>
    public double High => Mean + HalfWidth;

    /// <summary>Estimates the mean that values are drawn from.</summary>
    /// <param name="values">The values; null when there are none.</param>
    public static Estimate? Of(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0)
            return null;
        var mean = values.Average();
        if (values.Count == 1)
            return new Estimate(1, mean, double.NaN);
        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        return new Estimate(values.Count, mean, Quantile(values.Count - 1) * Math.Sqrt(variance / values.Count));
    }

    /// <summary>Whether two intervals have nothing in common. Without an interval nobody can say so.</summary>
    public bool IsApartFrom(Estimate other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return High < other.Low || other.High < Low;
    }

    /// <summary>The two-sided 95 % quantile of Student's t; beyond 30 degrees of freedom by the first terms of its expansion.</summary>
    internal static double Quantile(int degrees)
    {
        const double z = 1.959964;
        return degrees <= Quantiles.Length
            ? Quantiles[degrees - 1]
            : z + (((z * z * z) + z) / (4 * degrees)) + (((5 * Math.Pow(z, 5)) + (16 * z * z * z) + (3 * z)) / (96.0 * degrees * degrees));
    }
}
