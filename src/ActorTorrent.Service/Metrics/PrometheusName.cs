using System.Text;

namespace ActorTorrent.Service.Metrics;

/// <summary>Names of OpenTelemetry as Prometheus has them, by OpenTelemetry's rules for that ("Prometheus and OpenMetrics Compatibility").</summary>
internal static class PrometheusName
{
    /// <summary>The name of a metric: no dots, the unit at its end, <c>_total</c> at a counter's.</summary>
    /// <param name="name">The instrument's name.</param>
    /// <param name="unit">Its unit by UCUM; null or in braces when there is none.</param>
    /// <param name="kind">What it is.</param>
    public static string OfMetric(string name, string? unit, MetricKind kind)
    {
        var text = new StringBuilder(Sanitize(name, allowsColon: true));
        foreach (var word in UnitWords(unit))
        {
            if (!EndsWithWord(text, word))
                text.Append('_').Append(word);
        }
        if (kind == MetricKind.Counter && !EndsWithWord(text, "total"))
            text.Append("_total");
        return text.ToString();
    }

    /// <summary>The name of a label.</summary>
    /// <param name="attribute">The attribute's name.</param>
    public static string OfLabel(string attribute) => Sanitize(attribute, allowsColon: false);

    private static string[] UnitWords(string? unit)
    {
        if (string.IsNullOrEmpty(unit) || unit[0] == '{')
            return [];
        var parts = unit.Split('/', 2);
        var word = Spelt(parts[0]);
        return parts.Length == 1 ? [word] : [word, "per_" + Spelt(parts[1], isSingular: true)];
    }

    private static string Spelt(string unit, bool isSingular = false) => (unit, isSingular) switch
    {
        ("By", _) => "bytes",
        ("s", false) => "seconds",
        ("s", true) => "second",
        ("ms", _) => "milliseconds",
        ("%", _) => "percent",
        ("1", _) => "ratio",
        _ => Sanitize(unit, allowsColon: false),
    };

    private static bool EndsWithWord(StringBuilder text, string word)
    {
        if (text.Length < word.Length + 1 || text[^(word.Length + 1)] != '_')
            return false;
        for (var i = 0; i < word.Length; i++)
        {
            if (text[text.Length - word.Length + i] != word[i])
                return false;
        }
        return true;
    }

    private static string Sanitize(string name, bool allowsColon)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var c in name)
        {
            var isGood = char.IsAsciiLetterOrDigit(c) || c == '_' || (allowsColon && c == ':');
            if (text.Length == 0 && char.IsAsciiDigit(c))
                text.Append('_');
            if (isGood)
                text.Append(c);
            else if (text.Length == 0 || text[^1] != '_')
                text.Append('_');
        }
        return text.Length == 0 ? "_" : text.ToString();
    }
}
