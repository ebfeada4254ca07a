using System.Diagnostics;
using System.Globalization;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>
/// Runs the rows. In each round every program does the row's transfer once, in an order that moves on by one a round, so that what
/// else the machine does meets all of them. A transfer that comes to nothing costs the others nothing.
/// </summary>
/// <param name="options">What to run.</param>
/// <param name="clients">The programs.</param>
/// <param name="folder">A folder for files.</param>
/// <param name="results">What is there already, and then what comes.</param>
/// <param name="save">Called after each transfer, with all results.</param>
/// <param name="log">What happens, line by line.</param>
internal sealed class TransferBench(
    TransferOptions options,
    IReadOnlyDictionary<TransferClient, IMeasuredClient> clients,
    string folder,
    TransferResults results,
    Action<TransferResults> save,
    TextWriter log)
{
    private const long WarmUpSize = 32L << 20;

    /// <summary>What the programs of a transfer use themselves, about.</summary>
    private const long MemoryBeside = 512L << 20;

    /// <summary>A program that fails so often in a row is not tried again there.</summary>
    private const int MostFailures = 2;

    private int _scenes;

    /// <summary>What was measured so far.</summary>
    public TransferResults Results { get; private set; } = results;

    public async Task RunAsync(CancellationToken stop)
    {
        var content = await Content.MakeAsync(Path.Combine(folder, "content"), options.Size, options.PieceLength, stop);
        // For all rounds and programs: what a transfer finds must not depend on what ran before it, and how long ago.
        using var warm = options.WarmsUp
            ? new WarmMemory((options.Size * options.Rows.Max(static row => row.IsSeeding ? row.Peers : 1)) + MemoryBeside)
            : null;
        if (options.WarmsUp)
            await WarmUpAsync(stop);
        foreach (var row in options.Rows)
        {
            for (var round = 0; round < options.Rounds; round++)
            {
                for (var i = 0; i < options.Clients.Count; i++)
                {
                    var client = options.Clients[(i + round) % options.Clients.Count];
                    if (clients.ContainsKey(client) && round < row.RoundsOf(client, options.Rounds) && Done(row, client) <= round && Failed(row, client) < MostFailures)
                        await OneAsync(row, client, content, round, stop);
                }
            }
        }
    }

    private int Done(TransferRow row, TransferClient client) =>
        Results.Samples.Count(sample => sample.Client == client && string.Equals(sample.Row, row.Name, StringComparison.Ordinal));

    private int Failed(TransferRow row, TransferClient client) =>
        Results.Failures.Count(failure => failure.Client == client && string.Equals(failure.Row, row.Name, StringComparison.Ordinal));

    private async Task WarmUpAsync(CancellationToken stop)
    {
        var small = await Content.MakeAsync(
            Path.Combine(folder, "warm-up"), Math.Min(WarmUpSize, options.Size), Math.Min(options.PieceLength, 1 << 18), stop);
        foreach (var (client, _) in clients)
        {
            try
            {
                await OneAsync(options.Rows[0], client, small, stop);
            }
            catch (Exception e) when (IsFailure(e))
            {
                await log.WriteLineAsync($"warming up: {e.Message}");
            }
        }
    }

    private async Task OneAsync(TransferRow row, TransferClient client, Content content, int round, CancellationToken stop)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{row.Name} {round + 1}/{options.Rounds} {TransferTable.NameOf(client)}");
        try
        {
            var sample = await OneAsync(row, client, content, stop);
            Results = Results with { Samples = [.. Results.Samples, sample] };
            await log.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {sample.Wall:0.00} s, first payload {sample.FirstPayload * 1000:0} ms, CPU {sample.Cpu:0.00} s, anonymous {sample.PeakAnonymous >> 20} MiB"));
        }
        catch (Exception e) when (IsFailure(e))
        {
            Results = Results with { Failures = [.. Results.Failures, new TransferFailure(row.Name, client, e.Message)] };
            await log.WriteLineAsync($"{name} failed: {e.Message}");
        }
        save(Results);
    }

    private static bool IsFailure(Exception e) =>
        e is InvalidOperationException or InvalidDataException or TimeoutException or IOException or HttpRequestException;

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
}
