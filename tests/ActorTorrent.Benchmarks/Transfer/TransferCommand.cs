using System.Globalization;
using System.Runtime.InteropServices;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>The command <c>transfer</c>: our published program beside libtorrent, aria2 and transmission, in whole processes on loopback.</summary>
internal static class TransferCommand
{
    public const string Usage =
        """
        usage: transfer [--quick] [--size 1GiB] [--piece-length 1MiB] [--rounds 3] [--row NAME,...] [--only ours,libtorrent,aria2,transmission]
                        [--form trimmed|native|own] [--no-publish] [--program PATH] [--profile NAME|FILE]... [--folder DIR] [--no-warm-up]
                        [--deadline SECONDS] [--results FILE.json] [--resume] [--chart FILE.svg]
               transfer-report [FILE.json] [--chart FILE.svg] [--readme]
               publish [trimmed|native|own]
        """;

    private const string Memory = "/dev/shm";
    private const long Reserve = 1L << 30;

    /// <summary>Runs the benchmark.</summary>
    /// <returns>0 done, 1 a transfer failed or content differed, 2 wrong arguments, 130 interrupted.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        TransferOptions options;
        try
        {
            options = TransferOptions.Parse(arguments);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync($"transfer: {e.Message}\n{Usage}");
            return 2;
        }
        using var interruption = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            interruption.Cancel();
        }
        var folder = Path.Combine(options.Folder ?? FolderWithRoom(options), $"actortorrent-bench-{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(folder);
            return await RunAsync(options, folder, interruption.Token) ? 0 : 1;
        }
        catch (OperationCanceledException) when (interruption.IsCancellationRequested)
        {
            return 130;
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidDataException or TimeoutException or IOException)
        {
            await Console.Error.WriteLineAsync($"transfer: {e.Message}");
            return 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Prints the table of results that were kept, and writes chart and READMEs that are asked for.</summary>
    public static int Report(IReadOnlyList<string> arguments)
    {
        var (file, chart, writesReadme) = (Path.Combine(PublishedProgram.Root(), "artifacts", "bench", "transfers.json"), (string?)null, false);
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "--readme")
            {
                writesReadme = true;
            }
            else if (arguments[i] == "--chart" && i + 1 < arguments.Count)
            {
                chart = arguments[++i];
            }
            else if (i == 0 && !arguments[i].StartsWith('-'))
            {
                file = arguments[i];
            }
            else
            {
                Console.Error.WriteLine(Usage);
                return 2;
            }
        }
        if (!File.Exists(file))
        {
            Console.Error.WriteLine($"transfer-report: there is no {file}; tests/run --bench makes it.");
            return 1;
        }
        var results = TransferResults.Load(file);
        TransferTable.Write(results, Console.Out);
        if (chart is not null)
            TransferChart.Write(results, chart);
        if (writesReadme)
            TransferReadme.Write(results, PublishedProgram.Root());
        return 0;
    }

    /// <summary>Publishes our program, and prints where.</summary>
    public static async Task<int> PublishAsync(string? form)
    {
        Console.WriteLine((await PublishedProgram.MakeAsync(form, keeps: false, CancellationToken.None)).Path);
        return 0;
    }

    private static async Task<bool> RunAsync(TransferOptions options, string folder, CancellationToken stop)
    {
        var (clients, versions) = await ClientsAsync(options, stop);
        var file = options.Results ?? Path.Combine(PublishedProgram.Root(), "artifacts", "bench", options.IsQuick ? "transfers-quick.json" : "transfers.json");
        var results = new TransferResults
        {
            Date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Machine = BenchMachine.Describe(),
            Size = options.Size,
            PieceLength = options.PieceLength,
            FileSystem = new DriveInfo(folder).DriveFormat,
            Command = $"tests/run --bench {options.Line}".TrimEnd(),
            Programs = versions,
            Samples = [],
        };
        if (options.Resumes && File.Exists(file))
            results = results.After(TransferResults.Load(file));
        var bench = new TransferBench(options, clients, folder, results, all => all.Save(file), Console.Error);
        try
        {
            await bench.RunAsync(stop);
        }
        finally
        {
            // What was measured before an interruption counts too.
            TransferChart.Write(bench.Results, options.Chart ?? Path.ChangeExtension(file, ".svg"));
            TransferTable.Write(bench.Results, Console.Out);
        }
        return bench.Results.Failures.Count == 0;
    }

    /// <summary>The programs that can be started, with their versions; one that is not there is left out, and said so.</summary>
    private static async Task<(Dictionary<TransferClient, IMeasuredClient> Clients, Dictionary<TransferClient, string> Versions)> ClientsAsync(
        TransferOptions options, CancellationToken stop)
    {
        var clients = new Dictionary<TransferClient, IMeasuredClient>();
        var versions = new Dictionary<TransferClient, string>();
        foreach (var client in options.Clients)
        {
            if (client == TransferClient.Ours)
            {
                var (program, form) = options.Program is { } given ? (given, null) : await PublishedProgram.MakeAsync(options.Form, options.KeepsPublished, stop);
                clients[client] = new OurClient(program);
                versions[client] = await clients[client].VersionAsync(stop) + (form is null ? "" : $" ({form})");
                continue;
            }
            clients[client] = client switch
            {
                TransferClient.Libtorrent => new LibtorrentClient(),
                TransferClient.Aria2 => new Aria2Client(),
                TransferClient.Transmission => new TransmissionClient(),
                _ => throw new InvalidOperationException($"{client} is not known."),
            };
            try
            {
                versions[client] = await clients[client].VersionAsync(stop);
            }
            catch (InvalidOperationException e)
            {
                await Console.Error.WriteLineAsync($"without {TransferTable.NameOf(client)}: {e.Message}");
                clients.Remove(client);
            }
        }
        return (clients, versions);
    }

    private static string FolderWithRoom(TransferOptions options)
    {
        var needed = (options.Size * (1 + options.Rows.Max(static row => row.IsSeeding ? row.Peers : 1))) + Reserve;
        return Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= needed ? Memory : Path.GetTempPath();
    }
}
