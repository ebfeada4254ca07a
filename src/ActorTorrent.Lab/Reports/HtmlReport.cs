using System.Globalization;
using System.Net;
using System.Text;
using ActorTorrent.Lab.Running;
using ActorTorrent.Lab.Scenarios;

namespace ActorTorrent.Lab.Reports;

/// <summary>The report for people: one HTML file with everything in it, no script, nothing to be fetched.</summary>
public static class HtmlReport
{
    private const double Mebi = 1 << 20;

    /// <summary>Seconds between two points of a line.</summary>
    private const double Step = 0.5;

    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:920px;padding:0 1rem;color:#222;background:#fff}
        table{border-collapse:collapse;margin:1rem 0;font-variant-numeric:tabular-nums}
        th,td{border-bottom:1px solid #ccc;padding:.25rem .7rem;text-align:right;vertical-align:top}
        th:first-child,td:first-child{text-align:left}
        svg{max-width:100%;height:auto;display:block;margin:1.2rem 0}
        pre{background:#f5f5f5;padding:1rem;overflow:auto;font-size:12px}
        .note{color:#555}
        """;

    /// <summary>Writes it.</summary>
    /// <param name="report">What there is to tell.</param>
    public static string Write(LabReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var summaries = ReportSummary.Of(report);
        var isScenarioShown = report.Scenarios.Count > 1;
        var html = new StringBuilder();
        var title = Escape(string.Join(", ", report.Scenarios.Select(static scenario => scenario.Name)));
        html.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>").Append(title)
            .Append("</title><meta name=\"viewport\" content=\"width=device-width\"><link rel=\"icon\" href=\"data:,\"><style>").Append(Style).Append("</style></head><body>\n<h1>").Append(title).Append("</h1>\n");
        foreach (var scenario in report.Scenarios)
            html.Append("<p>").Append(isScenarioShown ? $"<b>{Escape(scenario.Name)}</b>: " : "").Append(Escape(scenario.Description)).Append("</p>\n");
        if (report.IsInterrupted)
            html.Append("<p><b>It was stopped before its end.</b></p>\n");
        Table(html, summaries, isScenarioShown);
        BarCharts(html, summaries, isScenarioShown);
        Findings(html, summaries);
        LineCharts(html, report, isScenarioShown);
        Causes(html, report, isScenarioShown);
        Outcomes(html, report);
        Runs(html, report);
        Conditions(html, report);
        return html.Append("</body></html>\n").ToString();
    }

    /// <summary>The bars of a measure, for a file of their own.</summary>
    /// <param name="report">What there is to tell.</param>
    /// <param name="key">The measure.</param>
    /// <param name="title">Its heading.</param>
    public static string Bars(LabReport report, string key, string title)
    {
        ArgumentNullException.ThrowIfNull(report);
        return Bars(ReportSummary.Of(report), key, title, report.Scenarios.Count > 1) ?? SvgChart.Bars(title, "", []);
    }

    private static void Table(StringBuilder html, IReadOnlyList<VariantSummary> summaries, bool isScenarioShown)
    {
        if (summaries.Count == 0)
            return;
        html.Append("<h2>Measures</h2>\n<p class=\"note\">Means over the repetitions ± half the 95 % confidence interval (Student's t).</p>\n<table><tr><th></th>");
        foreach (var summary in summaries)
            html.Append("<th>").Append(Escape(summary.Label(isScenarioShown))).Append("</th>");
        html.Append("</tr>\n<tr><td>runs</td>");
        foreach (var summary in summaries)
            html.Append(CultureInfo.InvariantCulture, $"<td>{summary.Runs} ({summary.Completed} complete)</td>");
        html.Append("</tr>\n");
        foreach (var measure in summaries.SelectMany(static summary => summary.Measures).DistinctBy(static measure => measure.Key, StringComparer.Ordinal))
        {
            html.Append("<tr><td>").Append(Escape(measure.Name)).Append("</td>");
            foreach (var summary in summaries)
                html.Append("<td>").Append(Escape(summary.Measures.FirstOrDefault(m => m.Key == measure.Key)?.Text ?? "")).Append("</td>");
            html.Append("</tr>\n");
        }
        html.Append("</table>\n");
    }

    private static void BarCharts(StringBuilder html, IReadOnlyList<VariantSummary> summaries, bool isScenarioShown)
    {
        foreach (var (key, title) in ((string, string)[])[("goodput", "Goodput"), ("completion", "Completion time"), ("recovery", "Recovery after a fault"), ("wasted", "Received in vain")])
        {
            if (Bars(summaries, key, title, isScenarioShown) is { } chart)
                html.Append(chart).Append('\n');
        }
    }

    private static string? Bars(IReadOnlyList<VariantSummary> summaries, string key, string title, bool isScenarioShown)
    {
        var bars = summaries
            .Select(summary => (summary, measure: summary.Measures.FirstOrDefault(measure => measure.Key == key)))
            .Where(static pair => pair.measure is not null)
            .ToArray();
        return bars.Length == 0 ? null : SvgChart.Bars(
            title,
            bars[0].measure!.Name[(bars[0].measure!.Name.LastIndexOf(',') + 1)..].Trim(),
            [.. bars.Select(pair => (pair.summary.Label(isScenarioShown), pair.measure!.Estimate, pair.measure.Text))]);
    }

    private static void Findings(StringBuilder html, IReadOnlyList<VariantSummary> summaries)
    {
        var findings = ReportSummary.Findings(summaries).ToArray();
        if (findings.Length == 0)
            return;
        html.Append("<h2>What differs</h2>\n<ul>\n");
        foreach (var finding in findings)
            html.Append("<li>").Append(Escape(finding)).Append("</li>\n");
        html.Append("</ul>\n");
    }

    /// <summary>Of the first repetition: that of every variant has the same swarm.</summary>
    private static void LineCharts(StringBuilder html, LabReport report, bool isScenarioShown)
    {
        var runs = report.Runs.GroupBy(static run => (run.Scenario, run.Variant)).Select(static group => group.First()).Where(static run => run.Samples.Count > 1).ToArray();
        if (runs.Length == 0)
            return;
        var marks = runs.SelectMany(static run => run.Marks).Select(static mark => Math.Round(mark.Seconds, 1)).Distinct().ToArray();
        html.Append("<h2>Over time</h2>\n<p class=\"note\">The first repetition of each. Broken lines are injected faults.</p>\n");
        Chart("Rate", "MiB/s", RateOf, static run => run.Role != EngineRole.Probe);
        Chart("Connected", "peers", static (run, at) => run.Live > 0 ? Math.Max(run.Running, run.Live) : run.Running);
        foreach (var run in runs.Where(static run => run.Samples.Exists(static sample => sample.Running + sample.Waiting + sample.Connecting > 0)))
        {
            html.Append(SvgChart.Lines(
                $"Peers by state: {Label(run)}",
                "peers",
                [
                    Series("running", run, static (sample, _) => sample.Running),
                    Series("of these unchoking us", run, static (sample, _) => sample.Unchoking),
                    Series("connecting", run, static (sample, _) => sample.Connecting),
                    Series("waiting to be dialled again", run, static (sample, _) => sample.Waiting),
                ],
                marks)).Append('\n');
        }
        Chart("Processor", "% of a core", static (sample, before) => before is null || sample.Seconds <= before.Seconds ? 0 : (sample.CpuSeconds - before.CpuSeconds) / (sample.Seconds - before.Seconds) * 100);
        Chart("Resident memory", "MiB", static (sample, _) => sample.ResidentBytes / Mebi);
        Chart("Messages in mailboxes", "messages", static (sample, _) => sample.MailboxDepth, static run => run.PeakMailboxDepth > 0);
        Chart("Slowest mailbox", "ms", static (sample, _) => sample.MailboxWait, static run => run.Samples.Exists(static sample => sample.MailboxWait > 0));
        Chart("Faults so far", "faults", static (sample, _) => sample.Faults, static run => run.Samples[^1].Faults > 0);

        void Chart(string title, string unit, Func<LabSample, LabSample?, double> of, Func<LabRunResult, bool>? where = null)
        {
            var shown = where is null ? runs : [.. runs.Where(where)];
            if (shown.Length > 0)
                html.Append(SvgChart.Lines(title, unit, [.. shown.Select(run => Series(Label(run), run, of))], marks)).Append('\n');
        }

        string Label(LabRunResult run) => new VariantSummary(run.Scenario, run.Variant, 1, 1, []).Label(isScenarioShown);
    }

    private static double RateOf(LabSample sample, LabSample? before)
    {
        if (before is null || sample.Seconds <= before.Seconds)
            return 0;
        var bytes = Math.Max(sample.Downloaded - before.Downloaded, sample.Uploaded - before.Uploaded);
        return bytes / (sample.Seconds - before.Seconds) / Mebi;
    }

    private static ChartSeries Series(string name, LabRunResult run, Func<LabSample, LabSample?, double> of)
    {
        var points = new List<(double, double)>();
        LabSample? before = null;
        foreach (var sample in run.Samples)
        {
            if (before is not null && sample.Seconds - before.Seconds < Step)
                continue;
            points.Add((sample.Seconds, of(sample, before)));
            before = sample;
        }
        return new ChartSeries(name, points);
    }

    private static void Causes(StringBuilder html, LabReport report, bool isScenarioShown)
    {
        var groups = report.Runs.GroupBy(static run => (run.Scenario, run.Variant)).ToArray();
        var kinds = report.Runs.SelectMany(static run => run.Faults).Select(static fault => (fault.Cause, fault.Action)).Distinct().Order().ToArray();
        if (kinds.Length == 0)
            return;
        html.Append("<h2>Faults by cause, and what supervision did</h2>\n<p class=\"note\">Means a run.</p>\n<table><tr><th>cause</th><th>action</th>");
        foreach (var group in groups)
            html.Append("<th>").Append(Escape(new VariantSummary(group.Key.Scenario, group.Key.Variant, 0, 0, []).Label(isScenarioShown))).Append("</th>");
        html.Append("</tr>\n");
        foreach (var (cause, action) in kinds)
        {
            html.Append("<tr><td>").Append(Escape(cause)).Append("</td><td>").Append(Escape(action)).Append("</td>");
            foreach (var group in groups)
                html.Append("<td>").Append(Measure.Number(group.Average(run => (double)run.Faults.Where(fault => fault.Cause == cause && fault.Action == action).Sum(static fault => fault.Count)))).Append("</td>");
            html.Append("</tr>\n");
        }
        html.Append("</table>\n");
    }

    private static void Outcomes(StringBuilder html, LabReport report)
    {
        foreach (var run in report.Runs.Where(static run => run.Outcomes.Count > 0))
        {
            html.Append(CultureInfo.InvariantCulture, $"<h2>Outcomes of {Escape(run.Scenario)}, repetition {run.Repetition}</h2>\n<table><tr><th>outcome</th><th>peers</th></tr>\n");
            foreach (var (outcome, count) in run.Outcomes)
                html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Escape(outcome)}</td><td>{count}</td></tr>\n");
            html.Append(CultureInfo.InvariantCulture, $"</table>\n<p>{run.WrongOutcomes} are not what the peer's script says.</p>\n");
        }
    }

    private static void Runs(StringBuilder html, LabReport report)
    {
        html.Append("<h2>Every run</h2>\n<table><tr><th>scenario</th><th>variant</th><th>repetition</th><th>seed</th><th>complete after, s</th><th>MiB/s</th><th>wasted, MiB</th><th>restarts</th><th>recoveries, s</th></tr>\n");
        foreach (var run in report.Runs)
        {
            var recoveries = string.Join(", ", run.Recoveries.Select(static recovery => $"{(recovery.IsReached ? "" : "≥ ")}{recovery.Seconds.ToString("0.0", CultureInfo.InvariantCulture)}"));
            html.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{Escape(run.Scenario)}</td><td>{Escape(run.Variant)}</td><td>{run.Repetition}</td><td>{run.Seed}</td><td>{(run.CompletedAfter is { } after ? after.ToString("0.00", CultureInfo.InvariantCulture) : run.IsInterrupted ? "stopped" : "no")}</td><td>{run.Goodput / Mebi:0.00}</td><td>{run.Wasted / Mebi:0.00}</td><td>{run.Restarts}</td><td>{recoveries}</td></tr>\n");
        }
        html.Append("</table>\n");
    }

    private static void Conditions(StringBuilder html, LabReport report)
    {
        html.Append("<h2>To run it again</h2>\n<ul>\n");
        html.Append(CultureInfo.InvariantCulture, $"<li>ActorTorrent {Escape(report.Version)}, {Escape(report.Runtime)}</li>\n<li>{Escape(report.Machine)}</li>\n<li>{report.Started:yyyy-MM-dd HH:mm} UTC</li>\n");
        html.Append("<li>under load: ").Append(Escape(report.Target ?? "the own engine")).Append("</li>\n<li>seeds: ")
            .Append(Escape(string.Join(", ", report.Runs.Select(static run => run.Seed).Distinct()))).Append("</li>\n</ul>\n");
        foreach (var scenario in report.Scenarios)
            html.Append("<h3>").Append(Escape(scenario.Name)).Append("</h3>\n<pre>").Append(Escape(scenario.Text)).Append("</pre>\n");
    }

    private static bool Exists<T>(this IReadOnlyList<T> items, Func<T, bool> matches) => items.Any(matches);

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
