namespace ActorTorrent.Service.Metrics;

/// <summary>What a metric is in Prometheus' words.</summary>
internal enum MetricKind
{
    /// <summary>It only rises.</summary>
    Counter,

    /// <summary>It rises and falls.</summary>
    Gauge,

    /// <summary>Values sorted into buckets.</summary>
    Histogram,
}
