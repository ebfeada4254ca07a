namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>The medians of one program in one row.</summary>
internal sealed class TransferSummary
{
    private const double Gibibyte = 1L << 30;

    /// <summary>Takes the medians.</summary>
    /// <param name="client">The program.</param>
    /// <param name="samples">At least one sample.</param>
    public TransferSummary(TransferClient client, IReadOnlyList<TransferSample> samples)
    {
        Client = client;
        Rounds = samples.Count;
        Wall = Median(samples, static s => s.Wall)!.Value;
        FromFirst = Median(samples, static s => s.Wall - s.FirstPayload);
        FirstPayload = Median(samples, static s => s.FirstPayload);
        MegabytesPerSecond = Median(samples, static s => s.Bytes / 1e6 / s.Wall)!.Value;
        Cpu = Median(samples, static s => s.Cpu)!.Value;
        CpuPerGibibyte = Median(samples, static s => s.Cpu / (s.Bytes / Gibibyte))!.Value;
        PeakResident = Median(samples, static s => s.PeakResident)!.Value;
        PeakAnonymous = Median(samples, static s => s.PeakAnonymous)!.Value;
        AllocatedPerGibibyte = Median(samples, static s => s.Allocated / (s.Bytes / Gibibyte));
        Gen2 = Median(samples, static s => s.Gen2);
        Collections = Median(samples, static s => s.Collections);
        GcPause = Median(samples, static s => s.GcPause);
    }

    public TransferClient Client { get; }

    public int Rounds { get; }

    public double Wall { get; }

    public double? FromFirst { get; }

    public double? FirstPayload { get; }

    public double MegabytesPerSecond { get; }

    public double Cpu { get; }

    public double CpuPerGibibyte { get; }

    public double PeakResident { get; }

    public double PeakAnonymous { get; }

    public double? AllocatedPerGibibyte { get; }

    public double? Gen2 { get; }

    public double? Collections { get; }

    public double? GcPause { get; }

    /// <summary>The medians of a row, a program each.</summary>
    public static IReadOnlyList<TransferSummary> Of(TransferRow row, IEnumerable<TransferSample> samples) =>
    [
        .. samples
            .Where(sample => string.Equals(sample.Row, row.Name, StringComparison.Ordinal))
            .GroupBy(static sample => sample.Client)
            .OrderBy(static group => group.Key)
            .Select(static group => new TransferSummary(group.Key, [.. group])),
    ];

    private static double? Median(IEnumerable<TransferSample> samples, Func<TransferSample, double?> of)
    {
        var sorted = samples.Select(of).OfType<double>().Order().ToArray();
        if (sorted.Length == 0)
            return null;
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
