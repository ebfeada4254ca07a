namespace ActorTorrent.Lab.Reports;

/// <summary>One line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">Its points, by x.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<(double X, double Y)> Points);
