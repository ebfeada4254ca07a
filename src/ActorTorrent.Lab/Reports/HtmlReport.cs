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
    private const string OpenTable = "<div class=\"wide\"><table>";
    private const string CloseTable = "</table></div>\n";

    /// <summary>Seconds between two points of a line.</summary>
    private const double Step = 0.5;

    /// <summary>Faults of several runs that are shown as one mark when they are so near to each other, in seconds.</summary>
    private const double MarksApart = 0.5;

    private const string Style = """
        :root{color-scheme:light dark;--ink:#222;--soft:#555;--ground:#fff;--line:#d5d5d5;--panel:#f6f6f6}
        @media(prefers-color-scheme:dark){:root{--ink:#e8e8e8;--soft:#a8adb5;--ground:#16181c;--line:#3a3f47;--panel:#1e2126}}
        body{font:16px/1.55 system-ui,sans-serif;margin:2.5rem auto;max-width:900px;padding:0 1.2rem;color:var(--ink);background:var(--ground)}
        h1{font-size:1.7rem;margin:0 0 .4rem}h2{font-size:1.25rem;margin:2.6rem 0 .4rem}h3{font-size:1rem;margin:1.6rem 0 .3rem}
        p{margin:.4rem 0}.soft,figcaption{color:var(--soft);font-size:.88rem}
        .wide{overflow-x:auto;margin:.8rem 0}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.92rem}
        th{font-weight:600;border-bottom:1.5px solid var(--ink)}
        td{border-bottom:1px solid var(--line)}
        th,td{padding:.28rem .8rem;text-align:right;vertical-align:top}
        th:first-child,td:first-child{white-space:nowrap}
        th:first-child,td:first-child,.l{text-align:left}
        th:first-child,td:first-child{position:sticky;left:0;background:var(--ground);padding-left:0}
        figure{margin:1.4rem 0;overflow-x:auto}figcaption{position:sticky;left:0}
        svg{display:block;width:100%;min-width:640px;height:auto}
        details{margin:.6rem 0}summary{cursor:pointer}
        pre{background:var(--panel);padding:1rem;overflow-x:auto;font-size:12.5px;line-height:1.4}
        @media print{:root{color-scheme:light}figure,table{break-inside:avoid}details>*{display:block}}
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
            .Append("</title><meta name=\"viewport\" content=\"width=device-width\"><link rel=\"icon\" href=\"data:,\"><style>").Append(Style).Append(SvgChart.Style).Append("</style></head><body>\n<h1>").Append(title).Append("</h1>\n");
        html.Append(
            CultureInfo.InvariantCulture,
            $"<p class=\"soft\">{report.Runs.Count} runs of {Escape(report.Target is { } target ? $"the client at {target}" : $"ActorTorrent {report.Version}")}, {report.Started:yyyy-MM-dd HH:mm} UTC, {Escape(report.Machine)}</p>\n");
        foreach (var scenario in report.Scenarios)
            html.Append("<p>").Append(isScenarioShown ? $"<b>{Escape(scenario.Name)}</b>: " : "").Append(Escape(scenario.Description)).Append("</p>\n");
        if (report.IsInterrupted)
            html.Append("<p><b>It was stopped before its end; runs that did not end are left out of the means.</b></p>\n");
        Table(html, summaries, isScenarioShown);
        BarCharts(html, summaries, isScenarioShown);
        Comparisons(html, summaries);
        LineCharts(html, report, isScenarioShown);
        Causes(html, report, isScenarioShown);
        Groups(html, report, isScenarioShown);
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
        return SvgChart.Alone(Bars(ReportSummary.Of(report), key, title, report.Scenarios.Count > 1) ?? SvgChart.Bars(title, "", []));
    }

    private static void Table(StringBuilder html, IReadOnlyList<VariantSummary> summaries, bool isScenarioShown)
    {
        if (summaries.Count == 0)
            return;
        html.Append("<h2>Measures</h2>\n<p class=\"soft\">Means over the repetitions ± half the 95 % confidence interval (Student's t). “≥” where not all runs came so far: the mean is then a lower bound.</p>\n").Append(OpenTable).Append("<tr><th></th>");
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
                html.Append("<td>").Append(Escape(Joined(summary.Measures.FirstOrDefault(m => m.Key == measure.Key)?.Text ?? ""))).Append("</td>");
            html.Append("</tr>\n");
        }
        html.Append(CloseTable);
    }

    private static void BarCharts(StringBuilder html, IReadOnlyList<VariantSummary> summaries, bool isScenarioShown)
    {
        foreach (var (key, title) in ((string, string)[])[("goodput", "Goodput"), ("completion", "Completion time"), ("recovery", "Recovery after a fault"), ("fairness", "Fairness to the peers"), ("wasted", "Received in vain")])
        {
            if (Bars(summaries, key, title, isScenarioShown) is { } chart)
                Figure(html, chart, summaries.Any(static summary => summary.Runs > 1) ? "Bars: means; whiskers: their 95 % confidence intervals; dots: the runs, in the order of their seeds. Hollow: a lower bound, which has none." : "One run each, so there is no interval: it shows what happened once, not what happens.");
        }
    }

    private static string? Bars(IReadOnlyList<VariantSummary> summaries, string key, string title, bool isScenarioShown)
    {
        var bars = summaries
            .Select(summary => (summary, measure: summary.Measures.FirstOrDefault(measure => measure.Key == key)))
            .Where(static pair => pair.measure is not null)
            .ToArray();
        return bars.Length == 0 || (key == "wasted" && bars.All(static bar => bar.measure!.Estimate.Mean == 0)) ? null : SvgChart.Bars(
            title,
            bars[0].measure!.Name[(bars[0].measure!.Name.LastIndexOf(',') + 1)..].Trim(),
            [.. bars.Select(pair => new ChartBar(pair.summary.Label(isScenarioShown), pair.measure!.Estimate, pair.measure.ShortText)
            {
                Values = pair.measure.Values.Count > 1 ? pair.measure.Values : [],
                IsLowerBound = pair.measure.AtLeast > 0,
            })]);
    }

    private static void Comparisons(StringBuilder html, IReadOnlyList<VariantSummary> summaries)
    {
        var comparisons = ReportSummary.Compare(summaries);
        if (comparisons.Count == 0)
            return;
        html.Append("<h2>What differs</h2>\n<p class=\"soft\">Intervals that overlap do not show that two are alike; they do not show that they differ. Differences are taken seed by seed, with the same swarm and the same faults on both sides, so they can be known more closely than either mean; one whose interval holds 0 is no difference shown.</p>\n").Append(OpenTable).Append("")
            .Append("<tr><th>measure</th><th class=\"l\">this</th><th class=\"l\">that</th><th>this − that, seed by seed</th><th class=\"l\">the 95 % intervals of both</th></tr>\n");
        foreach (var comparison in comparisons)
        {
            html.Append("<tr><td>").Append(Escape(comparison.Name)).Append("</td><td class=\"l\">").Append(Escape($"{comparison.A}: {Joined(comparison.OfA.Text)}"))
                .Append("</td><td class=\"l\">").Append(Escape($"{comparison.B}: {Joined(comparison.OfB.Text)}")).Append("</td><td>")
                .Append(comparison.Difference is { } difference ? Joined($"{(difference.Mean > 0 ? "+" : "")}{Measure.Interval(difference)}") : "")
                .Append("</td><td class=\"l\">").Append(Escape(comparison.Verdict)).Append("</td></tr>\n");
        }
        html.Append(CloseTable);
    }

    private static void LineCharts(StringBuilder html, LabReport report, bool isScenarioShown)
    {
        var variants = report.Runs.Where(static run => run.Samples.Count > 1).GroupBy(static run => (run.Scenario, run.Variant)).Select(static group => group.ToArray()).ToArray();
        if (variants.Length == 0)
            return;
        var firsts = variants.Select(static runs => runs[0]).ToArray();
        var marks = new List<double>();
        foreach (var mark in firsts.SelectMany(static run => run.Marks).Select(static mark => mark.Seconds).Order())
        {
            if (marks.Count == 0 || mark - marks[^1] > MarksApart)
                marks.Add(mark);
        }
        var note = $"{(variants.Any(static runs => runs.Length > 1) ? "Strong lines: the first repetition; faint ones: the others." : "One run each.")}{(marks.Count > 0 ? " Broken lines (▾): injected faults." : "")}";
        html.Append("<h2>Over time</h2>\n");
        Chart("Rate", "MiB/s", RateOf, static run => run.Role != EngineRole.Probe);
        Chart("Connected", "peers", static (sample, _) => sample.Live > 0 ? Math.Max(sample.Running, sample.Live) : sample.Running);
        foreach (var run in firsts.Where(static run => run.Samples.Exists(static sample => sample.Running + sample.Waiting + sample.Connecting > 0)))
        {
            Figure(
                html,
                SvgChart.Lines(
                    $"Peers by state: {Label(run)}",
                    "peers",
                    [
                        Series("running", run, static (sample, _) => sample.Running),
                        Series("of these unchoking us", run, static (sample, _) => sample.Unchoking) with { Colour = 1 },
                        Series("connecting", run, static (sample, _) => sample.Connecting) with { Colour = 2 },
                        Series("waiting to be dialled again", run, static (sample, _) => sample.Waiting) with { Colour = 3 },
                    ],
                    marks),
                "The first repetition, as the engine sees it.");
        }
        Chart("Processor", "% of a core", static (sample, before) => before is null || sample.Seconds <= before.Seconds ? 0 : (sample.CpuSeconds - before.CpuSeconds) / (sample.Seconds - before.Seconds) * 100);
        Chart("Resident memory", "MiB", static (sample, _) => sample.ResidentBytes / Mebi);
        Chart("Messages in mailboxes", "messages", static (sample, _) => sample.MailboxDepth, static run => run.PeakMailboxDepth > 0);
        Chart("Slowest mailbox", "ms", static (sample, _) => sample.MailboxWait, static run => run.Samples.Exists(static sample => sample.MailboxWait > 0));
        Chart("Faults so far", "faults", static (sample, _) => sample.Faults, static run => run.Samples[^1].Faults > 0);

        void Chart(string title, string unit, Func<LabSample, LabSample?, double> of, Func<LabRunResult, bool>? where = null)
        {
            var lines = variants.SelectMany((runs, colour) => runs.Where(run => where is null || where(run))
                .Select((run, i) => Series(Label(run), run, of) with { Colour = colour, IsFaint = i > 0 })).ToArray();
            if (lines.Length > 0)
                Figure(html, SvgChart.Lines(title, unit, lines, marks), note);
        }

        string Label(LabRunResult run) => new VariantSummary(run.Scenario, run.Variant, 1, 1, []).Label(isScenarioShown);
    }

    private static void Figure(StringBuilder html, string chart, string caption) =>
        html.Append("<figure>").Append(chart).Append("<figcaption>").Append(Escape(caption)).Append("</figcaption></figure>\n");

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
        html.Append("<h2>Faults by cause, and what supervision did</h2>\n<p class=\"soft\">Means a run.</p>\n").Append(OpenTable).Append("<tr><th>cause</th><th class=\"l\">action</th>");
        foreach (var group in groups)
            html.Append("<th>").Append(Escape(new VariantSummary(group.Key.Scenario, group.Key.Variant, 0, 0, []).Label(isScenarioShown))).Append("</th>");
        html.Append("</tr>\n");
        foreach (var (cause, action) in kinds)
        {
            html.Append("<tr><td>").Append(Escape(cause)).Append("</td><td class=\"l\">").Append(Escape(action)).Append("</td>");
            foreach (var group in groups)
                html.Append("<td>").Append(Measure.Number(group.Average(run => (double)run.Faults.Where(fault => fault.Cause == cause && fault.Action == action).Sum(static fault => fault.Count)))).Append("</td>");
            html.Append("</tr>\n");
        }
        html.Append(CloseTable);
    }

    /// <summary>What the peers say of a run, which should agree with what the engine says.</summary>
    private static void Groups(StringBuilder html, LabReport report, bool isScenarioShown)
    {
        var variants = report.Runs.Where(static run => run.Groups.Count > 0).GroupBy(static run => (run.Scenario, run.Variant)).ToArray();
        if (variants.Length == 0)
            return;
        var hasEngines = report.Runs.Any(static run => run.Groups.Any(static group => group.Completed > 0));
        html.Append("<h2>What the peers saw</h2>\n<p class=\"soft\">Means a run, summed over the peers of a group.</p>\n").Append(OpenTable).Append("<tr><th>variant</th><th class=\"l\">group</th><th>peers</th><th>connections</th><th>handshakes</th><th>sent, MiB</th><th>received, MiB</th><th>blocks corrupted</th><th>broken off by us</th>")
            .Append(hasEngines ? "<th>complete</th>" : "").Append("</tr>\n");
        foreach (var variant in variants)
        {
            var label = Escape(new VariantSummary(variant.Key.Scenario, variant.Key.Variant, 0, 0, []).Label(isScenarioShown));
            foreach (var group in variant.SelectMany(static run => run.Groups).GroupBy(static group => group.Group, StringComparer.Ordinal))
            {
                double Mean(Func<GroupCounts, double> of) => group.Sum(of) / variant.Count();
                html.Append("<tr><td>").Append(label).Append("</td><td class=\"l\">").Append(Escape(group.Key)).Append("</td>");
                double[] values = [Mean(static g => g.Peers), Mean(static g => g.Connections), Mean(static g => g.Handshakes), Mean(static g => g.Sent / Mebi), Mean(static g => g.Received / Mebi), Mean(static g => g.CorruptBlocks), Mean(static g => g.Resets)];
                foreach (var value in hasEngines ? [.. values, Mean(static g => g.Completed)] : values)
                    html.Append("<td>").Append(Whole(value)).Append("</td>");
                html.Append("</tr>\n");
            }
        }
        html.Append(CloseTable);

        static string Whole(double value) => value == Math.Floor(value) ? value.ToString("0", CultureInfo.InvariantCulture) : Measure.Number(value);
    }

    private static void Outcomes(StringBuilder html, LabReport report)
    {
        foreach (var run in report.Runs.Where(static run => run.Outcomes.Count > 0))
        {
            html.Append(CultureInfo.InvariantCulture, $"<h2>Outcomes of {Escape(run.Scenario)}, repetition {run.Repetition}</h2>\n{OpenTable}<tr><th>outcome</th><th>peers</th></tr>\n");
            foreach (var (outcome, count) in run.Outcomes)
                html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Escape(outcome)}</td><td>{count}</td></tr>\n");
            html.Append(CultureInfo.InvariantCulture, $"{CloseTable}<p>{run.WrongOutcomes} are not what the peer's script says.</p>\n");
        }
    }

    private static void Runs(StringBuilder html, LabReport report)
    {
        html.Append("<h2>Every run</h2>\n<p class=\"soft\">“≥”: not recovered by then. Recovered: nine tenths of the rate before the first fault; 0: the fault did not lower it.</p>\n").Append(OpenTable).Append("<tr><th>scenario</th><th class=\"l\">variant</th><th>repetition</th><th>seed</th><th>complete after, s</th><th>MiB/s</th><th>wasted, MiB</th><th>restarts</th><th>recoveries, s</th></tr>\n");
        foreach (var run in report.Runs)
        {
            var recoveries = string.Join(", ", run.Recoveries.Select(static recovery => $"{(recovery.IsReached ? "" : "≥ ")}{recovery.Seconds.ToString("0.0", CultureInfo.InvariantCulture)}"));
            html.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{Escape(run.Scenario)}</td><td class=\"l\">{Escape(run.Variant)}</td><td>{run.Repetition}</td><td>{run.Seed}</td><td>{(run.CompletedAfter is { } after ? after.ToString("0.00", CultureInfo.InvariantCulture) : run.IsInterrupted ? "stopped" : "no")}</td><td>{run.Goodput / Mebi:0.00}</td><td>{run.Wasted / Mebi:0.00}</td><td>{run.Restarts}</td><td>{recoveries}</td></tr>\n");
        }
        html.Append(CloseTable);
    }

    private static void Conditions(StringBuilder html, LabReport report)
    {
        html.Append("<h2>To run it again</h2>\n<ul>\n");
        html.Append(CultureInfo.InvariantCulture, $"<li>ActorTorrent {Escape(report.Version)}, {Escape(report.Runtime)}</li>\n<li>{Escape(report.Machine)}</li>\n<li>{report.Started:yyyy-MM-dd HH:mm} UTC</li>\n");
        html.Append("<li>under load: ").Append(Escape(report.Target ?? "the own engine")).Append("</li>\n<li>seeds: ")
            .Append(Escape(string.Join(", ", report.Runs.Select(static run => run.Seed).Distinct()))).Append("</li>\n</ul>\n");
        foreach (var scenario in report.Scenarios)
            html.Append("<details open><summary>").Append(Escape(scenario.Name)).Append(".json</summary><pre>").Append(Escape(scenario.Text)).Append("</pre></details>\n");
    }

    private static bool Exists<T>(this IReadOnlyList<T> items, Func<T, bool> matches) => items.Any(matches);

    /// <summary>A number and its interval are not broken over two lines.</summary>
    private static string Joined(string text) => text.Replace(" ± ", "\u00a0±\u00a0", StringComparison.Ordinal).Replace("≥ ", "≥\u00a0", StringComparison.Ordinal);

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
