namespace ActorTorrent.Lab.Reports;

/// <summary>One line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">Its points, by x.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>Which of the chart's colours it has; lines of one colour belong together.</summary>
    public int Colour { get; init; }

    /// <summary>Whether it is in the background, and not in the legend.</summary>
    public bool IsFaint { get; init; }
}
