using System.Diagnostics.Metrics;

namespace ActorTorrent.Service.Metrics;

/// <summary>
/// Listens to instruments and puts their values together for <see cref="PrometheusText"/>. Values that instruments are asked for are those
/// of the moment; histograms and counters that tell by themselves are counted from the collector's making.
/// </summary>
internal sealed class MetricsCollector : IDisposable
{
    // What a histogram without advice is sorted by: OpenTelemetry's own default.
    private static readonly double[] DefaultBounds = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];

    private readonly Lock _gate = new();
    private readonly MeterListener _listener = new();
    private readonly HashSet<MetricFamily> _observed = [];
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);

    /// <param name="listensTo">Which meters.</param>
    public MetricsCollector(Func<Meter, bool> listensTo)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (listensTo(instrument.Meter) && FamilyOf(instrument) is { } family)
                listener.EnableMeasurementEvents(instrument, family);
        };
        _listener.SetMeasurementEventCallback<byte>((instrument, value, tags, state) => Take(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<short>((instrument, value, tags, state) => Take(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, state) => Take(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, state) => Take(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<float>((instrument, value, tags, state) => Take(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, state) => Take(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<decimal>((instrument, value, tags, state) => Take(instrument, (double)value, tags, state));
        _listener.Start();
    }

    /// <summary>All metrics now, in Prometheus' text format.</summary>
    public string Collect()
    {
        lock (_gate)
        {
            foreach (var family in _observed)
                family.Clear();
            _listener.RecordObservableInstruments();
            return PrometheusText.Write(_families.Values);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    /// <summary>The family of an instrument; null when another one of the same name means something else.</summary>
    private MetricFamily? FamilyOf(Instrument instrument)
    {
        var kind = KindOf(instrument);
        var name = PrometheusName.OfMetric(instrument.Name, instrument.Unit, kind);
        lock (_gate)
        {
            if (!_families.TryGetValue(name, out var family))
            {
                family = new MetricFamily(name, instrument.Description ?? "", kind, kind == MetricKind.Histogram ? BoundsOf(instrument) : null);
                _families.Add(name, family);
                if (instrument.IsObservable)
                    _observed.Add(family);
            }
            return family.Kind == kind && _observed.Contains(family) == instrument.IsObservable ? family : null;
        }
    }

    private static MetricKind KindOf(Instrument instrument)
    {
        var type = instrument.GetType().Name;
        return type.StartsWith("Histogram", StringComparison.Ordinal) ? MetricKind.Histogram
            : type.StartsWith("Counter", StringComparison.Ordinal) || type.StartsWith("ObservableCounter", StringComparison.Ordinal) ? MetricKind.Counter
            : MetricKind.Gauge;
    }

    private static IReadOnlyList<double> BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => bounds,
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => DefaultBounds,
    };

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var family = (MetricFamily)state!;
        lock (_gate)
        {
            if (family.Of(tags) is not { } series)
                return;
            if (family.Kind == MetricKind.Histogram)
                series.Record(value);
            else if (instrument.IsObservable || IsGauge(instrument))
                series.Value = value;
            else
                series.Value += value;
        }
    }

    private static bool IsGauge(Instrument instrument) => instrument.GetType().Name.StartsWith("Gauge", StringComparison.Ordinal);
}
