using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>aria2, as a seeder or a downloader of one torrent.</summary>
public sealed class Aria2 : RealPeer
{
    private Aria2(Stage stage, ChildProcess process, int port)
        : base(stage, process, port)
    {
    }

    public static async Task<Aria2> Seed(Stage stage, string torrent, string folder, int? kibibytesPerSecond = null, params IEnumerable<string> more)
    {
        List<string> options = ["--check-integrity=true", "--seed-ratio=0.0", .. more];
        if (kibibytesPerSecond is { } rate)
            options.Add(string.Create(CultureInfo.InvariantCulture, $"--max-overall-upload-limit={rate}K"));
        var aria2 = Start(stage, torrent, folder, options);

        // It listens once it has checked the files.
        await Poll.Until("aria2 has checked its files and listens", aria2.Listens, stage.Deadline);
        return aria2;
    }

    public static Aria2 Fetch(Stage stage, string torrent, string folder, params IEnumerable<string> options) =>
        Start(stage, torrent, folder, ["--seed-time=0", "--file-allocation=none", .. options]);

    /// <summary>It speaks to UDP trackers only when it speaks DHT; it knows no node, so nobody hears of it.</summary>
    public static IEnumerable<string> WithUdpTrackers(Stage stage) =>
    [
        "--enable-dht=true",
        "--dht-listen-port=" + Text(FreePort.Next()),
        "--dht-file-path=" + Path.Combine(stage.Folder.Path, "aria2-dht.dat"),
    ];

    public override async Task Completed()
    {
        var exit = await Process.Exit(Stage.Deadline);
        if (exit != 0)
            throw new InvalidOperationException($"aria2 ended with {exit}");
    }

    public override Task<long> Uploaded() => throw new NotSupportedException("aria2 says so only when it ends");

    private static Aria2 Start(Stage stage, string torrent, string folder, IEnumerable<string> options)
    {
        var port = FreePort.Next();
        var log = Path.Combine(stage.Folder.Path, string.Create(CultureInfo.InvariantCulture, $"aria2-{port}.log"));
        var process = stage.Start(
            "aria2",
            Programs.Aria2,
            [
                .. Aria2Options.For(port, folder),
                "--console-log-level=notice",
                "--log=" + log,
                "--log-level=notice",
                .. options,
                torrent,
            ],
            logFile: log);
        return new Aria2(stage, process, port);
    }

    private async Task<bool> Listens()
    {
        if (Process.HasExited)
            throw new InvalidOperationException($"aria2 ended with {Process.ExitCode}");
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, Port, Stage.Deadline);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
