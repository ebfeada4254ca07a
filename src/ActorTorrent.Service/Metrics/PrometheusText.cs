using System.Globalization;
using System.Text;

namespace ActorTorrent.Service.Metrics;

/// <summary>Prometheus' text format, version 0.0.4.</summary>
internal static class PrometheusText
{
    /// <summary>The format's media type.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Writes metrics.</summary>
    /// <param name="families">The metrics.</param>
    public static string Write(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder(16 << 10);
        foreach (var family in families)
            Write(text, family);
        return text.ToString();
    }

    /// <summary>Attributes as labels, in the order of their names: <c>a="x",b="y"</c>.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> attributes)
    {
        if (attributes.IsEmpty)
            return "";
        // Attributes that have the same name as labels are joined, as the rules of OpenTelemetry say.
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in attributes)
        {
            var name = PrometheusName.OfLabel(key);
            var words = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            if (value is bool flag)
                words = flag ? "true" : "false";
            labels[name] = labels.TryGetValue(name, out var before) ? $"{before};{words}" : words;
        }
        var text = new StringBuilder();
        foreach (var (name, value) in labels)
        {
            if (text.Length > 0)
                text.Append(',');
            text.Append(name).Append("=\"");
            Escape(text, value, isLabel: true);
            text.Append('"');
        }
        return text.ToString();
    }

    private static void Write(StringBuilder text, MetricFamily family)
    {
        text.Append("# HELP ").Append(family.Name).Append(' ');
        Escape(text, family.Help, isLabel: false);
        text.Append("\n# TYPE ").Append(family.Name).Append(' ').Append(family.Kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Gauge => "gauge",
            _ => "histogram",
        }).Append('\n');
        foreach (var series in family.Series)
        {
            if (series.Bounds is null)
                Write(text, family.Name, "", series.Labels, null, series.Value);
            else
                WriteHistogram(text, family.Name, series);
        }
    }

    private static void WriteHistogram(StringBuilder text, string name, MetricSeries series)
    {
        var below = 0L;
        for (var bucket = 0; bucket <= series.Bounds!.Count; bucket++)
        {
            below += series.InBucket(bucket);
            var bound = bucket < series.Bounds.Count ? series.Bounds[bucket] : double.PositiveInfinity;
            Write(text, name, "_bucket", series.Labels, Number(bound), below);
        }
        Write(text, name, "_sum", series.Labels, null, series.Value);
        Write(text, name, "_count", series.Labels, null, series.Count);
    }

    private static void Write(StringBuilder text, string name, string suffix, string labels, string? bound, double value)
    {
        text.Append(name).Append(suffix);
        if (labels.Length > 0 || bound is not null)
        {
            text.Append('{').Append(labels);
            if (bound is not null)
                text.Append(labels.Length > 0 ? "," : "").Append("le=\"").Append(bound).Append('"');
            text.Append('}');
        }
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : double.IsNaN(value) ? "NaN"
        : value.ToString("R", CultureInfo.InvariantCulture);

    private static void Escape(StringBuilder text, string value, bool isLabel)
    {
        foreach (var c in value)
        {
            _ = c switch
            {
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '"' when isLabel => text.Append("\\\""),
                _ => text.Append(c),
            };
        }
    }
}
