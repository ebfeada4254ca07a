using System.Globalization;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>A real client that seeds or fetches one torrent on loopback.</summary>
public abstract class RealPeer(Stage stage, ChildProcess process, int port)
{
    public ChildProcess Process { get; } = process;

    /// <summary>Where it accepts peers.</summary>
    public int Port { get; } = port;

    public string EndPoint => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    protected Stage Stage { get; } = stage;

    /// <summary>Starts a client that has the content, and waits until it has checked it and would serve it.</summary>
    public static async Task<RealPeer> Seed(
        Stage stage, RealClient client, string torrent, TestContent content, int? kibibytesPerSecond = null) =>
        client switch
        {
            RealClient.Transmission => await TransmissionDaemon.Seed(stage, torrent, content.Parent, kibibytesPerSecond),
            RealClient.Aria2 => await Aria2.Seed(stage, torrent, content.Parent, kibibytesPerSecond),
            RealClient.Libtorrent => await Libtorrent.Seed(stage, torrent, content.Parent, kibibytesPerSecond),
            _ => throw new ArgumentOutOfRangeException(nameof(client)),
        };

    /// <summary>Starts a client that has nothing and fetches into <paramref name="folder"/>.</summary>
    public static async Task<RealPeer> Fetch(Stage stage, RealClient client, string torrent, string folder) =>
        client switch
        {
            RealClient.Transmission => await TransmissionDaemon.Fetch(stage, torrent, folder),
            RealClient.Aria2 => Aria2.Fetch(stage, torrent, folder),
            RealClient.Libtorrent => await Libtorrent.Fetch(stage, torrent, folder),
            _ => throw new ArgumentOutOfRangeException(nameof(client)),
        };

    /// <summary>Waits until it says itself that all has come and was checked.</summary>
    public abstract Task Completed();

    /// <summary>The bytes of content it has sent to others, as far as it can say.</summary>
    public abstract Task<long> Uploaded();

    protected static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
