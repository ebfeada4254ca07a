namespace ActorTorrent.Lab.Scenarios;

/// <summary>How long something lasts.</summary>
public sealed record TimeDistribution
{
    /// <summary>The distribution.</summary>
    public TimeDistributionKind Kind { get; init; }

    /// <summary>The mean of a constant or exponential one; the scale of a Weibull one.</summary>
    public TimeSpan Mean { get; init; }

    /// <summary>The shape of a Weibull one.</summary>
    public double Shape { get; init; } = 1;

    /// <summary>The values of a trace, in seconds.</summary>
    public IReadOnlyList<double> Values { get; init; } = [];

    /// <summary>Draws one, in whole milliseconds and of one at least.</summary>
    public TimeSpan Draw(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var seconds = Kind switch
        {
            TimeDistributionKind.Exponential => Mean.TotalSeconds * -Math.Log(1 - random.NextDouble()),
            TimeDistributionKind.Weibull => Mean.TotalSeconds * Math.Pow(-Math.Log(1 - random.NextDouble()), 1 / Shape),
            TimeDistributionKind.Trace => Values[random.Next(Values.Count)],
            _ => Mean.TotalSeconds,
        };
        return TimeSpan.FromMilliseconds(Math.Clamp(Math.Round(seconds * 1000), 1, TimeSpan.FromDays(30).TotalMilliseconds));
    }
}
