using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using ActorTorrent.Lab.Trackers;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>tracker</c>: the embedded tracker, over HTTP and UDP, for swarms of one's own.</summary>
internal static class TrackerCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var port = NumberOption.Create("--port", 0, ushort.MaxValue, "The port; 0 takes any free one.", fallback: 6969);
        var udpPort = NumberOption.Create("--udp-port", 0, ushort.MaxValue, "The port for UDP; the same number as HTTP's when not given.");
        var interval = NumberOption.Create("--interval", 1, 86_400, "Seconds between two announces of a client.", fallback: 1800);
        var minInterval = NumberOption.Create("--min-interval", 1, 86_400, "The least seconds between two announces of a client (HTTP).");
        var address = new Option<string>("--address")
        {
            Description = "The address to listen on; 0.0.0.0 for every one of this host.",
            HelpName = "IP",
            DefaultValueFactory = _ => "127.0.0.1",
        };
        var command = new Command("tracker", "Run a tracker over HTTP and UDP (announce and scrape, any torrent) until stopped.")
        {
            port, udpPort, address, interval, minInterval,
        };
        command.SetAction((parsed, stop) =>
        {
            var options = new LabTrackerOptions
            {
                UdpPort = parsed.GetValue(udpPort) ?? parsed.GetValue(port)!.Value,
                Interval = TimeSpan.FromSeconds(parsed.GetValue(interval)!.Value),
                MinInterval = parsed.GetValue(minInterval) is { } least ? TimeSpan.FromSeconds(least) : null,
            };
            return RunAsync(parsed.GetValue(address)!, parsed.GetValue(port)!.Value, options, parsed.InvocationConfiguration.Output, stop);
        });
        return command;
    }

    private static async Task<int> RunAsync(string address, int port, LabTrackerOptions options, TextWriter output, CancellationToken stop)
    {
        if (!IPAddress.TryParse(address, out var ip))
            throw new InputException($"--address: '{address}' is not an IP address.");
        var tracker = new LabTracker(options);
        await using (tracker.ConfigureAwait(false))
        {
            try
            {
                await tracker.StartAsync(ip, port, stop).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                throw new InputException($"--port: {address}:{port} cannot be listened on: {e.Message} Choose another port, or 0 for any.");
            }
            await output.WriteLineAsync($"announce to {tracker.AnnounceUri}").ConfigureAwait(false);
            await output.WriteLineAsync($"announce to {tracker.UdpAnnounceUri}").ConfigureAwait(false);
            await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using (stop.Register(stopped.SetResult).ConfigureAwait(false))
                await stopped.Task.ConfigureAwait(false);
        }
        return ExitCode.Ok;
    }
}
