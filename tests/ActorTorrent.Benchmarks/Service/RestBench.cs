using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ActorTorrent.Benchmarks.Idle;
using ActorTorrent.Benchmarks.Transfer;
using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Lab.Data;

namespace ActorTorrent.Benchmarks.Service;

/// <summary>Daemons with many torrents that have everything and no peers: start, list, CPU and memory at rest.</summary>
internal static class RestBench
{
    private const int Lists = 21;
    private const int Seeding = 6;

    // Torrents are checked, buffers given back, and resume data saved once after this.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(45);

    public static async Task RunAsync(ServiceOptions options, string program, string folder, CancellationToken stop)
    {
        var files = Directory.CreateDirectory(Path.Combine(folder, "files")).FullName;
        var torrents = IdleTorrents.Make(options.Torrents);
        foreach (var torrent in torrents)
            await torrent.WriteFilesAsync(files, stop);
        Console.WriteLine("| program | torrents | start to ready, s | list by RPC, ms | by REST, ms | CPU at rest, % of a core | resident MiB | anonymous MiB |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var client in options.Transfer.Clients)
        {
            var daemon = Daemon.Of(client, program, options.Transfer.Profiles);
            var result = await MeasureAsync(daemon, Path.Combine(folder, client.ToString()), files, torrents, options.Span, stop);
            var rest = result.Rest is { } time ? Milliseconds(time) : "";
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {daemon.Name} | {options.Torrents} | {result.Start.TotalSeconds:0.00} | {Milliseconds(result.List)} | {rest} | {result.Cpu * 100:0.00} | {result.Resident / 1048576.0:0.0} | {result.Anonymous / 1048576.0:0.0} |"));
        }
    }

    private static async Task<RestResult> MeasureAsync(
        Daemon daemon, string folder, string files, IReadOnlyList<GeneratedContent> torrents, TimeSpan span, CancellationToken stop)
    {
        await LoadAsync(daemon, folder, files, torrents, stop);
        var port = FreePort.Next();
        using var rpc = new RpcClient(port);
        await using var process = daemon.Start(folder, files, port);
        await Poll.Until("it lists them", async () =>
        {
            process.MustRun();
            return (await rpc.StatesAsync(stop))?.Length == torrents.Count;
        }, stop);
        var start = Stopwatch.GetElapsedTime(process.StartedAt);
        await SeedAsync(process, rpc, torrents.Count, stop);
        var list = await MedianAsync(() => rpc.PostAsync("torrent-get", new JsonObject { ["fields"] = UsualFields() }, stop));
        var rest = daemon.HasRest ? await MedianAsync(() => rpc.Http.GetByteArrayAsync("/api/v1/torrents", stop)) : (TimeSpan?)null;
        await Task.Delay(Settling, stop);
        var (cpu, from) = (process.Cpu(), Stopwatch.GetTimestamp());
        await Task.Delay(span, stop);
        process.MustRun();
        var share = (process.Cpu() - cpu) / Stopwatch.GetElapsedTime(from);
        using var status = new ProcFile($"/proc/{process.Id}/status");
        status.Refresh();
        var result = new RestResult(start, list, rest, share, status.Number("VmRSS:"u8) * 1024, status.Number("RssAnon:"u8) * 1024);
        await process.StopAsync();
        return result;
    }

    /// <summary>A first run that is given the torrents, so that the next one has them.</summary>
    private static async Task LoadAsync(Daemon daemon, string folder, string files, IReadOnlyList<GeneratedContent> torrents, CancellationToken stop)
    {
        var port = FreePort.Next();
        using var rpc = new RpcClient(port);
        await using var process = daemon.Start(folder, files, port);
        await Poll.Until("it answers", async () =>
        {
            process.MustRun();
            return await rpc.StatesAsync(stop) is not null;
        }, stop);
        foreach (var torrent in torrents)
            await rpc.CallAsync("torrent-add", new JsonObject { ["metainfo"] = Convert.ToBase64String(torrent.BuildTorrent()) }, stop);
        await SeedAsync(process, rpc, torrents.Count, stop);
        await process.StopAsync();
    }

    private static Task SeedAsync(ClientProcess process, RpcClient rpc, int count, CancellationToken stop) => Poll.Until("all seed", async () =>
    {
        process.MustRun();
        return (await rpc.StatesAsync(stop))?.Count(static state => state == Seeding) == count;
    }, stop);

    private static async Task<TimeSpan> MedianAsync(Func<Task> call)
    {
        var times = new List<TimeSpan>();
        for (var n = 0; n < Lists; n++)
        {
            var from = Stopwatch.GetTimestamp();
            await call();
            times.Add(Stopwatch.GetElapsedTime(from));
        }
        times.Sort();
        return times[Lists / 2];
    }

    // What transmission-remote -l and web clients ask for.
    private static JsonArray UsualFields() =>
    [
        "error", "errorString", "eta", "id", "isFinished", "leftUntilDone", "name", "peersGettingFromUs", "peersSendingToUs", "rateDownload", "rateUpload",
        "sizeWhenDone", "status", "uploadRatio",
    ];

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture);
}
