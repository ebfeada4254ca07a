using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using ActorTorrent.Benchmarks.Transfer;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Benchmarks.Idle;

/// <summary>The command <c>idle</c>: what connected peers that do nothing cost a seeding client, in memory and in CPU.</summary>
internal static class IdleCommand
{
    public const string Usage =
        "usage: idle [--peers 1000,10000] [--only ours,libtorrent] [--seconds 10] [--torrents 1000] [--form trimmed|native] [--no-publish] [--program PATH] [--profile NAME|FILE]...";

    private const int Pieces = 1000;
    private const int PieceLength = 16 * 1024;
    private const int PageSize = 4096;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    /// <summary>Handshakes are over and buffers given back after this.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    /// <returns>0 done, 1 a client failed or lost a peer, 2 wrong arguments.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var counts = new List<int> { 1000 };
        var seconds = 10;
        var torrents = 0;
        var rest = new List<string> { "--only", "ours,libtorrent" };
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "--peers" && ++i < arguments.Count)
                counts = [.. arguments[i].Split(',').Select(static text => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture))];
            else if (arguments[i] == "--seconds" && ++i < arguments.Count)
                seconds = int.Parse(arguments[i], NumberStyles.None, CultureInfo.InvariantCulture);
            else if (arguments[i] == "--torrents" && ++i < arguments.Count)
                torrents = int.Parse(arguments[i], NumberStyles.None, CultureInfo.InvariantCulture);
            else
                rest.Add(arguments[i]);
        }
        TransferOptions options;
        try
        {
            options = TransferOptions.Parse(rest);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync($"idle: {e.Message}\n{Usage}");
            return 2;
        }
        using var stop = new CancellationTokenSource(Deadline);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
        var folder = Path.Combine(Path.GetTempPath(), $"actortorrent-idle-{Environment.ProcessId}");
        try
        {
            var content = await Content.MakeAsync(Path.Combine(folder, "content"), (long)Pieces * PieceLength, PieceLength, stop.Token);
            Console.WriteLine(BenchMachine.Describe());
            Console.WriteLine();
            Console.WriteLine("| program | idle peers | anonymous MiB before | with them | KiB a peer | kernel's TCP buffers, KiB a peer (both ends) | s to connect | CPU at rest, % of a core | lost |");
            Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
            var lost = 0;
            foreach (var count in counts)
            {
                if (torrents > 0)
                {
                    var many = await MeasureManyAsync(torrents, Path.Combine(folder, $"torrents-{count}"), count, seconds, stop.Token);
                    lost += many.Lost;
                    Console.WriteLine(Line(many));
                    continue;
                }
                foreach (var client in options.Clients)
                {
                    await using var scene = await TransferScene.OpenAsync(content, options, Path.Combine(folder, $"{client}-{count}"));
                    var result = await MeasureAsync(client, scene, count, seconds, stop.Token);
                    lost += result.Lost;
                    Console.WriteLine(Line(result));
                }
            }
            return lost == 0 ? 0 : 1;
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidDataException or IOException or System.Net.Sockets.SocketException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"idle: {e.Message}");
            return 1;
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IdleResult> MeasureAsync(TransferClient client, TransferScene scene, int count, int seconds, CancellationToken stop)
    {
        var most = count.ToString(CultureInfo.InvariantCulture);
        await using MeasuredRun run = client switch
        {
            TransferClient.Ours => new OurClient(
                scene.Options.Program ?? (await PublishedProgram.MakeAsync(scene.Options.Form, scene.Options.KeepsPublished, stop)).Path).Seed(scene, "--max-peers", most),
            TransferClient.Libtorrent => new LibtorrentClient().Seed(scene, "--peers", most),
            _ => throw new InvalidOperationException($"idle peers are not measured for {client}."),
        };
        return await MeasureAsync(TransferTable.NameOf(client), run, [scene.Content.InfoHash], count, seconds, stop);
    }

    /// <summary>The engine alone, in a process of its own, with many torrents that the peers share out among themselves.</summary>
    private static async Task<IdleResult> MeasureManyAsync(int torrents, string folder, int count, int seconds, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        var number = torrents.ToString(CultureInfo.InvariantCulture);
        await using var run = new OurRun(ClientProcess.Start(
            "engine",
            Environment.ProcessPath!,
            // Under `dotnet ActorTorrent.Benchmarks.dll` the process is the runtime's host.
            [.. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : Array.Empty<string>(), "idle-engine", folder, number],
            folder,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0" }));
        return await MeasureAsync($"engine with {number} torrents", run, [.. IdleTorrents.Make(torrents).Select(static content => content.InfoHash)], count, seconds, stop);
    }

    private static async Task<IdleResult> MeasureAsync(
        string name, MeasuredRun run, IReadOnlyList<InfoHash> torrents, int count, int seconds, CancellationToken stop)
    {
        await run.ReadyAsync(stop);
        using var status = new ProcFile($"/proc/{run.Process.Id}/status");
        using var sockets = new ProcFile("/proc/net/sockstat");
        await Task.Delay(Rest, stop);
        var before = Anonymous(status);
        var (socketsBefore, pagesBefore) = Tcp(sockets);
        await using var peers = new IdlePeers(torrents, new IPEndPoint(IPAddress.Loopback, run.Port));
        var start = Stopwatch.GetTimestamp();
        await peers.ConnectAsync(count, stop);
        var connected = Stopwatch.GetElapsedTime(start);
        await Task.Delay(Rest, stop);
        run.Process.MustRun();
        var after = Anonymous(status);
        var (socketsAfter, pagesAfter) = Tcp(sockets);
        var cpu = run.Process.Cpu();
        var from = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(seconds), stop);
        var share = (run.Process.Cpu() - cpu) / Stopwatch.GetElapsedTime(from);
        var lost = peers.Ended;
        return new IdleResult(
            name, count, before, after, (pagesAfter - pagesBefore) * PageSize, socketsAfter - socketsBefore, connected.TotalSeconds, share, lost);
    }

    private static long Anonymous(ProcFile status) =>
        status.Refresh() ? status.Number("RssAnon:"u8) * 1024 : throw new InvalidDataException("the client has ended.");

    private static (long Sockets, long Pages) Tcp(ProcFile sockets)
    {
        sockets.Refresh();
        return (sockets.Number("TCP: inuse"u8), sockets.Number("mem"u8));
    }

    private static string Line(IdleResult r) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {r.Program} | {r.Peers} | {r.AnonymousBefore / 1048576.0:0.0} | {r.AnonymousAfter / 1048576.0:0.0} | {(r.AnonymousAfter - r.AnonymousBefore) / 1024.0 / r.Peers:0.0} | {r.KernelBytes / 1024.0 / r.Peers:0.0} | {r.ConnectSeconds:0.0} | {r.IdleCpu * 100:0.0} | {r.Lost} |");
}
