namespace ActorTorrent.Service.Metrics;

/// <summary>One series of a metric: the values of one set of labels.</summary>
/// <param name="labels">The labels as they are printed, without braces; empty for none.</param>
/// <param name="bounds">A histogram's upper bounds, ascending; null for other metrics.</param>
internal sealed class MetricSeries(string labels, IReadOnlyList<double>? bounds)
{
    private readonly long[] _buckets = bounds is null ? [] : new long[bounds.Count + 1];

    /// <summary>The labels as they are printed, without braces.</summary>
    public string Labels { get; } = labels;

    /// <summary>A histogram's upper bounds, the last one, infinity, left out; null for other metrics.</summary>
    public IReadOnlyList<double>? Bounds { get; } = bounds;

    /// <summary>The value; a histogram's sum.</summary>
    public double Value { get; set; }

    /// <summary>A histogram's number of values.</summary>
    public long Count { get; private set; }

    /// <summary>Values of a histogram in a bucket alone, not in those below it.</summary>
    /// <param name="bucket">Its place; the last one has no upper bound.</param>
    public long InBucket(int bucket) => _buckets[bucket];

    /// <summary>Takes a value into a histogram.</summary>
    public void Record(double value)
    {
        var bucket = 0;
        while (bucket < Bounds!.Count && value > Bounds[bucket])
            bucket++;
        _buckets[bucket]++;
        Count++;
        Value += value;
    }
}
