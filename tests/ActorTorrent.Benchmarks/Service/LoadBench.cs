using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ActorTorrent.Benchmarks.Transfer;
using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Benchmarks.Service;

/// <summary>
/// Downloads at full speed into memory: alone, while clients call the API at a steady rate, and while they call it as fast as it answers. One
/// comes after the other, and when it is complete its file is emptied: so they take long and little memory.
/// </summary>
internal static class LoadBench
{
    private const int PieceLength = 1 << 20;

    // What a dashboard, a script and a monitor ask for, in turn.
    public static IReadOnlyList<string> PathsOf(int torrent) =>
    [
        "/api/v1/torrents", $"/api/v1/torrents/{torrent}", $"/api/v1/torrents/{torrent}/peers", $"/api/v1/torrents/{torrent}/pieces",
        $"/api/v1/torrents/{torrent}/files", "/api/v1/session", "/api/v1/faults?limit=50", "/api/v1/actors", "/metrics", "/",
    ];

    public static async Task RunAsync(ServiceOptions options, string program, string folder, CancellationToken stop)
    {
        // In memory: what is measured is no disk.
        folder = options.Transfer.Folder is null && Directory.Exists("/dev/shm") ? $"/dev/shm/actortorrent-load-{Environment.ProcessId}" : folder;
        Directory.CreateDirectory(folder);
        var seeders = new List<ClientProcess>();
        try
        {
            var sources = new List<(byte[] Torrent, int Port)>();
            for (var download = 1; download <= options.Downloads; download++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"zeros-{download}");
                var torrent = MakeTorrent(folder, name, options.Size);
                var seeder = Seed(program, folder, name);
                seeders.Add(seeder);
                sources.Add((torrent, (int)(await seeder.EventAsync(stop, "seeding")).Event["port"]!));
            }
            var samples = new List<LoadSample>();
            // The first ones warm up. The three take turns, in an order that moves on by one.
            Load[] loads = [Load.None, Load.Spread, Load.AtOnce];
            var alone = (await MeasureAsync(options, program, folder, sources, Load.None, default, stop)).Elapsed;
            _ = await MeasureAsync(options, program, folder, sources, Load.AtOnce, default, stop);
            for (var round = 0; round < options.Rounds; round++)
            {
                for (var turn = 0; turn < loads.Length; turn++)
                {
                    var sample = await MeasureAsync(options, program, folder, sources, loads[(round + turn) % loads.Length], alone * 0.9, stop);
                    samples.Add(sample);
                    if (sample.Load == Load.None)
                        alone = Median(samples, Load.None).Elapsed;
                }
                var last = samples.TakeLast(loads.Length).OrderBy(static sample => sample.Load).Select(static sample => sample.Elapsed.TotalSeconds).ToArray();
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round + 1}: {last[0]:0.00} s alone, {last[1]:0.00} s with requests spread over it, {last[2]:0.00} s with all at once"));
            }
            Print(options, samples);
        }
        finally
        {
            foreach (var seeder in seeders)
                await seeder.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Print(ServiceOptions options, List<LoadSample> samples)
    {
        var alone = Median(samples, Load.None);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{options.Downloads} × {options.Size >> 20} MiB, one after the other; {options.Clients} clients; medians of {options.Rounds}"));
        Console.WriteLine();
        Console.WriteLine("| downloads | s | slower by | CPU s of serve | of the clients | requests | errors | before its end | within s | p50 ms | p99 ms |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| alone | {alone.Elapsed.TotalSeconds:0.00} | | {alone.Cpu.TotalSeconds:0.00} | | | | | | | |"));
        foreach (var (load, name) in new[] { (Load.Spread, "requests spread over it"), (Load.AtOnce, "requests as fast as they are answered") })
        {
            var under = Median(samples, load);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {under.Elapsed.TotalSeconds:0.00} | {(under.Elapsed / alone.Elapsed - 1) * 100:0.0} % | {under.Cpu.TotalSeconds:0.00} | {under.ClientCpu.TotalSeconds:0.00} | {under.Requests} | {samples.Where(sample => sample.Load == load).Sum(static sample => sample.Errors)} | {under.Meanwhile} | {under.Span.TotalSeconds:0.0} | {under.Half:0.0} | {under.Most:0.0} |"));
        }
        Console.WriteLine();
        Console.WriteLine($"All of them, s: {string.Join("; ", samples.GroupBy(static sample => sample.Load).OrderBy(static group => group.Key).Select(static group => $"{group.Key} {string.Join(", ", group.Select(static sample => sample.Elapsed.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)))}"))}");
    }

    private static LoadSample Median(IEnumerable<LoadSample> samples, Load load)
    {
        var sorted = samples.Where(sample => sample.Load == load).OrderBy(static sample => sample.Elapsed).ToList();
        return sorted[sorted.Count / 2];
    }

    /// <summary>A torrent of zeros: the seeder's file is a hole, so that memory is taken by one copy of the content alone.</summary>
    public static byte[] MakeTorrent(string folder, string name, long size)
    {
        var files = Directory.CreateDirectory(Path.Combine(folder, "content")).FullName;
        using (var file = new FileStream(Path.Combine(files, name), FileMode.Create))
            file.SetLength(size);
        var pieces = (int)((size + PieceLength - 1) / PieceLength);
        var hashes = new byte[pieces * 20];
        var hash = System.Security.Cryptography.SHA1.HashData(new byte[PieceLength]);
        for (var piece = 0; piece < pieces; piece++)
            hash.CopyTo(hashes, piece * 20);
        if (size % PieceLength != 0)
            System.Security.Cryptography.SHA1.HashData(new byte[size % PieceLength]).CopyTo(hashes, (pieces - 1) * 20);
        var torrent = new TorrentBuilder { Name = name, PieceLength = PieceLength, PieceHashes = hashes }.AddFile([], size).Build();
        File.WriteAllBytes(Path.Combine(folder, name + ".torrent"), torrent);
        return torrent;
    }

    private static ClientProcess Seed(string program, string folder, string name)
    {
        var isAssembly = program.EndsWith(".dll", StringComparison.Ordinal);
        return ClientProcess.Start(
            "seed",
            isAssembly ? Programs.Dotnet : program,
            [
                .. isAssembly ? [program] : Array.Empty<string>(),
                "seed", Path.Combine(folder, name + ".torrent"), "--data", Path.Combine(folder, "content"), "--port", "0", "--no-dht", "--no-lsd", "--json",
                "--state", Path.Combine(folder, name + "-state"),
            ],
            folder);
    }

    private static async Task<LoadSample> MeasureAsync(
        ServiceOptions options, string program, string folder, IReadOnlyList<(byte[] Torrent, int Port)> sources, Load load, TimeSpan span, CancellationToken stop)
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
            var (cpu, clients) = (process.Cpu(), Environment.CpuUsage.TotalTime);
            var crowd = load == Load.None ? null : new Crowd(
                port,
                [.. sources.Select(static (_, at) => PathsOf(at + 1))],
                options.Clients,
                options.Requests / options.Clients,
                load == Load.Spread ? span : TimeSpan.Zero);
            var requests = Task.CompletedTask;
            var elapsed = TimeSpan.Zero;
            foreach (var (at, (torrent, seeder)) in sources.Index())
            {
                var add = new JsonObject
                {
                    ["torrent"] = Convert.ToBase64String(torrent),
                    ["peers"] = new JsonArray(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{seeder}")),
                }.ToJsonString();
                var from = Stopwatch.GetTimestamp();
                using var added = await rpc.Http.PostAsync("/api/v1/torrents", new StringContent(add, Encoding.UTF8, "application/json"), stop);
                added.EnsureSuccessStatusCode();
                if (crowd is not null)
                {
                    crowd.Turn = at;
                    if (at == 0)
                        requests = crowd.RunAsync(stop);
                }
                await SeedingAsync(ending, at + 1, stop);
                elapsed += Stopwatch.GetElapsedTime(from);
                if (at == sources.Count - 1)
                    break;
                // Giving memory back is none of the clients' work.
                var before = Environment.CpuUsage.TotalTime;
                File.WriteAllBytes(Path.Combine(own, "files", string.Create(CultureInfo.InvariantCulture, $"zeros-{at + 1}")), []);
                clients += Environment.CpuUsage.TotalTime - before;
            }
            var meanwhile = crowd?.Answered ?? 0;
            await requests;
            var sample = new LoadSample(
                load,
                elapsed,
                process.Cpu() - cpu,
                Environment.CpuUsage.TotalTime - clients,
                crowd?.Answered ?? 0,
                crowd?.Errors ?? 0,
                meanwhile,
                crowd?.Elapsed ?? default,
                crowd?.Percentile(0.5) ?? 0,
                crowd?.Percentile(0.99) ?? 0);
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

    private static async Task SeedingAsync(StreamReader events, int torrent, CancellationToken stop)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"\"id\":{torrent},");
        while (await events.ReadLineAsync(stop) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal) && line.Contains(id, StringComparison.Ordinal) && line.Contains("\"phase\":\"seeding\"", StringComparison.Ordinal))
                return;
        }
        throw new InvalidDataException("The service ended its events.");
    }
}
