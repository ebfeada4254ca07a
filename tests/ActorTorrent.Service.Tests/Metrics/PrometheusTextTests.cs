using System.Diagnostics.Metrics;
using ActorTorrent.Service.Metrics;

namespace ActorTorrent.Service.Tests.Metrics;

/// <summary>Prometheus' text format against what its specification says.</summary>
public sealed class PrometheusTextTests : IDisposable
{
    private readonly Meter _meter = new("test");
    private readonly MetricsCollector _collector;

    public PrometheusTextTests() => _collector = new MetricsCollector(meter => meter == _meter);

    public void Dispose()
    {
        _collector.Dispose();
        _meter.Dispose();
    }

    [Theory]
    [InlineData("a.b", null, false, "a_b")]
    [InlineData("a.b", "By", false, "a_b_bytes")]
    [InlineData("a.b", "s", true, "a_b_seconds_total")]
    [InlineData("a.b", "{fault}", true, "a_b_total")]
    [InlineData("a.rate", "By/s", false, "a_rate_bytes_per_second")]
    [InlineData("a.total", null, true, "a_total")]
    [InlineData("a.bytes", "By", false, "a_bytes")]
    [InlineData("used", "1", false, "used_ratio")]
    [InlineData("0-a..b é", null, false, "_0_a_b_")]
    public void Names_carry_their_unit(string name, string? unit, bool isCounter, string expected) =>
        Assert.Equal(expected, PrometheusName.OfMetric(name, unit, isCounter ? MetricKind.Counter : MetricKind.Gauge));

    [Fact]
    public void Counters_gauges_and_what_is_observed()
    {
        var counter = _meter.CreateCounter<int>("hits", "{hit}", "Hits.");
        var gauge = _meter.CreateGauge<double>("heat", "s");
        var upDown = _meter.CreateUpDownCounter<long>("queue");
        _meter.CreateObservableGauge("seen", () => new Measurement<long>(7, new KeyValuePair<string, object?>("k", "v")));
        _meter.CreateObservableCounter("moved", () => 12.5, "By");

        counter.Add(2);
        counter.Add(3);
        gauge.Record(1);
        gauge.Record(0.25);
        upDown.Add(4);
        upDown.Add(-1);

        Assert.Equal(
            """
            # HELP heat_seconds 
            # TYPE heat_seconds gauge
            heat_seconds 0.25
            # HELP hits_total Hits.
            # TYPE hits_total counter
            hits_total 5
            # HELP moved_bytes_total 
            # TYPE moved_bytes_total counter
            moved_bytes_total 12.5
            # HELP queue 
            # TYPE queue gauge
            queue 3
            # HELP seen 
            # TYPE seen gauge
            seen{k="v"} 7

            """,
            _collector.Collect());
    }

    [Fact]
    public void What_is_observed_no_more_is_told_no_more()
    {
        var names = new List<string> { "a", "b" };
        _meter.CreateObservableGauge("seen", () => names.Select(name => new Measurement<int>(1, new KeyValuePair<string, object?>("name", name))));
        Assert.Contains("seen{name=\"b\"} 1\n", _collector.Collect(), StringComparison.Ordinal);

        names.Remove("b");

        Assert.DoesNotContain("name=\"b\"", _collector.Collect(), StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_are_escaped_and_sorted()
    {
        var counter = _meter.CreateCounter<long>("c", null, "A \\ and\na \"quote\".");

        counter.Add(1, new KeyValuePair<string, object?>("z.z", "a\\b\n\"c\""), new KeyValuePair<string, object?>("a", true));

        Assert.Equal(
            "# HELP c_total A \\\\ and\\na \"quote\".\n# TYPE c_total counter\nc_total{a=\"true\",z_z=\"a\\\\b\\n\\\"c\\\"\"} 1\n",
            _collector.Collect());
    }

    [Fact]
    public void The_order_of_attributes_makes_no_series_of_its_own()
    {
        var counter = _meter.CreateCounter<long>("c");

        counter.Add(1, new("a", 1), new("b", 2));
        counter.Add(1, new("b", 2), new("a", 1));

        Assert.Contains("c_total{a=\"1\",b=\"2\"} 2\n", _collector.Collect(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_histograms_buckets_hold_those_below_them()
    {
        var histogram = _meter.CreateHistogram("wait", "s", null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });

        foreach (var value in new[] { 0.05, 0.1, 0.5, 1.5, 3 })
            histogram.Record(value, new KeyValuePair<string, object?>("k", "v"));

        Assert.Equal(
            """
            # HELP wait_seconds 
            # TYPE wait_seconds histogram
            wait_seconds_bucket{k="v",le="0.1"} 2
            wait_seconds_bucket{k="v",le="1"} 3
            wait_seconds_bucket{k="v",le="+Inf"} 5
            wait_seconds_sum{k="v"} 5.15
            wait_seconds_count{k="v"} 5

            """,
            _collector.Collect());
    }

    [Fact]
    public void Numbers_are_told_exactly()
    {
        _meter.CreateObservableGauge("n", () => new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e300, -0.1 }
            .Select((value, i) => new Measurement<double>(value, new KeyValuePair<string, object?>("i", i))));

        var text = _collector.Collect();

        Assert.Contains("n{i=\"0\"} NaN\n", text, StringComparison.Ordinal);
        Assert.Contains("n{i=\"1\"} +Inf\n", text, StringComparison.Ordinal);
        Assert.Contains("n{i=\"2\"} -Inf\n", text, StringComparison.Ordinal);
        Assert.Contains("n{i=\"3\"} 1E+300\n", text, StringComparison.Ordinal);
        Assert.Contains("n{i=\"4\"} -0.1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_attribute_that_never_ends_is_bounded()
    {
        var counter = _meter.CreateCounter<long>("c");

        for (var i = 0; i < MetricFamily.MaxSeries + 500; i++)
            counter.Add(1, new KeyValuePair<string, object?>("i", i));

        Assert.Equal(MetricFamily.MaxSeries + 2, _collector.Collect().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }
}
