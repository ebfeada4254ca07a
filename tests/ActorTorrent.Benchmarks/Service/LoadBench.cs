using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ActorTorrent.Benchmarks.Transfer;
using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Benchmarks.Service;

/// <summary>
/// A download at full speed into memory, alone and while clients call the API. The requests are spread over the time that the download takes
/// alone; each client sends its next one when that is due and its last one was answered.
/// </summary>
internal static class LoadBench
{
    private const int PieceLength = 1 << 20;

    // What a dashboard, a script and a monitor ask for, in turn.
    private static readonly string[] Paths =
    [
        "/api/v1/torrents", "/api/v1/torrents/1", "/api/v1/torrents/1/peers", "/api/v1/torrents/1/pieces", "/api/v1/torrents/1/files", "/api/v1/session",
        "/api/v1/faults?limit=50", "/api/v1/actors", "/metrics", "/",
    ];

    public static async Task RunAsync(ServiceOptions options, string program, string folder, CancellationToken stop)
    {
        // In memory: what is measured is no disk.
        folder = options.Transfer.Folder is null && Directory.Exists("/dev/shm") ? $"/dev/shm/actortorrent-load-{Environment.ProcessId}" : folder;
        Directory.CreateDirectory(folder);
        try
        {
            var torrent = MakeTorrent(folder, options.Size);
            await using var seeder = await SeedAsync(program, folder, stop);
            var port = (int)(await seeder.EventAsync(stop, "seeding")).Event["port"]!;
            var samples = new List<LoadSample>();
            for (var round = 0; round <= options.Rounds; round++)
            {
                // The first one warms up. Alone and under load take turns.
                var alone = await MeasureAsync(options, program, folder, torrent, port, span: null, stop);
                if (round == 0)
                    continue;
                samples.Add(alone);
                samples.Add(await MeasureAsync(options, program, folder, torrent, port, Median(samples.Where(static sample => sample.Requests == 0)).Elapsed, stop));
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round}: {samples[^2].Elapsed.TotalSeconds:0.00} s alone, {samples[^1].Elapsed.TotalSeconds:0.00} s under load"));
            }
            Print(options, samples);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Print(ServiceOptions options, List<LoadSample> samples)
    {
        var alone = Median(samples.Where(static sample => sample.Requests == 0));
        var under = Median(samples.Where(static sample => sample.Requests > 0));
        Console.WriteLine("| download | MiB | s | CPU s of serve | requests | errors | answered before its end | p50 ms | p99 ms | slower by |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| alone | {options.Size >> 20} | {alone.Elapsed.TotalSeconds:0.00} | {alone.Cpu.TotalSeconds:0.00} | | | | | | |"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {options.Clients} clients on the API | {options.Size >> 20} | {under.Elapsed.TotalSeconds:0.00} | {under.Cpu.TotalSeconds:0.00} | {under.Requests} | {under.Errors} | {under.Meanwhile} | {under.Half:0.0} | {under.Most:0.0} | {(under.Elapsed / alone.Elapsed - 1) * 100:0.0} % |"));
    }

    private static LoadSample Median(IEnumerable<LoadSample> samples)
    {
        var sorted = samples.OrderBy(static sample => sample.Elapsed).ToList();
        return sorted[sorted.Count / 2];
    }

    /// <summary>A torrent of zeros: the seeder's file is a hole, so that memory is taken by one copy of the content alone.</summary>
    private static byte[] MakeTorrent(string folder, long size)
    {
        var files = Directory.CreateDirectory(Path.Combine(folder, "content")).FullName;
        using (var file = new FileStream(Path.Combine(files, "zeros.bin"), FileMode.Create))
            file.SetLength(size);
        var pieces = (int)((size + PieceLength - 1) / PieceLength);
        var hashes = new byte[pieces * 20];
        var hash = System.Security.Cryptography.SHA1.HashData(new byte[PieceLength]);
        for (var piece = 0; piece < pieces; piece++)
            hash.CopyTo(hashes, piece * 20);
        if (size % PieceLength != 0)
            System.Security.Cryptography.SHA1.HashData(new byte[size % PieceLength]).CopyTo(hashes, (pieces - 1) * 20);
        var torrent = new TorrentBuilder { Name = "zeros.bin", PieceLength = PieceLength, PieceHashes = hashes }.AddFile([], size).Build();
        File.WriteAllBytes(Path.Combine(folder, "zeros.torrent"), torrent);
        return torrent;
    }

    private static Task<ClientProcess> SeedAsync(string program, string folder, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var isAssembly = program.EndsWith(".dll", StringComparison.Ordinal);
        return Task.FromResult(ClientProcess.Start(
            "seed",
            isAssembly ? Programs.Dotnet : program,
            [
                .. isAssembly ? [program] : Array.Empty<string>(),
                "seed", Path.Combine(folder, "zeros.torrent"), "--data", Path.Combine(folder, "content"), "--port", "0", "--no-dht", "--no-lsd", "--json",
                "--state", Path.Combine(folder, "seed-state"),
            ],
            folder));
    }

    private static async Task<LoadSample> MeasureAsync(
        ServiceOptions options, string program, string folder, byte[] torrent, int seederPort, TimeSpan? span, CancellationToken stop)
    {
        var own = Directory.CreateDirectory(Path.Combine(folder, "serve")).FullName;
        try
        {
            var port = FreePort.Next();
            using var rpc = new RpcClient(port);
            await using var process = Daemon.Ours(program, options.Transfer.Profiles).Start(own, Path.Combine(own, "files"), port);
            await Poll.Until("it answers", async () =>
            {
                process.MustRun();
                return await rpc.StatesAsync(stop) is not null;
            }, stop);
            using var ending = await EventsAsync(rpc, stop);
            var cpu = process.Cpu();
            var from = Stopwatch.GetTimestamp();
            var add = new JsonObject
            {
                ["torrent"] = Convert.ToBase64String(torrent),
                ["peers"] = new JsonArray(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{seederPort}")),
            };
            using var added = await rpc.Http.PostAsync("/api/v1/torrents", new StringContent(add.ToJsonString(), Encoding.UTF8, "application/json"), stop);
            added.EnsureSuccessStatusCode();
            var crowd = span is { } time ? new Crowd(port, Paths, options.Clients, options.Requests / options.Clients, time * 0.9) : null;
            var requests = crowd?.RunAsync(stop) ?? Task.CompletedTask;
            await SeedingAsync(ending, stop);
            var elapsed = Stopwatch.GetElapsedTime(from);
            var meanwhile = crowd?.Answered ?? 0;
            await requests;
            var sample = new LoadSample(elapsed, process.Cpu() - cpu, crowd?.Answered ?? 0, crowd?.Errors ?? 0, meanwhile, crowd?.Percentile(0.5) ?? 0, crowd?.Percentile(0.99) ?? 0);
            if (crowd?.FirstError is { } error)
                await Console.Error.WriteLineAsync(error);
            await process.StopAsync();
            return sample;
        }
        finally
        {
            Directory.Delete(own, recursive: true);
        }
    }

    private static async Task<StreamReader> EventsAsync(RpcClient rpc, CancellationToken stop) =>
        new(await rpc.Http.GetStreamAsync("/api/v1/events?kinds=torrent", stop));

    private static async Task SeedingAsync(StreamReader events, CancellationToken stop)
    {
        while (await events.ReadLineAsync(stop) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal) && line.Contains("\"phase\":\"seeding\"", StringComparison.Ordinal))
                return;
        }
        throw new InvalidDataException("The service ended its events.");
    }
}
