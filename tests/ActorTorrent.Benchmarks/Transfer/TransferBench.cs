using System.Diagnostics;
using System.Globalization;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>
/// Runs the rows. In each round every program does the row's transfer once, in an order that moves on by one a round, so that what
/// else the machine does meets all of them.
/// </summary>
internal sealed class TransferBench(TransferOptions options, IReadOnlyDictionary<TransferClient, IMeasuredClient> clients, string folder, TextWriter log)
{
    private const long WarmUpSize = 32L << 20;

    private readonly List<TransferSample> _samples = [];
    private int _scenes;

    /// <summary>The samples so far.</summary>
    public IReadOnlyList<TransferSample> Samples => _samples;

    public async Task RunAsync(CancellationToken stop)
    {
        var content = await Content.MakeAsync(Path.Combine(folder, "content"), options.Size, options.PieceLength, stop);
        if (options.WarmsUp)
        {
            Touch(options.Size * options.Rows.Max(static row => row.IsSeeding ? row.Peers : 1));
            var small = await Content.MakeAsync(
                Path.Combine(folder, "warm-up"), Math.Min(WarmUpSize, options.Size), Math.Min(options.PieceLength, 1 << 18), stop);
            foreach (var (client, _) in clients)
                await OneAsync(options.Rows[0], client, small, stop);
        }
        foreach (var row in options.Rows)
        {
            var takingPart = options.Clients.Where(row.HasRoomFor).ToArray();
            for (var round = 0; round < options.Rounds; round++)
            {
                for (var i = 0; i < takingPart.Length; i++)
                {
                    var sample = await OneAsync(row, takingPart[(i + round) % takingPart.Length], content, stop);
                    _samples.Add(sample);
                    await log.WriteLineAsync(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{row.Name} {round + 1}/{options.Rounds} {TransferTable.NameOf(sample.Client)}: {sample.Wall:0.00} s, first payload {sample.FirstPayload * 1000:0} ms, CPU {sample.Cpu:0.00} s, anonymous {sample.PeakAnonymous >> 20} MiB"));
                }
            }
        }
    }

    private async Task<TransferSample> OneAsync(TransferRow row, TransferClient client, Content content, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(options.Deadline);
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"scene-{++_scenes}"));
        try
        {
            await using var scene = await TransferScene.OpenAsync(content, options, path);
            return row.IsSeeding
                ? await SeedAsync(row, client, scene, deadline.Token)
                : await FetchAsync(row, client, scene, deadline.Token);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException($"{row.Name}, {TransferTable.NameOf(client)}: not done in {options.Deadline.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.", e);
        }
    }

    private async Task<TransferSample> FetchAsync(TransferRow row, TransferClient client, TransferScene scene, CancellationToken stop)
    {
        await scene.StartSeedersAsync(row.Peers, stop);
        var output = scene.Make("output");
        using var meter = new ProcessMeter();
        var cpuBefore = ProcessClock.OfEndedChildren();
        await using var run = clients[client].Fetch(scene, output);
        meter.Start(run.Process.Id, run.Process.StartedAt);
        var complete = await run.CompleteAsync(stop);
        if (run.EndsByItself)
            await run.Process.SucceedAsync(stop);
        else
            await run.StopAsync(stop);
        var cpu = run.CpuUntilComplete ?? (ProcessClock.OfEndedChildren() - cpuBefore).TotalSeconds;
        await scene.Content.VerifyAsync(output, stop);
        return Sample(row, run, meter, client, scene.Content.Length, run.Process.StartedAt, complete, cpu);
    }

    private async Task<TransferSample> SeedAsync(TransferRow row, TransferClient client, TransferScene scene, CancellationToken stop)
    {
        await using var run = clients[client].Seed(scene);
        await run.ReadyAsync(stop);
        using var meter = new ProcessMeter();
        var cpuBefore = run.Process.Cpu();
        var start = Stopwatch.GetTimestamp();
        meter.Start(run.Process.Id, start);
        var folders = scene.StartLeechers(row.Peers, run.EndPoint);
        var complete = start;
        foreach (var leecher in scene.Opposite)
            complete = Math.Max(complete, (await leecher.EventAsync(stop, "complete")).At);
        run.Process.MustRun();
        var cpu = (run.Process.Cpu() - cpuBefore).TotalSeconds;
        foreach (var leecher in scene.Opposite)
            await leecher.SucceedAsync(stop);
        await run.StopAsync(stop);
        foreach (var output in folders)
            await scene.Content.VerifyAsync(output, stop);
        return Sample(row, run, meter, client, scene.Content.Length * row.Peers, start, complete, cpu);
    }

    private static TransferSample Sample(
        TransferRow row, MeasuredRun run, ProcessMeter meter, TransferClient client, long bytes, long start, long complete, double cpu)
    {
        long? Grown(string name) => (long?)run.Heap?.After[name] - (long?)run.Heap?.Before[name];
        var first = run.FirstPayloadAt is { } at ? Stopwatch.GetElapsedTime(start, at) : run.EndsByItself || row.IsSeeding ? meter.FirstPayload : null;
        return new TransferSample
        {
            Row = row.Name,
            Client = client,
            Bytes = bytes,
            Wall = Stopwatch.GetElapsedTime(start, complete).TotalSeconds,
            FirstPayload = first?.TotalSeconds,
            Cpu = cpu,
            PeakResident = meter.PeakResident,
            PeakAnonymous = meter.PeakAnonymous,
            Allocated = Grown("allocatedBytes"),
            Gen2 = (int?)Grown("gen2Collections"),
            Collections = (int?)Grown("collections"),
            GcPause = (double?)run.Heap?.After["pauseMs"] - (double?)run.Heap?.Before["pauseMs"],
        };
    }

    /// <summary>Writes and removes as much as a transfer will, because memory that is used for the first time can be slow.</summary>
    private void Touch(long bytes)
    {
        var path = Path.Combine(folder, "touched");
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
        {
            var chunk = new byte[1 << 20];
            for (var done = 0L; done < bytes; done += chunk.Length)
                file.Write(chunk);
        }
    }
}
