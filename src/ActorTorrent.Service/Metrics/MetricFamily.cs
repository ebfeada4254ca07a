namespace ActorTorrent.Service.Metrics;

/// <summary>A metric with all of its series. Not safe for several threads.</summary>
/// <param name="name">Its name in Prometheus.</param>
/// <param name="help">What it is, in words.</param>
/// <param name="kind">What it is.</param>
/// <param name="bounds">A histogram's upper bounds.</param>
internal sealed class MetricFamily(string name, string help, MetricKind kind, IReadOnlyList<double>? bounds = null)
{
    /// <summary>Series that a metric may have; more would mean an attribute that never ends.</summary>
    public const int MaxSeries = 2000;

    // Making labels of attributes takes longer than all the rest: those that came before are found as they are.
    private const int MaxKnown = 4 * MaxSeries;

    private readonly Dictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    private readonly Dictionary<KeyValuePair<string, object?>[], MetricSeries> _known = new(new AttributesComparer());

    /// <summary>Its name in Prometheus.</summary>
    public string Name { get; } = name;

    /// <summary>What it is, in words.</summary>
    public string Help { get; } = help;

    /// <summary>What it is.</summary>
    public MetricKind Kind { get; } = kind;

    /// <summary>Its series, in the order of their labels.</summary>
    public IEnumerable<MetricSeries> Series => _series.Values.OrderBy(series => series.Labels, StringComparer.Ordinal);

    /// <summary>The series of some attributes; null when there are too many.</summary>
    public MetricSeries? Of(ReadOnlySpan<KeyValuePair<string, object?>> attributes)
    {
        var known = _known.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        if (known.TryGetValue(attributes, out var series))
            return series;
        var labels = PrometheusText.Labels(attributes);
        if (!_series.TryGetValue(labels, out series))
        {
            if (_series.Count == MaxSeries)
                return null;
            series = new MetricSeries(labels, bounds);
            _series.Add(labels, series);
        }
        if (_known.Count < MaxKnown)
            known[attributes] = series;
        return series;
    }

    /// <summary>Forgets all series: they are measured anew.</summary>
    public void Clear()
    {
        _series.Clear();
        _known.Clear();
    }
}
