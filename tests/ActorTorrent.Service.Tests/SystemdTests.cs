using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Service.Tests.Support;
using Xunit.Abstractions;

namespace ActorTorrent.Service.Tests;

public sealed class SystemdTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public Task The_unit_is_what_systemd_takes() => Stage.Play(output, Patience, async stage =>
    {
        // The program that it starts is not installed here: verify would complain of that and of nothing else.
        var unit = Path.Combine(stage.Folder.Path, "actortorrent.service");
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "config", "actortorrent.service"), stage.Deadline);
        await File.WriteAllTextAsync(unit, text.Replace("/usr/local/bin/actortorrent", "/bin/true", StringComparison.Ordinal), stage.Deadline);
        var verify = stage.Start("systemd-analyze", Programs.SystemdAnalyze, ["verify", "--man=no", unit], environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["XDG_RUNTIME_DIR"] = stage.Folder.Path });
        Assert.True(await verify.Exit(stage.Deadline) == 0, verify.Everything());
        Assert.Equal("", verify.Everything());
    });

    [Fact]
    public Task It_tells_systemd_that_it_is_ready_alive_and_stopping() => Stage.Play(output, Patience, async stage =>
    {
        var path = Path.Combine(stage.Folder.Path, "notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        var service = ServeProcess.Launch(
            stage, FreePort.Next(), stage.Folder.Make("data"),
            environment: new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["NOTIFY_SOCKET"] = path,
                ["WATCHDOG_USEC"] = 600_000.ToString(CultureInfo.InvariantCulture),
            });
        Assert.Equal("READY=1\nSTATUS=Serving", await Next());
        Assert.Equal("WATCHDOG=1", await Next());
        service.Signal(ChildProcess.Terminate);
        var last = await Next();
        while (last == "WATCHDOG=1")
            last = await Next();
        Assert.Equal("STOPPING=1", last);
        Assert.Equal(0, await service.Exit(stage.Deadline));

        async Task<string> Next()
        {
            var buffer = new byte[256];
            return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, stage.Deadline));
        }
    });
}
