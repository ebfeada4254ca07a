using ActorTorrent.Lab.Scenarios;

namespace ActorTorrent.Lab.Reports;

/// <summary>Boils runs down to measures with intervals, and says which differ.</summary>
public static class ReportSummary
{
    private const double Mebi = 1 << 20;

    /// <summary>The variants in the order of their first run.</summary>
    public static IReadOnlyList<VariantSummary> Of(LabReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return
        [
            .. report.Runs.Where(static run => !run.IsInterrupted).GroupBy(static run => (run.Scenario, run.Variant)).Select(static group =>
                new VariantSummary(group.Key.Scenario, group.Key.Variant, group.Count(), group.Count(static run => run.CompletedAfter is not null), [.. Measures([.. group])])),
        ];
    }

    /// <summary>What the intervals say of each pair of variants, by the measures that matter most.</summary>
    public static IReadOnlyList<Comparison> Compare(IReadOnlyList<VariantSummary> summaries)
    {
        ArgumentNullException.ThrowIfNull(summaries);
        var comparisons = new List<Comparison>();
        string[] keys = ["goodput", "completion", "recovery", "fairness"];
        foreach (var key in keys)
        {
            var all = summaries.Select(summary => (Summary: summary, Measure: summary.Measures.FirstOrDefault(measure => measure.Key == key)))
                .Where(static pair => pair.Measure is { Estimate.HalfWidth: not double.NaN }).ToArray();
            for (var i = 0; i < all.Length; i++)
            {
                for (var j = i + 1; j < all.Length; j++)
                {
                    var (a, b) = (all[i], all[j]);
                    var isOneScenario = a.Summary.Scenario == b.Summary.Scenario;
                    comparisons.Add(new Comparison(
                        a.Summary.Label(!isOneScenario), b.Summary.Label(!isOneScenario), a.Measure!.Name, a.Measure, b.Measure!, isOneScenario));
                }
            }
        }
        return comparisons;
    }

    private static IEnumerable<Measure> Measures(LabRunResult[] runs)
    {
        var first = runs[0];
        if (first.Role == EngineRole.Probe)
        {
            yield return Make("completion", "probed in, s", runs.Select(static run => run.CompletedAfter ?? run.Seconds));
            yield return Make("wrong", "wrong outcomes", runs.Select(static run => (double)run.WrongOutcomes));
        }
        else
        {
            yield return Make("goodput", "goodput, MiB/s", runs.Select(static run => run.Goodput / Mebi));
            if (first.Role == EngineRole.Download)
            {
                yield return Make("completion", "completion, s", runs.Select(static run => run.CompletedAfter ?? run.Seconds)) with
                {
                    AtLeast = runs.Count(static run => run.CompletedAfter is null),
                };
            }
            var recoveries = runs.Select(static run => run.Recoveries).Where(static recoveries => recoveries.Count > 0).ToArray();
            if (recoveries.Length > 0)
            {
                // A mean a run: the faults of one run are not independent of each other.
                yield return Make("recovery", "recovery after a fault, s", recoveries.Select(static some => some.Average(static one => one.Seconds))) with
                {
                    AtLeast = recoveries.Sum(static some => some.Count(static one => !one.IsReached)),
                };
            }
            yield return Make("wasted", "wasted, MiB", runs.Select(static run => run.Wasted / Mebi));
            yield return Make("restarts", "restarts of peers", runs.Select(static run => (double)run.Restarts));
            yield return Make("returned", "blocks returned at faults", runs.Select(static run => (double)run.BlocksReturned));
            if (first.Role == EngineRole.Seed && runs.All(static run => run.Fairness is not null))
                yield return Make("fairness", "fairness to the peers (Jain; 1: all got the same)", runs.Select(static run => run.Fairness!.Value));
            if (runs.Any(static run => run.PeakLive > 0))
            {
                yield return Make("connected", "most connections", runs.Select(static run => (double)run.PeakLive));
                yield return Make("connecting", "until 99 % of these, s", runs.Select(static run => run.ConnectedAfter ?? 0));
                yield return Make("held", "fewest after that", runs.Select(static run => (double)run.HeldLive));
            }
        }
        yield return Make("cpu", "CPU, s", runs.Select(static run => run.CpuSeconds));
        yield return Make("memory", "most resident memory, MiB", runs.Select(static run => run.PeakResidentBytes / Mebi));
        if (runs.Any(static run => run.PeakLive > 500))
        {
            yield return Make("memory-per-peer", "resident KiB a peer over the start's", runs.Select(static run =>
                run.PeakLive == 0 ? 0 : (run.PeakResidentBytes - run.Samples[0].ResidentBytes) / 1024.0 / run.PeakLive));
        }
        if (runs.Any(static run => run.PeakMailboxDepth > 0))
            yield return Make("mailboxes", "most messages in mailboxes", runs.Select(static run => (double)run.PeakMailboxDepth));
    }

    private static Measure Make(string key, string name, IEnumerable<double> values)
    {
        double[] all = [.. values];
        return new Measure(key, name, Estimate.Of(all)!) { Values = all };
    }
}
