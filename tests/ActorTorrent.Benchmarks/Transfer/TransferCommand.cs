using System.Globalization;
using System.Runtime.InteropServices;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>The command <c>transfer</c>: our published program beside libtorrent, aria2 and transmission, in whole processes on loopback.</summary>
internal static class TransferCommand
{
    public const string Usage =
        """
        usage: transfer [--quick] [--size 1GiB] [--piece-length 1MiB] [--rounds 3] [--row NAME,...] [--only ours,libtorrent,aria2,transmission]
                        [--form trimmed|native] [--no-publish] [--program PATH] [--profile NAME|FILE]... [--folder DIR] [--no-warm-up]
                        [--deadline SECONDS] [--results FILE.json [--append]] [--chart FILE.svg]
               transfer-report FILE.json [--chart FILE.svg]
               publish [trimmed|native]
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
            await RunAsync(options, folder, interruption.Token);
            return 0;
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

    /// <summary>Prints the table of results that were kept.</summary>
    public static int Report(IReadOnlyList<string> arguments)
    {
        if (arguments is not ([_] or [_, "--chart", _]))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }
        var results = TransferResults.Load(arguments[0]);
        TransferTable.Write(results, Console.Out);
        if (arguments.Count == 3)
            TransferChart.Write(results, arguments[2]);
        return 0;
    }

    /// <summary>Publishes our program, and prints where.</summary>
    public static async Task<int> PublishAsync(string form)
    {
        Console.WriteLine(await PublishedProgram.MakeAsync(form, keeps: false, CancellationToken.None));
        return 0;
    }

    private static async Task RunAsync(TransferOptions options, string folder, CancellationToken stop)
    {
        var clients = new Dictionary<TransferClient, IMeasuredClient>();
        foreach (var client in options.Clients)
        {
            clients[client] = client switch
            {
                TransferClient.Ours => new OurClient(options.Program ?? await PublishedProgram.MakeAsync(options.Form, options.KeepsPublished, stop)),
                TransferClient.Libtorrent => new LibtorrentClient(),
                TransferClient.Aria2 => new Aria2Client(),
                TransferClient.Transmission => new TransmissionClient(),
                _ => throw new InvalidOperationException($"{client} is not known."),
            };
        }
        var versions = new List<string>();
        foreach (var (client, program) in clients)
        {
            var version = await program.VersionAsync(stop);
            versions.Add(client == TransferClient.Ours && options.Program is null ? $"{version} ({options.Form})" : version);
        }
        var bench = new TransferBench(options, clients, folder, Console.Error);
        try
        {
            await bench.RunAsync(stop);
        }
        finally
        {
            // What was measured before a failure counts too.
            if (bench.Samples.Count > 0)
                Show(Results(options, versions, bench.Samples, folder), options);
        }
    }

    private static TransferResults Results(
        TransferOptions options, IReadOnlyList<string> versions, IReadOnlyList<TransferSample> samples, string folder) => new()
        {
            Setting = string.Create(
                CultureInfo.InvariantCulture,
                $"{DateTime.UtcNow:yyyy-MM-dd}, {BenchMachine.Describe()}; {Size(options.Size)} in pieces of {Size(options.PieceLength)}, loopback, files on {new DriveInfo(folder).DriveFormat}"),
            Programs = versions,
            Samples = samples,
        };

    private static void Show(TransferResults results, TransferOptions options)
    {
        if (options.Results is { } file)
        {
            if (options.Appends && File.Exists(file))
                results = results.After(TransferResults.Load(file));
            results.Save(file);
        }
        if (options.Chart is { } chart)
            TransferChart.Write(results, chart);
        TransferTable.Write(results, Console.Out);
    }

    private static string FolderWithRoom(TransferOptions options)
    {
        var needed = (options.Size * (1 + options.Rows.Max(static row => row.IsSeeding ? row.Peers : 1))) + Reserve;
        return Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= needed ? Memory : Path.GetTempPath();
    }

    private static string Size(long bytes)
    {
        foreach (var (name, shift) in new[] { ("GiB", 30), ("MiB", 20), ("KiB", 10) })
        {
            if (bytes % (1L << shift) == 0)
                return string.Create(CultureInfo.InvariantCulture, $"{bytes >> shift} {name}");
        }
        return string.Create(CultureInfo.InvariantCulture, $"{bytes} B");
    }
}
