using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ActorTorrent.Cli.Tests.Support;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Telemetry;
using Spectre.Console;

namespace ActorTorrent.Cli.Tests;

/// <summary>The three ways to show a download, fed with the same events.</summary>
public sealed partial class DownloadReportTests
{
    [Fact]
    public void Json_names_every_event_and_its_numbers()
    {
        using var output = new StringWriter();
        Feed(new JsonDownloadReport(output));

        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            [
                """{"event":"started","name":"sample","infoHash":"HASH","bytes":600001,"output":"/data","port":6881}""".Replace("HASH", SampleTorrent.Content.InfoHash.ToString(), StringComparison.Ordinal),
                """{"event":"checked","piecesHave":3,"piecesTotal":16,"piecesTrusted":0,"blocksKept":0,"resumeRejected":null}""",
                """{"event":"announced","tracker":"http://t.example/announce","peers":12,"warning":null}""",
                """{"event":"announced","tracker":"http://t.example/announce","peers":0,"warning":"slow \u001Bdown"}""",
                """{"event":"announceFailed","tracker":"http://t.example/announce","error":"nobody listens"}""",
                """{"event":"trackerSkipped","tracker":"http://t.example/announce","reason":"its scheme"}""",
                """{"event":"pieceFailed","piece":5,"contributors":2}""",
                """{"event":"diskFailed","operation":"read","path":"/data/a\u001B","reason":"It was there and is gone."}""",
                """{"event":"diskRecovered"}""",
                """{"event":"progress","phase":"downloading","bytesWanted":4194304,"bytesVerified":1048576,"downloadRate":524288,"uploadRate":1024,"downloadedBytes":2097152,"uploadedBytes":3145728,"wastedBytes":4096,"peersKnown":9,"peersConnecting":2,"peersConnected":4,"peersUnchoking":1,"peersBySource":{},"swarmSeeders":11,"swarmLeechers":12,"swarmCompleted":null,"etaSeconds":6}""",
                """{"event":"fault","address":"10.0.0.1:6881","phase":"transfer","cause":"reset","action":"restart","attempt":1,"delayMs":1500,"blocksReturned":40,"detail":"gone \u001B[2J","reason":"failure 1 in a row","client":"Client\u00071","source":"manual"}""",
                """{"event":"complete","bytes":1048576,"seconds":2.5,"downloadedBytes":2097152,"uploadedBytes":3145728,"wastedBytes":4096,"faults":{"reset":2,"connect_timeout":1}}""",
                """{"event":"stuck","reason":"nobody is left","bytesWanted":4194304,"bytesVerified":1048576,"downloadRate":524288,"uploadRate":1024,"downloadedBytes":2097152,"uploadedBytes":3145728,"wastedBytes":4096}""",
            ],
            lines.Select(static line => Runtime().Replace(line, "")));
    }

    [Theory]
    [InlineData("started")]
    [InlineData("complete")]
    public void Json_tells_what_the_runtime_allocated_and_collected(string name)
    {
        using var output = new StringWriter();
        Feed(new JsonDownloadReport(output));

        var line = output.ToString().Split('\n').First(line => line.StartsWith($"{{\"event\":\"{name}\"", StringComparison.Ordinal));
        var runtime = JsonNode.Parse(line)!["runtime"]!;
        Assert.InRange((long)runtime["allocatedBytes"]!, 1, long.MaxValue);
        Assert.InRange((int)runtime["gen2Collections"]!, 0, (int)runtime["collections"]!);
        Assert.InRange((double)runtime["pauseMs"]!, 0, double.MaxValue);
    }

    /// <summary>Differs from run to run.</summary>
    [GeneratedRegex(""","runtime":\{[^}]*\}""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Runtime();

    [Fact]
    public void Json_has_no_time_to_wait_when_nothing_comes()
    {
        using var output = new StringWriter();
        using var report = new JsonDownloadReport(output);

        report.Progress(SampleEvents.Snapshot with { DownloadRate = 0 });

        Assert.Null(JsonNode.Parse(output.ToString())!["etaSeconds"]);
    }

    [Fact]
    public void Json_lists_the_actors()
    {
        using var output = new StringWriter();
        using var report = new JsonDownloadReport(output);

        report.Actors(SampleEvents.Census);

        Assert.Equal(
            """{"event":"actors","count":3,"restarts":4,"actors":[{"path":"","kind":"engine","state":"running","waitMs":0.25,"waiting":false,"restarts":0},{"path":"torrent-ab","kind":"coordinator","state":"active","waitMs":1250,"waiting":true,"restarts":1},{"path":"torrent-ab/peer-7","kind":"peer","state":"handshaking","waitMs":0,"waiting":false,"restarts":3,"lastFault":"reset \u001B[2J","lastFaultAt":"2026-01-02T03:04:05+00:00"}]}""",
            output.ToString().TrimEnd());
    }

    [Fact]
    public void Plain_lines_draw_the_tree_of_actors()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var report = new PlainDownloadReport(output, error);

        report.Actors(SampleEvents.Census);

        var at = SampleEvents.Census.Actors[2].LastFault!.At.ToLocalTime().ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(
            $"""
            actors 3: 1 engine, 1 coordinator, 1 peer; 4 restarts, slowest mailbox torrent-ab waiting > 1250 ms
            engine: running, 0.25 ms
              torrent-ab: active, waiting > 1250 ms, restarted once
                peer-7: handshaking, 0 ms, restarted 3 times, last fault {at} reset \u001b[2J

            """.ReplaceLineEndings("\n"),
            output.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void On_a_terminal_the_tree_stands_below_the_moving_line_and_goes_with_it()
    {
        using var output = new StringWriter();
        using var report = new LiveDownloadReport(Terminal(output, width: 60));
        report.Actors(SampleEvents.Census);
        report.Progress(SampleEvents.Snapshot);
        var drawn = output.ToString();
        Assert.Contains("torrent-ab: active", drawn, StringComparison.Ordinal);
        Assert.All(drawn.Split('\n'), static line => Assert.InRange(line.Length, 0, 100));

        report.Happened(SampleEvents.Happenings[1]);

        // Up over the four lines of the tree, and all below is erased.
        Assert.Contains("\u001b[4A", output.ToString()[drawn.Length..], StringComparison.Ordinal);
        Assert.Contains("\u001b[J", output.ToString()[drawn.Length..], StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_lines_hold_nothing_that_steers_a_terminal()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Feed(new PlainDownloadReport(output, error));

        Assert.Equal(
            $"""
            sample (586 KiB, {SampleTorrent.Content.InfoHash}) to /data
            listening on port 6881
            checked: 3 of 16 pieces are on disk
            tracker http://t.example/announce: 12 peers
            tracker http://t.example/announce warns: slow \u001bdown
            tracker http://t.example/announce: nobody listens
            tracker http://t.example/announce is not used: its scheme
            piece 5 does not match its hash (2 peers sent it); it is fetched again from one peer
            disk: /data/a\u001b: It was there and is gone. (while trying to read); it is tried again
            disk: it works again
             25.0%  1 MiB of 4 MiB  down 512 KiB/s  up 1 KiB/s  eta 0:06  peers 4 connected, 2 connecting, 3 waiting  faults 7
            fault  10.0.0.1:6881 (Client\u00071) via manual  transfer/reset: gone \u001b[2J -> restart in 1.5 s (failure 1 in a row), 40 blocks returned
            complete: 1 MiB verified in 2.5 s (819.2 KiB/s), 4 KiB wasted, faults: 2 reset, 1 connect_timeout
             25.0%  1 MiB of 4 MiB  down 512 KiB/s  up 1 KiB/s  eta 0:06  peers 4 connected, 2 connecting, 3 waiting  faults 7

            """.ReplaceLineEndings("\n").Replace("819.2 KiB", "819 KiB", StringComparison.Ordinal),
            output.ToString().ReplaceLineEndings("\n"));
        Assert.Equal("nobody is left\n", error.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Plain_progress_is_not_printed_for_every_snapshot()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var report = new PlainDownloadReport(output, error);

        report.Progress(SampleEvents.Snapshot);
        report.Progress(SampleEvents.Snapshot);

        Assert.Single(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void On_a_terminal_one_line_moves_and_the_rest_scrolls_above_it()
    {
        using var output = new StringWriter();
        Feed(new LiveDownloadReport(Terminal(output, width: 60)));

        var text = output.ToString();
        Assert.Contains("######.................. 25.0%", text, StringComparison.Ordinal);
        Assert.Contains("\u001b[2K", text, StringComparison.Ordinal);
        Assert.Contains("complete: 1 MiB verified", text, StringComparison.Ordinal);
        Assert.Contains("nobody is left", text, StringComparison.Ordinal);
        Assert.Contains(@"gone \u001b[2J", text.ReplaceLineEndings(""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(300)]
    public void The_moving_line_fits_the_terminal(int width)
    {
        using var output = new StringWriter();
        var report = new LiveDownloadReport(Terminal(output, width));

        report.Progress(SampleEvents.Snapshot);

        Assert.DoesNotContain('\n', output.ToString());
        report.Dispose();
    }

    [Fact]
    public void While_checking_the_pieces_looked_at_are_counted() => Assert.Equal(
        "checking  16 of 16 pieces", DownloadText.Progress(SampleEvents.Snapshot with { Phase = TorrentPhase.Checking }));

    [Fact]
    public void Nothing_wanted_is_all_there() => Assert.Equal(100, DownloadText.Percent(SampleEvents.Snapshot with { BytesWanted = 0 }));

    private static IAnsiConsole Terminal(TextWriter output, int width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = width;
        return console;
    }

    private static void Feed(IDownloadReport report)
    {
        using (report)
        {
            report.Started(new TorrentSpec(SampleTorrent.Content.Metainfo, "/data"), 6881);
            foreach (var happening in SampleEvents.Happenings)
                report.Happened(happening);
            report.Progress(SampleEvents.Snapshot);
            report.Fault(SampleEvents.Fault);
            report.Completed(SampleEvents.Snapshot, TimeSpan.FromSeconds(2.5), SampleEvents.Faults);
            report.Ended("stuck", "nobody is left", SampleEvents.Snapshot);
        }
    }
}
