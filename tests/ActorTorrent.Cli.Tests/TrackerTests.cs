using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ActorTorrent.Cli.Tests.Support;

namespace ActorTorrent.Cli.Tests;

public sealed class TrackerTests
{
    [Fact]
    public async Task It_says_where_it_listens_answers_and_ends_well()
    {
        await using var tracker = Command.Start("tracker", "--port", "0");
        await tracker.Prints("/announce");
        await tracker.Prints("udp://");
        var lines = tracker.Output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        var announce = lines[0]["announce to ".Length..];
        Assert.Matches("^announce to udp://127\\.0\\.0\\.1:[1-9][0-9]*/announce$", lines[1]);
        using var client = new HttpClient();

        var answer = await client.GetStringAsync(new Uri(
            announce + "?info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=bbbbbbbbbbbbbbbbbbbb&port=6881&uploaded=0&downloaded=0&left=1&compact=1"));
        await tracker.Interrupt();
        var end = await tracker.End();

        Assert.StartsWith("d", answer, StringComparison.Ordinal);
        Assert.Contains("8:interval", answer, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, end.ExitCode);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_bad_input()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var result = await Command.Run("tracker", "--port", port);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.StartsWith($"--port: 127.0.0.1:{port} cannot be listened on", result.Error, StringComparison.Ordinal);
    }
}
