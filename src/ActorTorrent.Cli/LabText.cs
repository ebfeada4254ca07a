using System.Globalization;
using ActorTorrent.Lab.Reports;
using ActorTorrent.Lab.Scenarios;

namespace ActorTorrent.Cli;

/// <summary>What runs came to, in words.</summary>
internal static class LabText
{
    /// <summary>One run.</summary>
    public static IEnumerable<string> Lines(LabRunResult run)
    {
        if (run.Outcomes.Count > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{run.Outcomes.Sum(static count => count.Count)} peers probed in {run.CompletedAfter:0.00} s, {run.WrongOutcomes} outcomes wrong: {string.Join(", ", run.Outcomes.Select(static count => $"{count.Count} {count.Outcome}"))}");
        }
        else if (run.Role == EngineRole.Download)
        {
            yield return run.CompletedAfter is { } after
                ? string.Create(CultureInfo.InvariantCulture, $"complete after {after:0.00} s, {Text.Rate(run.Goodput)}{(run.IsVerified switch { true => ", verified", false => ", FILES DIFFER", _ => "" })}")
                : string.Create(CultureInfo.InvariantCulture, $"not complete after {run.Seconds:0.0} s{(run.Stuck is { } stuck ? $": {stuck}" : "")}");
        }
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{Text.Bytes(run.Wasted)} wasted, {run.Restarts} restarts, {run.Faults.Sum(static fault => fault.Count)} faults, CPU {run.CpuSeconds:0.0} s, at most {Text.Bytes(run.PeakResidentBytes)} resident");
        if (run.PeakLive > 0 && run.Outcomes.Count == 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"at most {run.PeakLive} connections, nearly all after {run.ConnectedAfter:0.0} s, {run.HeldLive} at least from then on");
        }
        foreach (var recovery in run.Recoveries)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{recovery.Mark.Seconds:0.0} s {recovery.Mark.Name}: {(recovery.IsReached ? $"recovered after {recovery.Seconds.ToString("0.0", CultureInfo.InvariantCulture)} s" : $"not recovered within {recovery.Seconds.ToString("0.0", CultureInfo.InvariantCulture)} s")}");
        }
    }

    /// <summary>All runs, a line a measure of a variant.</summary>
    public static IEnumerable<string> Summary(LabReport report)
    {
        var summaries = ReportSummary.Of(report);
        if (summaries.Count == 0)
            yield break;
        yield return "";
        foreach (var summary in summaries)
        {
            yield return $"{summary.Scenario}: {summary.Variant} ({summary.Runs} runs, {summary.Completed} complete)";
            foreach (var measure in summary.Measures)
                yield return $"  {measure.Name,-34} {measure.Text}";
        }
        foreach (var comparison in ReportSummary.Compare(summaries))
            yield return comparison.Sentence;
    }
}
