using System.Globalization;
using ActorTorrent.Benchmarks.Transfer;
using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Benchmarks.Service;

/// <summary>
/// Downloads at full speed into memory that is warm: alone, while clients call the API at a steady rate, and while they call it as fast as it
/// answers. A download is one torrent several times over; the parts of the three downloads of a round take turns in one service, so that what
/// the machine does to one it does to all.
/// </summary>
internal static class LoadBench
{
    private const int PieceLength = 1 << 20;

    // What a download needs at once beside its content: the pieces under way, the service, the clients.
    private const long MemoryBeside = 1L << 30;

    private static readonly Load[] Loads = [Load.None, Load.Spread, Load.AtOnce];

    // What a dashboard, a script and a monitor ask for, in turn.
    public static IReadOnlyList<string> PathsOf(string torrent) =>
    [
        "/api/v1/torrents", $"/api/v1/torrents/{torrent}", $"/api/v1/torrents/{torrent}/peers", $"/api/v1/torrents/{torrent}/pieces",
        $"/api/v1/torrents/{torrent}/files", "/api/v1/session", "/api/v1/faults?limit=50", "/api/v1/actors", "/metrics", "/",
    ];

    public static async Task RunAsync(ServiceOptions options, string program, string folder, CancellationToken stop)
    {
        // In memory: what is measured is no disk.
        folder = options.Transfer.Folder is null && Directory.Exists("/dev/shm") ? $"/dev/shm/actortorrent-load-{Environment.ProcessId}" : folder;
        Directory.CreateDirectory(folder);
        try
        {
            using var warm = new WarmMemory(options.Size + MemoryBeside);
            var torrent = MakeTorrent(folder, "zeros", options.Size);
            var hash = TorrentFileParser.Parse(torrent).InfoHash.ToString();
            await using var seeder = Seed(program, folder, "zeros");
            var seedPort = (int)(await seeder.EventAsync(stop, "seeding")).Event["port"]!;
            var port = FreePort.Next();
            using var rpc = new RpcClient(port);
            await using var service = Daemon.Ours(program, options.Transfer.Profiles).Start(folder, Path.Combine(folder, "files"), port);
            await Poll.Until("it answers", async () =>
            {
                service.MustRun();
                return await rpc.StatesAsync(stop) is not null;
            }, stop);
            using var crowd = new Crowd(port, [.. options.Paths?.Select(path => path.Replace("{0}", hash, StringComparison.Ordinal)) ?? PathsOf(hash)], options.Clients);
            using var events = new StreamReader(await rpc.Http.GetStreamAsync("/api/v1/events?kinds=torrent", stop));
            var source = new LoadSource(torrent, hash, seedPort);
            var run = new LoadRun(service, rpc, events, crowd, source);
            // The first ones warm up.
            var part = TimeSpan.Zero;
            foreach (var load in new[] { Load.None, Load.AtOnce, Load.None, Load.Spread, Load.None })
            {
                var sample = new LoadSample();
                await run.PartAsync(sample, load, options.Requests / options.Downloads, part * 0.9, stop);
                if (load == Load.None)
                    part = sample.Elapsed;
            }
            var rounds = new List<Dictionary<Load, LoadSample>>();
            for (var round = 0; round < options.Rounds; round++)
            {
                var samples = Loads.ToDictionary(static load => load, static _ => new LoadSample());
                for (var at = 0; at < options.Downloads; at++)
                {
                    for (var turn = 0; turn < Loads.Length; turn++)
                    {
                        var load = Loads[(round + at + turn) % Loads.Length];
                        await run.PartAsync(samples[load], load, options.Requests / options.Downloads, part * 0.9, stop);
                    }
                    part = samples[Load.None].Elapsed / (at + 1);
                }
                rounds.Add(samples);
                Console.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"round {round + 1}: {samples[Load.None].Elapsed.TotalSeconds:0.00} s alone, {samples[Load.Spread].Elapsed.TotalSeconds:0.00} s with requests spread over it, {samples[Load.AtOnce].Elapsed.TotalSeconds:0.00} s with all at once"));
            }
            await service.StopAsync();
            Print(options, rounds);
            if (crowd.FirstError is { } error)
                throw new InvalidOperationException($"A request failed: {error}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Print(ServiceOptions options, List<Dictionary<Load, LoadSample>> rounds)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{options.Downloads} × {options.Size >> 20} MiB; {options.Clients} clients; medians of {options.Rounds} rounds (least to most)"));
        Console.WriteLine();
        Console.WriteLine("| downloads | s | slower by | CPU s of serve | of the clients | waits of its threads | interruptions | requests | errors | before its end | within s | p50 ms | p99 ms |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var (load, name) in new[] { (Load.None, "alone"), (Load.Spread, "requests spread over it"), (Load.AtOnce, "requests as fast as they are answered") })
        {
            string Of(Func<LoadSample, double> value, string format) => Median(rounds, round => value(round[load])).ToString(format, CultureInfo.InvariantCulture);
            var beside = rounds.Select(round => ((round[load].Elapsed / round[Load.None].Elapsed) - 1) * 100).Order().ToArray();
            var slower = string.Create(CultureInfo.InvariantCulture, $"{beside[beside.Length / 2]:0.0} % ({beside[0]:0.0} to {beside[^1]:0.0})");
            var latencies = rounds.SelectMany(round => round[load].Latencies).Order().ToArray();
            var calls = load == Load.None
                ? "| | | | | | |"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {rounds.Sum(round => round[load].Requests)} | {rounds.Sum(round => round[load].Errors)} | {rounds.Sum(round => round[load].Meanwhile)} | {Of(static sample => sample.Span.TotalSeconds, "0.0")} | {latencies[latencies.Length / 2]:0.0} | {latencies[latencies.Length * 99 / 100]:0.0} |");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {Of(static sample => sample.Elapsed.TotalSeconds, "0.00")} | {(load == Load.None ? "" : slower)} | {Of(static sample => sample.Cpu.TotalSeconds, "0.00")} | {(load == Load.None ? "" : Of(static sample => sample.ClientCpu.TotalSeconds, "0.00"))} | {Of(static sample => sample.Switches.Voluntary, "0")} | {Of(static sample => sample.Switches.Forced, "0")} {calls}"));
        }
        Console.WriteLine();
        Console.WriteLine($"All of them, s: {string.Join("; ", Loads.Select(load => $"{load} {string.Join(", ", rounds.Select(round => round[load].Elapsed.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)))}"))}");
    }

    private static double Median(IEnumerable<Dictionary<Load, LoadSample>> rounds, Func<Dictionary<Load, LoadSample>, double> value)
    {
        var sorted = rounds.Select(value).Order().ToArray();
        return sorted[sorted.Length / 2];
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

    public static ClientProcess Seed(string program, string folder, string name)
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
}
