using System.Globalization;
using System.Text;

namespace ActorTorrent.Lab.Reports;

/// <summary>The report for spreadsheets (RFC 4180): a line a run, a line a sample.</summary>
public static class CsvReport
{
    /// <summary>A line a run.</summary>
    public static string Runs(LabReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var csv = new StringBuilder("scenario,variant,repetition,seed,completed_after_s,seconds,goodput_bytes_per_s,wasted_bytes,restarts,blocks_returned,failed_pieces,recovery_s,recoveries,recoveries_reached,cpu_s,peak_resident_bytes,peak_connections,fewest_connections_after,wrong_outcomes\n");
        foreach (var run in report.Runs)
        {
            var recoveries = run.Recoveries;
            csv.Append(
                CultureInfo.InvariantCulture,
                $"{Field(run.Scenario)},{Field(run.Variant)},{run.Repetition},{run.Seed},{run.CompletedAfter},{run.Seconds},{run.Goodput:0},{run.Wasted},{run.Restarts},{run.BlocksReturned},{run.FailedPieces},{(recoveries.Count == 0 ? null : recoveries.Average(static r => r.Seconds)):0.###},{recoveries.Count},{recoveries.Count(static r => r.IsReached)},{run.CpuSeconds:0.###},{run.PeakResidentBytes},{run.PeakLive},{run.HeldLive},{run.WrongOutcomes}\n");
        }
        return csv.ToString();
    }

    /// <summary>A line a sample.</summary>
    public static string Samples(LabReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var csv = new StringBuilder("scenario,variant,repetition,seconds,downloaded,verified,uploaded,wasted,waiting,connecting,running,unchoking,peers_live,faults,cpu_s,resident_bytes,mailbox_depth,mailbox_wait_ms\n");
        foreach (var run in report.Runs)
        {
            foreach (var s in run.Samples)
            {
                csv.Append(
                    CultureInfo.InvariantCulture,
                    $"{Field(run.Scenario)},{Field(run.Variant)},{run.Repetition},{s.Seconds},{s.Downloaded},{s.Verified},{s.Uploaded},{s.Wasted},{s.Waiting},{s.Connecting},{s.Running},{s.Unchoking},{s.Live},{s.Faults},{s.CpuSeconds:0.###},{s.ResidentBytes},{s.MailboxDepth},{s.MailboxWait:0.###}\n");
            }
        }
        return csv.ToString();
    }

    private static string Field(string text) =>
        text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
