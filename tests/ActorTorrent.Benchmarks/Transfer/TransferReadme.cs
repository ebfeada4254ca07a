using System.Globalization;
using System.Text;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>Writes results into the repository's READMEs, between marks, and the chart that they show.</summary>
internal static class TransferReadme
{
    private const string Begin = "<!-- transfers: written by transfer-report -->";
    private const string End = "<!-- end of transfers -->";

    private static readonly Figure[] Figures =
    [
        new("wall s", "0.00", false, true, static s => s.Wall),
        new("MB/s", "0", true, true, static s => s.MegabytesPerSecond),
        new("CPU s/GiB", "0.00", false, true, static s => s.CpuPerGibibyte),
        new("ms to the first payload", "0", false, true, static s => s.FirstPayload * 1000),
        new("peak anonymous MiB", "0", false, false, static s => s.PeakAnonymous / (1 << 20)),
    ];

    /// <summary>Writes both READMEs and the chart.</summary>
    /// <exception cref="InvalidDataException">A README has no marks.</exception>
    public static void Write(TransferResults results, string root)
    {
        var benchmarks = Path.Combine(root, "tests", "ActorTorrent.Benchmarks");
        Replace(Path.Combine(root, "README.md"), Overview(results));
        using var all = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        TransferTable.Write(results, all);
        Replace(Path.Combine(benchmarks, "README.md"), all.ToString());
        TransferChart.Write(results, Path.Combine(benchmarks, "transfers.svg"));
    }

    /// <summary>A text with what is between the marks replaced.</summary>
    /// <exception cref="InvalidDataException">The marks are not there.</exception>
    public static string Between(string text, string content)
    {
        var begin = text.IndexOf(Begin, StringComparison.Ordinal);
        var end = text.IndexOf(End, StringComparison.Ordinal);
        return begin >= 0 && end > begin
            ? $"{text[..(begin + Begin.Length)]}\n{content.Trim('\n')}\n{text[end..]}"
            : throw new InvalidDataException($"There is no {Begin} with {End} after it.");
    }

    /// <summary>The table of a few columns: a line a program, and one with our figures' ratios to the best of the others.</summary>
    private static string Overview(TransferResults results)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{results.Setting}; {results.ProgramsLine}; `{results.Command}`\n\n");
        text.Append(CultureInfo.InvariantCulture, $"| | | {string.Join(" | ", Figures.Select(static figure => figure.Title))} |\n");
        text.Append(CultureInfo.InvariantCulture, $"|---|---|{string.Concat(Figures.Select(static _ => "--:|"))}\n");
        var remarks = new List<string>();
        foreach (var row in TransferRow.All)
        {
            var summaries = TransferSummary.Of(row, results.Samples);
            var failures = results.Failures.Where(failure => string.Equals(failure.Row, row.Name, StringComparison.Ordinal));
            if (summaries.Count == 0)
                continue;
            remarks.Add($"{row.Title}: {TransferTable.Remark(row, summaries, failures)}");
            foreach (var summary in summaries)
                Line(text, row.Title, TransferTable.NameOf(summary.Client), figure => TransferTable.Number(figure.Of(summary), figure.Format));
            if (summaries.FirstOrDefault(static s => s.Client == TransferClient.Ours) is { } ours && summaries.Count > 1)
                Line(text, "", "*ours to the best other*", figure => Ratio(figure, ours, summaries.Where(s => s != ours)));
        }
        text.Append('\n');
        foreach (var remark in remarks)
            text.Append(CultureInfo.InvariantCulture, $"- {remark}\n");
        return text.ToString();
    }

    private static string Ratio(Figure figure, TransferSummary ours, IEnumerable<TransferSummary> others)
    {
        var values = others.Select(figure.Of).OfType<double>().ToArray();
        if (!figure.IsCompared || values.Length == 0)
            return "";
        var best = figure.IsMore ? values.Max() : values.Min();
        return $"*{TransferTable.Number(figure.Of(ours) / best, "0.00")}*";
    }

    private static void Line(StringBuilder text, string row, string program, Func<Figure, string> cell) =>
        text.Append(CultureInfo.InvariantCulture, $"| {row} | {program} | {string.Join(" | ", Figures.Select(cell))} |\n");

    private static void Replace(string path, string content) => File.WriteAllText(path, Between(File.ReadAllText(path), content));

    /// <param name="Title">The column's head.</param>
    /// <param name="Format">Of its numbers.</param>
    /// <param name="IsMore">Whether more is better.</param>
    /// <param name="IsCompared">Whether the ratio says something.</param>
    /// <param name="Of">The number.</param>
    private sealed record Figure(string Title, string Format, bool IsMore, bool IsCompared, Func<TransferSummary, double?> Of);
}
