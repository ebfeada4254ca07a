namespace ActorTorrent.Lab.Reports;

/// <summary>One bar of a chart.</summary>
/// <param name="Name">What stands below it.</param>
/// <param name="Estimate">Its height, and the interval drawn on it.</param>
/// <param name="Text">The same in words.</param>
public sealed record ChartBar(string Name, Estimate Estimate, string Text)
{
    /// <summary>What the mean is of, each drawn as a dot.</summary>
    public IReadOnlyList<double> Values { get; init; } = [];

    /// <summary>Whether the true height is only known to be at least this: the bar is drawn hollow.</summary>
    public bool IsLowerBound { get; init; }
}
