using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>
/// opentracker on a loopback port. Debian's build serves listed info hashes alone; the list is read after it has changed its
/// root to its own folder, hence the name without a path.
/// </summary>
public sealed partial class OpenTracker : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Stage _stage;

    private OpenTracker(Stage stage, ChildProcess process, int port)
    {
        _stage = stage;
        Process = process;
        Port = port;
    }

    public ChildProcess Process { get; }

    public int Port { get; }

    public string Announce => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/announce");

    public string UdpAnnounce => string.Create(CultureInfo.InvariantCulture, $"udp://127.0.0.1:{Port}/announce");

    public static async Task<OpenTracker> Start(Stage stage, params string[] allowed)
    {
        var folder = stage.Folder.Make("opentracker");
        var list = Path.Combine(folder, "whitelist");
        await File.WriteAllTextAsync(list, string.Concat(allowed.Select(static hash => hash + "\n")), stage.Deadline);

        // As root it goes on as nobody, who must be able to read the list (it is read again on a hang-up signal).
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(list, (UnixFileMode)0b110_100_100);

        var port = FreePort.Next();
        var number = port.ToString(CultureInfo.InvariantCulture);
        var process = stage.Start(
            "opentracker",
            Programs.OpenTracker,
            ["-i", "127.0.0.1", "-p", number, "-P", number, "-d", folder, "-w", "whitelist"]);
        var tracker = stage.Keep(new OpenTracker(stage, process, port));
        await Poll.Until("opentracker answers", tracker.Answers, stage.Deadline);
        return tracker;
    }

    /// <summary>Waits until so many seeds and leechers of a torrent have announced themselves.</summary>
    public Task Knows(TorrentInfo torrent, int seeds, int leechers = 0) =>
        Poll.Until(
            $"opentracker knows {seeds} seeds and {leechers} leechers",
            async () =>
            {
                var (complete, incomplete) = await Scrape(torrent);
                return complete >= seeds && incomplete >= leechers;
            },
            _stage.Deadline);

    public async Task<(int Seeds, int Leechers)> Scrape(TorrentInfo torrent)
    {
        var escaped = string.Concat(torrent.InfoHash.Chunk(2).Select(static pair => $"%{pair[0]}{pair[1]}"));
        var answer = await Get($"/scrape?info_hash={escaped}");
        return (Number(Complete().Match(answer)), Number(Incomplete().Match(answer)));
    }

    public void Dispose() => _http.Dispose();

    private static int Number(Match match) =>
        match.Success ? int.Parse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture) : 0;

    private async Task<bool> Answers()
    {
        if (Process.HasExited)
            throw new InvalidOperationException($"opentracker ended with {Process.ExitCode}");
        try
        {
            return (await Get("/announce")).Length > 0;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<string> Get(string path)
    {
        using var response = await _http.GetAsync(new Uri($"http://127.0.0.1:{Port}{path}"), _stage.Deadline);
        return Encoding.Latin1.GetString(await response.Content.ReadAsByteArrayAsync(_stage.Deadline));
    }

    [GeneratedRegex("8:completei(?<count>[0-9]+)e", RegexOptions.None, 1_000)]
    private static partial Regex Complete();

    [GeneratedRegex("10:incompletei(?<count>[0-9]+)e", RegexOptions.None, 1_000)]
    private static partial Regex Incomplete();
}
