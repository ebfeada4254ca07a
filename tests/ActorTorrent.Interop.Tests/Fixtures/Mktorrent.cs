using System.Globalization;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>Makes torrents with the program that the rest of the world makes them with.</summary>
public static class Mktorrent
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static TorrentInfo Make(string content, string torrent, int pieceLengthExponent = 18)
    {
        var process = ChildProcess.Start(
            "mktorrent",
            Programs.Mktorrent,
            ["-a", "http://127.0.0.1:1/announce", "-d", "-l", pieceLengthExponent.ToString(CultureInfo.InvariantCulture), "-o", torrent, content],
            Path.GetDirectoryName(torrent)!);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return process.Exit(patience.Token).GetAwaiter().GetResult() == 0
                ? TorrentInfo.FromFile(torrent)
                : throw new InvalidOperationException(process.Report());
        }
        finally
        {
            process.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
