using ActorTorrent.Lab.Running;

namespace ActorTorrent.Lab.Reports;

/// <summary>Measures recovery from the samples of a run.</summary>
public static class RecoveryMeter
{
    /// <summary>The rate before the first fault, by which all are measured, is the mean of so many seconds.</summary>
    private const double Baseline = 4;

    /// <summary>Rates are means of so many seconds.</summary>
    private const double Window = 1;

    /// <summary>What part of the rate before counts as recovered.</summary>
    private const double Enough = 0.9;

    /// <summary>A rate that has not fallen so long after a fault was not hurt by it.</summary>
    private const double Grace = 4;

    /// <summary>
    /// The recovery after each fault, by the rate before the first one: measured by the rate before itself, a fault would look mild once the
    /// ones before it have done their harm. None when nothing came before the first.
    /// </summary>
    public static IReadOnlyList<Recovery> Measure(LabRunResult run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var recoveries = new List<Recovery>();
        if (run.Marks.Count == 0 || RateBefore(run.Samples, run.Marks[0].Seconds) is not { } before)
            return recoveries;
        for (var i = 0; i < run.Marks.Count; i++)
        {
            var mark = run.Marks[i];
            var until = i + 1 < run.Marks.Count ? run.Marks[i + 1].Seconds : run.CompletedAfter ?? run.Seconds;
            recoveries.Add(MeasureOne(run.Samples, mark, until, before));
        }
        return recoveries;
    }

    /// <summary>Bytes received until a time, between samples by straight line.</summary>
    internal static double DownloadedAt(IReadOnlyList<LabSample> samples, double seconds)
    {
        if (samples.Count == 0)
            return 0;
        for (var i = 1; i < samples.Count; i++)
        {
            if (samples[i].Seconds < seconds)
                continue;
            var (a, b) = (samples[i - 1], samples[i]);
            var part = b.Seconds > a.Seconds ? Math.Clamp((seconds - a.Seconds) / (b.Seconds - a.Seconds), 0, 1) : 1;
            return a.Downloaded + ((b.Downloaded - a.Downloaded) * part);
        }
        return samples[^1].Downloaded;
    }

    private static double? RateBefore(IReadOnlyList<LabSample> samples, double seconds)
    {
        var from = Math.Max(0, seconds - Baseline);
        if (seconds - from < Window)
            return null;
        var rate = (DownloadedAt(samples, seconds) - DownloadedAt(samples, from)) / (seconds - from);
        return rate < 1 ? null : rate;
    }

    private static Recovery MeasureOne(IReadOnlyList<LabSample> samples, FaultMark mark, double until, double before)
    {
        var fallen = false;
        foreach (var sample in samples)
        {
            var at = sample.Seconds;
            if (at < mark.Seconds + Window || at > until)
                continue;
            var rate = (DownloadedAt(samples, at) - DownloadedAt(samples, at - Window)) / Window;
            if (rate < before * Enough)
                fallen = true;
            else if (fallen)
                return new Recovery(mark, Math.Round(at - mark.Seconds, 3), IsReached: true);
            else if (at > mark.Seconds + Grace)
                return new Recovery(mark, 0, IsReached: true);
        }
        return fallen ? new Recovery(mark, Math.Round(until - mark.Seconds, 3), IsReached: false) : new Recovery(mark, 0, IsReached: true);
    }
}
