using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using ActorTorrent.Lab.Trackers;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>tracker</c>: the embedded HTTP tracker, for swarms of one's own.</summary>
internal static class TrackerCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var port = NumberOption.Create("--port", 0, ushort.MaxValue, "The port; 0 takes any free one.", fallback: 6969);
        var address = new Option<string>("--address")
        {
            Description = "The address to listen on; 0.0.0.0 for every one of this host.",
            HelpName = "IP",
            DefaultValueFactory = _ => "127.0.0.1",
        };
        var command = new Command("tracker", "Run an HTTP tracker (announce and scrape) until stopped.") { port, address };
        command.SetAction((parsed, stop) => RunAsync(
            parsed.GetValue(address)!, parsed.GetValue(port)!.Value, parsed.InvocationConfiguration.Output, stop));
        return command;
    }

    private static async Task<int> RunAsync(string address, int port, TextWriter output, CancellationToken stop)
    {
        if (!IPAddress.TryParse(address, out var ip))
            throw new InputException($"--address: '{address}' is not an IP address.");
        var tracker = new LabTracker();
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
            await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using (stop.Register(stopped.SetResult).ConfigureAwait(false))
                await stopped.Task.ConfigureAwait(false);
        }
        return ExitCode.Ok;
    }
}
