using System.Diagnostics;
using System.Globalization;
using ActorTorrent.Benchmarks.Transfer;

namespace ActorTorrent.Benchmarks.Start;

/// <summary>The command <c>start</c>: how long after its start a program that knows a peer asks that peer for a block.</summary>
internal static class StartCommand
{
    public const string Usage = "usage: start [--rounds 21] [--only ours,libtorrent] [--form trimmed|native] [--no-publish] [--program PATH] [--profile NAME|FILE]...";

    private const int Pieces = 1000;
    private const int PieceLength = 16 * 1024;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <returns>0 done, 1 a program failed, 2 wrong arguments.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        TransferOptions options;
        try
        {
            options = TransferOptions.Parse(["--rounds", "21", "--only", "ours,libtorrent", .. arguments]);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync($"start: {e.Message}\n{Usage}");
            return 2;
        }
        var folder = Path.Combine(Path.GetTempPath(), $"actortorrent-start-{Environment.ProcessId}");
        try
        {
            var content = await Content.MakeAsync(Path.Combine(folder, "content"), (long)Pieces * PieceLength, PieceLength, CancellationToken.None);
            var clients = new List<(TransferClient Client, IMeasuredClient Program)>();
            foreach (var client in options.Clients)
            {
                clients.Add((client, client switch
                {
                    TransferClient.Ours => new OurClient(
                        options.Program ?? (await PublishedProgram.MakeAsync(options.Form, options.KeepsPublished, CancellationToken.None)).Path),
                    TransferClient.Libtorrent => new LibtorrentClient(),
                    _ => throw new InvalidOperationException($"the start of {client} is not measured."),
                }));
            }
            var times = clients.ToDictionary(static client => client.Client, static _ => new List<(double Dialled, double Greeted, double Asked)>());
            // The first of each is not counted: what it reads comes from the disk.
            for (var round = -1; round < options.Rounds; round++)
            {
                foreach (var (client, program) in clients)
                {
                    var one = await OneAsync(program, content, options, Path.Combine(folder, "scene"));
                    if (round >= 0)
                        times[client].Add(one);
                }
            }
            Console.WriteLine($"{BenchMachine.Describe()}; medians of {options.Rounds.ToString(CultureInfo.InvariantCulture)}, ms after the process was started");
            Console.WriteLine();
            Console.WriteLine("| program | dials | has sent its handshake | asks for a block | fastest | slowest |");
            Console.WriteLine("|---|--:|--:|--:|--:|--:|");
            foreach (var (client, _) in clients)
            {
                var asked = times[client].Select(static time => time.Asked).Order().ToArray();
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {TransferTable.NameOf(client)} | {Median(times[client].Select(static time => time.Dialled)):0.0} | {Median(times[client].Select(static time => time.Greeted)):0.0} | {Median(asked):0.0} | {asked[0]:0.0} | {asked[^1]:0.0} |"));
            }
            return 0;
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidDataException or IOException or System.Net.Sockets.SocketException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"start: {e.Message}");
            return 1;
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Dialled, double Greeted, double Asked)> OneAsync(
        IMeasuredClient program, Content content, TransferOptions options, string folder)
    {
        using var stop = new CancellationTokenSource(Deadline);
        await using var scene = await TransferScene.OpenAsync(content, options, folder);
        using var peer = new FirstRequests(content.InfoHash, Pieces);
        scene.Peers.Add(peer.EndPoint.ToString());
        var watching = peer.WatchAsync(stop.Token);
        await using var run = program.Fetch(scene, scene.Make("output"));
        var times = await watching;
        double Since(long at) => Stopwatch.GetElapsedTime(run.Process.StartedAt, at).TotalMilliseconds;
        return (Since(times.Dialled), Since(times.Greeted), Since(times.Asked));
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}
