using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ActorTorrent.Interop.Tests.Fixtures;

namespace ActorTorrent.Benchmarks.Service;

/// <summary>What a request costs a service that has nothing else to do, path by path.</summary>
internal static class RequestBench
{
    private const int SteadyRate = 2000;

    public static async Task RunAsync(ServiceOptions options, string program, string folder, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        var port = FreePort.Next();
        using var rpc = new RpcClient(port);
        await using var process = Daemon.Ours(program, options.Transfer.Profiles).Start(folder, Path.Combine(folder, "files"), port);
        await Poll.Until("it answers", async () =>
        {
            process.MustRun();
            return await rpc.StatesAsync(stop) is not null;
        }, stop);
        var add = new JsonObject { ["torrent"] = Convert.ToBase64String(LoadBench.MakeTorrent(folder, "zeros", 1 << 30)) };
        using var added = await rpc.Http.PostAsync("/api/v1/torrents", new StringContent(add.ToJsonString(), Encoding.UTF8, "application/json"), stop);
        added.EnsureSuccessStatusCode();
        Console.WriteLine("| path | requests a second | CPU of serve, µs | CPU of the clients, µs | waits of its threads | interruptions | bytes of an answer |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|");
        await MeasureAsync("all of them in turn, after the start", LoadBench.PathsOf("1"), TimeSpan.Zero);
        foreach (var path in LoadBench.PathsOf("1"))
            await MeasureAsync($"`{path}`", [path], TimeSpan.Zero);
        await MeasureAsync("all of them in turn", LoadBench.PathsOf("1"), TimeSpan.Zero);
        await MeasureAsync(string.Create(CultureInfo.InvariantCulture, $"the same, {SteadyRate} a second"), LoadBench.PathsOf("1"), TimeSpan.FromSeconds((double)options.Requests / SteadyRate));
        await process.StopAsync();

        async Task MeasureAsync(string name, IReadOnlyList<string> paths, TimeSpan span)
        {
            using var crowd = new Crowd(port, paths, options.Clients);
            var (cpu, switches) = (process.Cpu(), ThreadSwitches.Of(process.Id));
            await crowd.RunAsync(options.Requests, span, stop);
            cpu = process.Cpu() - cpu;
            switches = ThreadSwitches.Of(process.Id) - switches;
            if (crowd.FirstError is { } error)
                await Console.Error.WriteLineAsync(error);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {crowd.Answered / crowd.Elapsed.TotalSeconds:0} | {cpu.TotalMicroseconds / crowd.Answered:0.0} | {crowd.Cpu.TotalMicroseconds / crowd.Answered:0.0} | {(double)switches.Voluntary / crowd.Answered:0.0} | {(double)switches.Forced / crowd.Answered:0.0} | {crowd.Bytes / crowd.Answered} |"));
        }
    }
}
