using System.Net;
using System.Text;
using ActorTorrent.Cli.Tests.Support;
using ActorTorrent.Lab.Trackers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Cli.Tests;

public sealed class ShowTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task With_scrape_it_tells_what_each_tracker_knows()
    {
        await using var tracker = new LabTracker(new LabTrackerOptions { UdpPort = 0 });
        await tracker.StartAsync();
        tracker.Swarms.Pin(SampleTorrent.Content.InfoHash, new SwarmPeer(IPEndPoint.Parse("127.9.8.7:4321"), PeerId.Create(new Random(2)), IsSeed: true));
        var odd = new Uri(tracker.AnnounceUri, "/a");
        var path = _folder.Write("a.torrent", SampleTorrent.Content.BuildTorrent(tracker.AnnounceUri, tracker.UdpAnnounceUri, odd));

        var shown = await Command.Run("show", path, "--scrape");

        Assert.Equal(ExitCode.Ok, shown.ExitCode);
        var lines = shown.Output.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries)[^3..];
        Assert.Equal($"scrape:     {tracker.AnnounceUri}: 1 seeder, 0 leechers, 0 completed", lines[0]);
        Assert.Equal($"scrape:     {tracker.UdpAnnounceUri}: 1 seeder, 0 leechers, 0 completed", lines[1]);
        Assert.StartsWith($"scrape:     {odd}: 127.0.0.1 offers no scrape", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_prints_all_that_a_torrent_says()
    {
        var builder = new TorrentBuilder
        {
            Name = "two",
            PieceLength = 16384,
            PieceHashes = new byte[40],
            IsPrivate = true,
            Comment = "for all",
            CreatedBy = "a test",
            CreationDate = new DateTimeOffset(2024, 2, 29, 12, 30, 1, TimeSpan.Zero),
            Source = "here",
        };
        builder.AddFile(["x", "one.bin"], 20_000).AddFile(["two.bin"], 5).AddFile([".pad", "3"], 7, isPadding: true)
            .AddTier(new Uri("http://a.example/announce"), new Uri("udp://b.example:80"))
            .AddTier(new Uri("https://c.example/announce"))
            .AddWebSeed(new Uri("http://w.example/files/"));
        var bytes = builder.Build();
        var path = _folder.Write("two.torrent", bytes);

        var shown = await Command.Run("show", path);

        Assert.Equal(ExitCode.Ok, shown.ExitCode);
        Assert.Empty(shown.Error);
        Assert.Equal(
            $"""
            name:       two
            info hash:  {TorrentFileParser.Parse(bytes).InfoHash}
            size:       19.5 KiB (20012 bytes)
            pieces:     2 of 16 KiB
            private:    yes
            comment:    for all
            created by: a test
            created:    2024-02-29 12:30:01 UTC
            source:     here
            trackers:
              tier 1: http://a.example/announce
              tier 1: udp://b.example:80/
              tier 2: https://c.example/announce
            web seed:   http://w.example/files/
            files:
                 1    19.5 KiB  two/x/one.bin
                 2         5 B  two/two.bin

            """.ReplaceLineEndings("\n"),
            shown.Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task It_prints_little_of_a_torrent_that_says_little()
    {
        var shown = await Command.Run("show", _folder.Write("a.torrent", SampleTorrent.Raw()));

        Assert.Equal(ExitCode.Ok, shown.ExitCode);
        Assert.Contains("private:    no\n", shown.Output, StringComparison.Ordinal);
        Assert.Contains("trackers:   none\n", shown.Output, StringComparison.Ordinal);
        Assert.EndsWith("     1      16 KiB  a.bin\n", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("comment", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Letters_that_steer_a_terminal_are_shown_not_sent()
    {
        var torrent = SampleTorrent.Raw(before: "8:announce3:x\u001by7:comment5:\u001b[2Jx");

        var shown = await Command.Run("show", _folder.Write("a.torrent", torrent));

        Assert.DoesNotContain('\u001b', shown.Output);
        Assert.Contains(@"comment:    \u001b[2Jx", shown.Output, StringComparison.Ordinal);
        Assert.Contains(@"ignored: x\u001by", shown.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "byte 0")]
    [InlineData("no bencode", "byte 0")]
    [InlineData("d4:infod6:lengthi-1e4:name1:a12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee", "info.length")]
    [InlineData("d4:infod6:lengthi1e4:name2:..12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee", "info.name")]
    public async Task A_bad_torrent_is_refused_with_file_and_field(string text, string named)
    {
        var path = _folder.Write("bad.torrent", Encoding.Latin1.GetBytes(text));

        var shown = await Command.Run("show", path);

        Assert.Equal(ExitCode.BadInput, shown.ExitCode);
        Assert.Empty(shown.Output);
        Assert.StartsWith(path + ": ", shown.Error, StringComparison.Ordinal);
        Assert.Contains(named, shown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_file_is_named()
    {
        await Refuses(_folder["none.torrent"], "none.torrent: no such file");
        await Refuses(_folder["none", "none.torrent"], "none.torrent: no such file");
        await Refuses(_folder.Path, "is a folder, not a torrent file");
        await Refuses("magnet:?xt=urn:btih:012345678901234567890123456789012345678", "no info hash");
        await Refuses("http://", "http://");
    }

    [Fact]
    public async Task It_prints_what_a_magnet_link_says()
    {
        var shown = await Command.Run(
            "show",
            "magnet:?xt=urn:btih:0123456789012345678901234567890123456789&dn=a%1bb&xl=5&tr=http%3A%2F%2Ft.example%2Fa&x.pe=10.0.0.1:5&ws=http://w.example/&so=0,2-3");

        Assert.Equal(ExitCode.Ok, shown.ExitCode);
        Assert.Equal(
            @"name:       a\u001bb
info hash:  0123456789012345678901234567890123456789
size:       5 B (5 bytes)
trackers:
  http://t.example/a
peer:       10.0.0.1:5
web seed:   http://w.example/
files:      1, 3-4
link:       magnet:?xt=urn:btih:0123456789012345678901234567890123456789&dn=a%1Bb&xl=5&tr=http%3A%2F%2Ft.example%2Fa&ws=http%3A%2F%2Fw.example%2F&x.pe=10.0.0.1:5&so=0,2-3
",
            shown.Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_torrent_file_is_written_whose_trackers_are_the_same()
    {
        var bytes = SampleTorrent.Content.BuildTorrent(new Uri("http://a.example/announce"), new Uri("udp://b.example:80"));
        var source = _folder.Write("a.torrent", bytes);
        var copy = _folder["copy.torrent"];

        Assert.Equal(ExitCode.Ok, (await Command.Run("show", source, "--save", copy)).ExitCode);
        Assert.Equal(TorrentFileParser.Parse(bytes).AnnounceTiers, TorrentFileParser.Parse(await File.ReadAllBytesAsync(copy)).AnnounceTiers);
        Assert.Equal(SampleTorrent.Content.InfoHash, TorrentFileParser.Parse(await File.ReadAllBytesAsync(copy)).InfoHash);
        var again = await Command.Run("show", source, "--save", copy);
        Assert.Equal(ExitCode.BadInput, again.ExitCode);
        Assert.Contains("--force", again.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await Command.Run("show", source, "--save", copy, "--force")).ExitCode);
    }

    [Fact]
    public async Task The_torrent_file_of_a_magnet_link_is_written_once_a_peer_gave_its_metadata()
    {
        var content = SampleTorrent.Content;
        await content.WriteFilesAsync(_folder["data"]);
        await using var seed = await SeedingCommand.StartAsync(_folder.Write("a.torrent", content.BuildTorrent()), _folder["data"]);
        var link = $"magnet:?xt=urn:btih:{content.InfoHash}&tr=http%3A%2F%2F127.0.0.1:9%2Fannounce";
        var file = _folder["saved.torrent"];
        Task<CommandResult> Save(params string[] more) =>
            Command.Run(["show", link, "--save", file, "--profile", "test", "--state", _folder["state"], "--timeout", "1m", .. more]);

        var saved = await Save("--peer", $"127.0.0.1:{seed.Port}");

        Assert.Equal(ExitCode.Ok, saved.ExitCode);
        Assert.Contains($"info hash:  {content.InfoHash}", saved.Output, StringComparison.Ordinal);
        var torrent = TorrentFileParser.Parse(await File.ReadAllBytesAsync(file));
        Assert.Equal(content.Metainfo.InfoBytes.ToArray(), torrent.InfoBytes.ToArray());
        Assert.Equal([new Uri("http://127.0.0.1:9/announce")], torrent.AnnounceTiers.SelectMany(static tier => tier));

        // It is kept, so nobody needs to be asked again; a file that is there stays unless it is said otherwise.
        var bytes = await File.ReadAllBytesAsync(file);
        var again = await Save();
        Assert.Equal(ExitCode.BadInput, again.ExitCode);
        Assert.Contains("--force", again.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await Save("--force")).ExitCode);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(file));
    }

    [Fact]
    public async Task A_magnet_link_that_nobody_answers_ends_with_no_progress()
    {
        var shown = await Command.Run(
            "show", "magnet:?xt=urn:btih:0123456789012345678901234567890123456788", "--save", _folder["x.torrent"], "--timeout", "300ms", "--state", _folder["state"], "--profile", "test");

        Assert.Equal(ExitCode.NoProgress, shown.ExitCode);
        Assert.False(File.Exists(_folder["x.torrent"]));
    }

    [Fact]
    public async Task A_file_too_large_for_a_torrent_is_not_read()
    {
        var path = _folder["large.torrent"];
        await using (var file = File.Create(path))
            file.SetLength((64 << 20) + 1);

        await Refuses(path, "67108865 bytes are more than a torrent file has");
    }

    [Fact]
    public async Task A_torrent_comes_from_a_web_address_too()
    {
        using var listener = new TinyWebServer(path => path == "/a.torrent" ? (HttpStatusCode.OK, SampleTorrent.Raw("fetched.bin")) : (HttpStatusCode.NotFound, []));

        var shown = await Command.Run("show", new Uri(listener.Address, "a.torrent").AbsoluteUri);

        Assert.Equal(ExitCode.Ok, shown.ExitCode);
        Assert.Contains("fetched.bin", shown.Output, StringComparison.Ordinal);
        await Refuses(new Uri(listener.Address, "b.torrent").AbsoluteUri, "the server answered 404");
    }

    private static async Task Refuses(string source, string why)
    {
        var shown = await Command.Run("show", source);

        Assert.Equal(ExitCode.BadInput, shown.ExitCode);
        Assert.Empty(shown.Output);
        Assert.Contains(why, shown.Error, StringComparison.Ordinal);
    }
}
