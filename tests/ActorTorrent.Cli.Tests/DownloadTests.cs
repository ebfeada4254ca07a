using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using ActorTorrent.Cli.Tests.Support;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Lab.Trackers;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Cli.Tests;

/// <summary>The verb <c>download</c> against scripted peers on loopback.</summary>
public sealed class DownloadTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static GeneratedContent Content => SampleTorrent.Content;

    private string Output => _folder["out"];

    [Fact]
    public async Task With_actors_the_tree_is_told_too()
    {
        await using var seed = await Stub(PeerScript.Healthy());

        var result = await Download(Torrent(), "--json", "--actors", "--peer", seed.EndPoint.ToString());

        Assert.Equal(ExitCode.Ok, result.ExitCode);
        var last = result.Lines.Select(static line => JsonNode.Parse(line)!.AsObject()).Last(static e => (string?)e["event"] == "actors");
        // Whether the peer is still there when all is done is chance.
        var kinds = last["actors"]!.AsArray().Select(static a => (string?)a!["kind"]).Where(static k => k is not ("peer" or "connection"));
        Assert.Equal(["engine", "census", "disk", "limits", "listener", "scrapes", "coordinator", "storage", "tracker", "udp_trackers"], kinds);
    }

    [Fact]
    public async Task With_json_each_line_is_an_event()
    {
        await using var seed = await Stub(PeerScript.Healthy());
        await using var tracker = new LabTracker();
        await tracker.StartAsync();
        tracker.Swarms.Pin(Content.InfoHash, new SwarmPeer(seed.EndPoint, seed.PeerId, IsSeed: true));

        var result = await Download(Torrent(tracker.AnnounceUri), "--json");

        Assert.Equal(ExitCode.Ok, result.ExitCode);
        AssertVerified();
        var events = result.Lines.Select(static line => JsonNode.Parse(line)!.AsObject()).ToList();
        var started = events[0];
        Assert.Equal(["event", "name", "infoHash", "bytes", "output", "port", "runtime"], started.Select(static p => p.Key));
        Assert.Equal("started", (string?)started["event"]);
        Assert.Equal(Content.InfoHash.ToString(), (string?)started["infoHash"]);
        Assert.Equal(Content.Layout.TotalLength, (long?)started["bytes"]);
        Assert.Equal(Output, (string?)started["output"]);
        Assert.InRange((int)started["port"]!, 1, 65_535);
        var check = Assert.Single(events, static e => (string?)e["event"] == "checked");
        Assert.Equal((0, Content.Layout.PieceCount), ((int)check["piecesHave"]!, (int)check["piecesTotal"]!));
        var announced = events.First(static e => (string?)e["event"] == "announced");
        Assert.Equal(tracker.AnnounceUri.ToString(), (string?)announced["tracker"]);
        Assert.All(
            events.Where(static e => (string?)e["event"] == "progress"),
            static progress => Assert.Equal(
                [
                    "event", "phase", "bytesWanted", "bytesVerified", "downloadRate", "uploadRate", "downloadedBytes", "uploadedBytes",
                    "wastedBytes", "peersKnown", "peersConnecting", "peersConnected", "peersUnchoking", "peersBySource", "swarmSeeders", "swarmLeechers",
                    "swarmCompleted", "etaSeconds",
                ],
                progress.Select(static p => p.Key)));
        var complete = events[^1];
        Assert.Equal(
            ["event", "bytes", "seconds", "downloadedBytes", "uploadedBytes", "wastedBytes", "faults", "runtime"], complete.Select(static p => p.Key));
        Assert.Equal("complete", (string?)complete["event"]);
        Assert.Equal(Content.Layout.TotalLength, (long?)complete["bytes"]);
        Assert.Equal(Content.Layout.TotalLength, (long?)complete["downloadedBytes"]);
        Assert.True((double)complete["seconds"]! > 0);
    }

    [Fact]
    public async Task A_fault_is_a_line_with_cause_action_and_what_it_cost()
    {
        await using var refusing = await Stub(PeerScript.Refuses());
        await using var seed = await Stub(PeerScript.Healthy(400_000));

        var result = await Download(Torrent(), "--peer", refusing.EndPoint.ToString(), "--peer", seed.EndPoint.ToString(), "--json");

        Assert.Equal(ExitCode.Ok, result.ExitCode);
        var events = result.Lines.Select(static line => JsonNode.Parse(line)!.AsObject()).ToList();
        var fault = events.First(static e => (string?)e["event"] == "fault");
        Assert.Equal(
            ["event", "address", "phase", "cause", "action", "attempt", "delayMs", "blocksReturned", "detail", "reason", "client", "source"],
            fault.Select(static p => p.Key));
        Assert.Equal(refusing.EndPoint.ToString(), (string?)fault["address"]);
        Assert.Equal(
            ("connect", "refused", "restart", 1, 0),
            ((string?)fault["phase"], (string?)fault["cause"], (string?)fault["action"], (int)fault["attempt"]!, (int)fault["blocksReturned"]!));
        Assert.True((long)fault["delayMs"]! > 0);
        Assert.True((int)events[^1]["faults"]!["refused"]! >= 1);
    }

    [Fact]
    public async Task Without_json_it_prints_lines_for_people()
    {
        await using var seed = await Stub(PeerScript.Healthy());

        var result = await Download(Torrent(), "--peer", seed.EndPoint.ToString(), "--sequential", "--max-peers", "3");

        Assert.Equal(ExitCode.Ok, result.ExitCode);
        Assert.Equal($"sample (586 KiB, {Content.InfoHash}) to {Output}", result.Lines[0]);
        Assert.Matches("^listening on port [1-9][0-9]*$", result.Lines[1]);
        Assert.Matches(@"^complete: 586 KiB verified in \d+\.\d s \(.*/s\), 0 B wasted, no faults$", result.Lines[^1]);
        AssertVerified();
    }

    [Fact]
    public async Task Of_a_magnet_link_the_metadata_comes_first_and_is_kept()
    {
        await using var seeding = await Seeding();
        var state = _folder["state"];
        var link = $"magnet:?xt=urn:btih:{Content.InfoHash}&dn=from%20the%20link&x.pe=127.0.0.1:{seeding.Port}";

        var result = await Download(link, "--json", "--state", state);

        Assert.Equal(ExitCode.Ok, result.ExitCode);
        AssertVerified();
        var events = result.Lines.Select(static line => JsonNode.Parse(line)!.AsObject()).ToList();
        var started = events[0];
        Assert.Equal(["event", "name", "infoHash", "bytes", "magnet", "output", "port", "runtime"], started.Select(static p => p.Key));
        Assert.Equal(("from the link", null, true), ((string?)started["name"], (long?)started["bytes"], (bool)started["magnet"]!));
        var metadata = Assert.Single(events, static e => (string?)e["event"] == "metadata");
        Assert.Equal(["event", "name", "infoHash", "bytes", "pieces", "files", "private"], metadata.Select(static p => p.Key));
        Assert.Equal(("sample", 600_001, 10, 3), ((string?)metadata["name"], (int)metadata["bytes"]!, (int)metadata["pieces"]!, (int)metadata["files"]!));
        Assert.True(events.IndexOf(metadata) < events.FindIndex(static e => (string?)e["event"] == "checked"));
        Assert.Equal("complete", (string?)events[^1]["event"]);

        // Nobody is needed any more: metadata and content are both there.
        Assert.Equal(Content.InfoHash, TorrentFileParser.Parse(await File.ReadAllBytesAsync(Path.Join(state, $"{Content.InfoHash}.torrent"))).InfoHash);
        var again = await Download(Content.InfoHash.ToString(), "--state", state);
        Assert.Equal(ExitCode.Ok, again.ExitCode);
        Assert.Contains("checked: 10 of 10 pieces are on disk", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_magnet_link_without_anybody_to_ask_makes_no_progress()
    {
        var result = await Download("magnet:?xt=urn:btih:0123456789012345678901234567890123456787", "--json");

        Assert.Equal(ExitCode.NoProgress, result.ExitCode);
        Assert.Equal("stuck", (string?)JsonNode.Parse(result.Lines[^1])!["event"]);
        Assert.False(Directory.Exists(Output));
    }

    [Theory]
    [InlineData("--high: '9' names no file; the torrent has files 1 to 3 (see 'show').", "--high", "9")]
    [InlineData("--low: 'x' is no file number and no range such as 3-5.", "--low", "x")]
    [InlineData("--low: file 2 is in --high, too.", "--high", "1-2", "--low", "2-3")]
    public async Task Bad_priorities_are_named(string message, params string[] arguments)
    {
        var result = await Download(Torrent(), arguments);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_come_by_their_priorities()
    {
        await using var seed = await Stub(PeerScript.Healthy());

        var result = await Download(Torrent(), "--peer", seed.EndPoint.ToString(), "--high", "3", "--low", "1", "--first-last");

        Assert.Equal(ExitCode.Ok, result.ExitCode);
        AssertVerified();
    }

    [Fact]
    public async Task Only_what_is_selected_is_fetched()
    {
        await using var seed = await Stub(PeerScript.Healthy());

        var result = await Download(Torrent(), "--peer", seed.EndPoint.ToString(), "--select", "1");

        Assert.Equal(ExitCode.Ok, result.ExitCode);
        Assert.Equal(400_000, new FileInfo(Path.Join(Output, "sample", "a", "first.bin")).Length);
        Assert.False(File.Exists(Path.Join(Output, "sample", "c.txt")));
    }

    [Fact]
    public async Task Started_again_it_finds_what_is_there()
    {
        await Content.WriteFilesAsync(Output);

        var result = await Download(Torrent());

        Assert.Equal(ExitCode.Ok, result.ExitCode);
        Assert.Contains("checked: 10 of 10 pieces are on disk\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_seed_it_serves_until_it_is_stopped()
    {
        await Content.WriteFilesAsync(Output);
        await using var seeding = Command.Start("download", Torrent(), "--output", Output, "--port", "0", "--profile", "test", "--seed", "--json");
        await seeding.Prints("\"event\":\"complete\"");
        var port = (int)JsonNode.Parse(seeding.Output.ToString().Split('\n')[0])!["port"]!;
        var fetched = _folder["fetched"];

        var fetching = await Command.Run("download", Torrent(), "--output", fetched, "--port", "0", "--profile", "test", "--peer", $"127.0.0.1:{port}");
        await seeding.Interrupt();
        var seeded = await seeding.End();

        Assert.Equal(ExitCode.Ok, fetching.ExitCode);
        Assert.Equal(ExitCode.Ok, seeded.ExitCode);
        AssertVerified(fetched);
    }

    [Fact]
    public async Task Without_anybody_to_ask_there_is_no_progress()
    {
        var plain = await Download(Torrent());
        var json = await Download(Torrent(), "--json");

        Assert.Equal(ExitCode.NoProgress, plain.ExitCode);
        Assert.StartsWith("no progress possible: ", plain.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.NoProgress, json.ExitCode);
        Assert.Equal("stuck", (string?)JsonNode.Parse(json.Lines[^1])!["event"]);
    }

    [Fact]
    public async Task A_stop_before_the_end_says_so()
    {
        await using var seed = await Stub(PeerScript.Stalls(100_000));
        await using var download = Command.Start(
            "download", Torrent(), "--output", Output, "--port", "0", "--profile", "test", "--peer", seed.EndPoint.ToString(), "--json");
        await seed.FaultStruck;

        await download.Interrupt();
        var result = await download.End();

        Assert.Equal(ExitCode.Interrupted, result.ExitCode);
        Assert.Contains("\"event\":\"interrupted\"", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_a_file_is_a_disk_error()
    {
        var file = _folder.Write("out", [1]);

        var plain = await Download(Torrent());
        var json = await Download(Torrent(), "--json");

        Assert.Equal(ExitCode.Disk, plain.ExitCode);
        Assert.Contains(file, plain.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Disk, json.ExitCode);
        Assert.Equal("disk", (string?)JsonNode.Parse(json.Output)!["event"]);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_bad_input()
    {
        using var taken = new TcpListener(IPAddress.Any, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var result = await Command.Run("download", Torrent(), "--output", Output, "--port", $"{port}");

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains($"{port}", result.Error, StringComparison.Ordinal);
    }

    private async Task<SeedingCommand> Seeding()
    {
        var data = _folder["data"];
        await Content.WriteFilesAsync(data);
        return await SeedingCommand.StartAsync(Torrent(), data);
    }

    private Task<CommandResult> Download(string torrent, params string[] more) =>
        Command.Run(["download", torrent, "--output", Output, "--port", "0", "--profile", "test", .. more]);

    private string Torrent(params Uri[] trackers) => _folder.Write("sample.torrent", Content.BuildTorrent(trackers));

    private static Task<StubPeer> Stub(PeerScript script) => StubPeer.StartAsync(script, Content.InfoHash, Content);

    private void AssertVerified(string? folder = null)
    {
        var verdict = Content.Verify(folder ?? Output);
        Assert.True(verdict.IsGood, string.Join('\n', verdict.Differences));
    }
}
