using System.Runtime.InteropServices;
using ActorTorrent.Benchmarks.Transfer;

namespace ActorTorrent.Benchmarks.Service;

/// <summary>
/// The command <c>service</c>: what <c>serve</c> costs with many torrents at rest, beside transmission-daemon with the same, and what callers of
/// its API cost a download.
/// </summary>
internal static class ServiceCommand
{
    public const string Usage =
        "usage: service [torrents|load|requests] [--torrents 1000] [--seconds 60] [--size 512MiB] [--downloads 8] [--requests 10000] [--clients 100] [--rounds 5] [--paths PATH,...]\n"
        + "               [--only ours,transmission] [--form trimmed|native] [--no-publish] [--program PATH] [--folder DIR] [--profile NAME|FILE]...";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(20);

    /// <returns>0 done, 1 a program failed, 2 wrong arguments.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        ServiceOptions options;
        try
        {
            options = ServiceOptions.Parse(arguments);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync($"service: {e.Message}\n{Usage}");
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
        var folder = Path.Combine(options.Transfer.Folder ?? Path.GetTempPath(), $"actortorrent-service-{Environment.ProcessId}");
        try
        {
            var (program, form) = options.Transfer.Program is { } given
                ? (given, "as given")
                : await PublishedProgram.MakeAsync(options.Transfer.Form, options.Transfer.KeepsPublished, stop.Token);
            Console.WriteLine($"{BenchMachine.Describe()}; ActorTorrent {form}");
            Console.WriteLine();
            if (options.Part is null or "torrents")
                await RestBench.RunAsync(options, program, Path.Combine(folder, "torrents"), stop.Token);
            if (options.Part is null)
                Console.WriteLine();
            if (options.Part is null or "requests")
                await RequestBench.RunAsync(options, program, Path.Combine(folder, "requests"), stop.Token);
            if (options.Part is null)
                Console.WriteLine();
            if (options.Part is null or "load")
                await LoadBench.RunAsync(options, program, Path.Combine(folder, "load"), stop.Token);
            return 0;
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidDataException or IOException or HttpRequestException or TimeoutException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"service: {e.Message}");
            return 1;
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }
}
