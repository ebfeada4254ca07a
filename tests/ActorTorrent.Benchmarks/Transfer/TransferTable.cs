using System.Globalization;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>Writes results as Markdown.</summary>
internal static class TransferTable
{
    private const double Mebibyte = 1 << 20;

    /// <summary>The name of a program in tables and charts.</summary>
    public static string NameOf(TransferClient client) => client switch
    {
        TransferClient.Ours => "ActorTorrent",
        TransferClient.Libtorrent => "libtorrent",
        TransferClient.Aria2 => "aria2",
        TransferClient.Transmission => "transmission",
        _ => throw new ArgumentOutOfRangeException(nameof(client)),
    };

    public static void Write(TransferResults results, TextWriter output)
    {
        output.WriteLine(results.Setting);
        output.WriteLine(results.ProgramsLine);
        output.WriteLine($"`{results.Command}`");
        foreach (var row in TransferRow.All)
        {
            var summaries = TransferSummary.Of(row, results.Samples);
            var failures = results.Failures.Where(failure => string.Equals(failure.Row, row.Name, StringComparison.Ordinal)).ToArray();
            if (summaries.Count > 0 || failures.Length > 0)
                Write(row, summaries, failures, output);
        }
    }

    /// <summary>What a reader has to know of a row beside its figures: how many rounds, who was left out, who failed.</summary>
    public static string Remark(TransferRow row, IReadOnlyList<TransferSummary> summaries, IEnumerable<TransferFailure> failures)
    {
        var most = summaries.Count == 0 ? 0 : summaries.Max(static s => s.Rounds);
        var parts = new List<string> { $"medians of {Number(most, "0")}" };
        parts.AddRange(summaries.Where(s => s.Rounds < most).Select(static s => $"{NameOf(s.Client)} of {Number(s.Rounds, "0")}"));
        if (row.RoundsOf(TransferClient.Transmission, 1) == 0)
            parts.Add("without transmission, which was not done in 240 s");
        parts.AddRange(failures.GroupBy(static failure => failure.Client).Select(static group => $"{NameOf(group.Key)} failed {(group.Count() == 1 ? "once" : "twice")}"));
        return string.Join("; ", parts);
    }

    private static void Write(TransferRow row, IReadOnlyList<TransferSummary> summaries, IReadOnlyList<TransferFailure> failures, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"**{row.Title}** ({Remark(row, summaries, failures)})");
        output.WriteLine();
        foreach (var failure in failures)
            output.WriteLine($"{NameOf(failure.Client)} failed: {failure.What.Split('\n')[0]}");
        if (failures.Count > 0)
            output.WriteLine();
        if (summaries.Count == 0)
            return;
        output.WriteLine("| | wall s | s from the first payload | ms to the first payload | MB/s | CPU s | CPU s/GiB | peak RSS MiB | peak anonymous MiB | allocated MiB/GiB | GCs (gen 2), ms paused |");
        output.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var s in summaries)
        {
            var collections = s.Gen2 is null ? "" : $"{Number(s.Collections, "0")} ({Number(s.Gen2, "0")}), {Number(s.GcPause, "0.0")}";
            output.WriteLine(
                $"| {NameOf(s.Client)} | {Number(s.Wall, "0.00")} | {Number(s.FromFirst, "0.00")} | {Number(s.FirstPayload * 1000, "0")} | {Number(s.MegabytesPerSecond, "0")} | {Number(s.Cpu, "0.00")} | {Number(s.CpuPerGibibyte, "0.00")} | {Number(s.PeakResident / Mebibyte, "0")} | {Number(s.PeakAnonymous / Mebibyte, "0")} | {Number(s.AllocatedPerGibibyte / Mebibyte, "0.0")} | {collections} |");
        }
        var ours = summaries.FirstOrDefault(static s => s.Client == TransferClient.Ours);
        var others = summaries.Where(static s => s.Client != TransferClient.Ours).ToArray();
        if (ours is null)
            return;
        output.WriteLine();
        output.WriteLine("| goal | ours | best other | ratio | goal | |");
        output.WriteLine("|---|--:|--:|--:|--:|---|");
        void Ratio(string what, Func<TransferSummary, double?> of, string format, double goal, bool isMore)
        {
            var values = others.Select(of).OfType<double>().ToArray();
            if (values.Length == 0 || of(ours) is not { } own)
                return;
            var best = isMore ? values.Max() : values.Min();
            var ratio = own / best;
            var isMet = isMore ? ratio >= goal : ratio <= goal;
            output.WriteLine($"| {what} | {Number(own, format)} | {Number(best, format)} | {Number(ratio, "0.00")} | {(isMore ? "≥" : "≤")} {Number(goal, "0.00")} | {Verdict(isMet)} |");
        }
        void Limit(string what, double? own, string format, double goal)
        {
            if (own is { } value)
                output.WriteLine($"| {what} | {Number(value, format)} | | | ≤ {Number(goal, "0")} | {Verdict(value <= goal)} |");
        }
        if (row.IsSeeding)
        {
            Ratio("MB/s", static s => s.MegabytesPerSecond, "0", 1.2, isMore: true);
            Ratio("CPU s/GiB", static s => s.CpuPerGibibyte, "0.00", 0.8, isMore: false);
        }
        else
        {
            Ratio("wall s", static s => s.Wall, "0.00", 0.8, isMore: false);
            Ratio("CPU s", static s => s.Cpu, "0.00", 0.65, isMore: false);
            Ratio("ms to the first payload", static s => s.FirstPayload * 1000, "0", 0.5, isMore: false);
            Limit("peak anonymous MiB", ours.PeakAnonymous / Mebibyte, "0", 128);
        }
        Limit("allocated MiB/GiB", ours.AllocatedPerGibibyte / Mebibyte, "0.0", 8);
        Limit("collections of generation 2", ours.Gen2, "0", 0);
    }

    private static string Verdict(bool isMet) => isMet ? "met" : "missed";

    /// <summary>A number as tables show it; nothing for none.</summary>
    public static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
