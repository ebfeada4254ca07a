using System.Globalization;
using System.Net.Sockets;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>microsocks (SOCKS 5) or tinyproxy (HTTP) on a loopback port; both want to know who asks, and print where they connect to.</summary>
public sealed class RealProxy
{
    private const string User = "me";
    private const string Password = "s3cret";

    private readonly ChildProcess _process;
    private readonly string _scheme;
    private readonly int _port;

    private RealProxy(ChildProcess process, string scheme, int port)
    {
        _process = process;
        _scheme = scheme;
        _port = port;
    }

    /// <summary>What <c>--proxy</c> takes.</summary>
    public string Url(string password = Password) => string.Create(CultureInfo.InvariantCulture, $"{_scheme}://{User}:{password}@127.0.0.1:{_port}");

    /// <summary>Whether somebody wanted to be connected to a loopback port.</summary>
    public bool WasAskedFor(int port) =>
        _process.Everything().Contains(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), StringComparison.Ordinal);

    public static async Task<RealProxy> Start(Stage stage, string scheme)
    {
        var port = FreePort.Next();
        var number = port.ToString(CultureInfo.InvariantCulture);
        ChildProcess process;
        if (scheme == "socks5")
        {
            process = stage.Start("microsocks", Programs.Microsocks, ["-i", "127.0.0.1", "-p", number, "-u", User, "-P", Password]);
        }
        else
        {
            var settings = Path.Combine(stage.Folder.Path, "tinyproxy.conf");
            await File.WriteAllTextAsync(
                settings, $"Port {number}\nListen 127.0.0.1\nTimeout 60\nMaxClients 20\nLogLevel Info\nBasicAuth {User} {Password}\n", stage.Deadline);
            process = stage.Start("tinyproxy", Programs.Tinyproxy, ["-d", "-c", settings]);
        }
        await Poll.Until("the proxy listens", () => Listens(port, stage.Deadline), stage.Deadline);
        return new RealProxy(process, scheme, port);
    }

    private static async Task<bool> Listens(int port, CancellationToken deadline)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync("127.0.0.1", port, deadline);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
