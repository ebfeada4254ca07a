using System.Text.Json.Nodes;
using ActorTorrent.Cli.Tests.Support;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Cli.Tests;

/// <summary>The verb <c>create</c>.</summary>
public sealed class CreateTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Content => _folder["sample"];

    private string Torrent => _folder["out.torrent"];

    [Fact]
    public async Task It_writes_a_torrent_and_says_what_it_is()
    {
        await SampleTorrent.Content.WriteFilesAsync(_folder.Path);

        var result = await Command.Run("create", Content, "-o", Torrent, "--piece-length", "64K");

        Assert.Equal(ExitCode.Ok, result.ExitCode);
        Assert.Empty(result.Error);
        Assert.Equal(
            ["sample: 586 KiB in 3 files, 10 pieces of 64 KiB", $"info hash {SampleTorrent.Content.InfoHash}", $"written to {Torrent}"],
            result.Lines);
        Assert.Equal(SampleTorrent.Content.InfoHash, Read().InfoHash);
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.Path).Length);
    }

    [Fact]
    public async Task With_json_each_line_is_an_event()
    {
        await SampleTorrent.Content.WriteFilesAsync(_folder.Path);

        var result = await Command.Run("create", Content, "-o", Torrent, "--piece-length", "65536", "--json");

        Assert.Equal(ExitCode.Ok, result.ExitCode);
        var created = JsonNode.Parse(result.Lines[^1])!.AsObject();
        Assert.Equal(
            ["event", "path", "name", "infoHash", "bytes", "files", "pieces", "pieceLength", "seconds"], created.Select(static p => p.Key));
        Assert.Equal(
            ("created", Torrent, "sample", SampleTorrent.Content.InfoHash.ToString(), 600_001, 3, 10, 65_536),
            ((string?)created["event"], (string?)created["path"], (string?)created["name"], (string?)created["infoHash"], (int)created["bytes"]!,
                (int)created["files"]!, (int)created["pieces"]!, (int)created["pieceLength"]!));
    }

    [Fact]
    public async Task Every_option_is_in_the_torrent()
    {
        _folder.Write("a.bin", [1, 2, 3]);

        var result = await Command.Run(
            "create", _folder["a.bin"], "--output", Torrent, "--tracker", "http://a.example/announce", "--tracker", "udp://b.example:80/x",
            "--private", "--comment", "rémark", "--source", "here", "--webseed", "https://w.example/a.bin", "--piece-length", "1MiB");

        Assert.Equal(ExitCode.Ok, result.ExitCode);
        var torrent = Read();
        Assert.Equal(["http://a.example/announce", "udp://b.example:80/x"], torrent.AnnounceTiers.Select(static tier => Assert.Single(tier).AbsoluteUri));
        Assert.Equal("https://w.example/a.bin", Assert.Single(torrent.WebSeeds).AbsoluteUri);
        Assert.Equal((true, "rémark", "here", 1 << 20), (torrent.IsPrivate, torrent.Comment, torrent.Source, torrent.Layout.PieceLength));
        Assert.Matches(@"^ActorTorrent \d+\.\d+\.\d+$", torrent.CreatedBy);
        Assert.Null(torrent.CreationDate);
    }

    [Fact]
    public async Task The_same_content_and_options_give_the_same_bytes()
    {
        await SampleTorrent.Content.WriteFilesAsync(_folder.Path);
        var other = _folder["other.torrent"];

        await Command.Run("create", Content, "-o", Torrent);
        await Command.Run("create", Content + "/", "-o", other);

        Assert.Equal(File.ReadAllBytes(Torrent), File.ReadAllBytes(other));
    }

    [Fact]
    public async Task What_is_there_is_kept_unless_told_otherwise()
    {
        _folder.Write("a.bin", [1]);
        _folder.Write("out.torrent", [7]);

        var kept = await Command.Run("create", _folder["a.bin"], "-o", Torrent);

        Assert.Equal(ExitCode.BadInput, kept.ExitCode);
        Assert.Contains("is there already", kept.Error, StringComparison.Ordinal);
        Assert.Contains("--force", kept.Error, StringComparison.Ordinal);
        Assert.Equal([7], File.ReadAllBytes(Torrent));
        Assert.Equal(ExitCode.Ok, (await Command.Run("create", _folder["a.bin"], "-o", Torrent, "--force")).ExitCode);
        Assert.Equal("a.bin", Read().Name);
    }

    [Fact]
    public async Task Written_into_its_content_it_does_not_become_part_of_it()
    {
        await SampleTorrent.Content.WriteFilesAsync(_folder.Path);
        var inside = _folder["sample", "own.torrent"];

        await Command.Run("create", Content, "-o", inside);
        var first = await File.ReadAllBytesAsync(inside);
        await Command.Run("create", Content, "-o", inside, "--force");

        Assert.Equal(first, await File.ReadAllBytesAsync(inside));
        Assert.Equal(3, TorrentFileParser.Parse(first).Layout.Files.Count);
    }

    [Fact]
    public async Task In_the_way_of_transmission_it_leaves_out_what_that_leaves_out()
    {
        _folder.Write("d/.hidden", [1]);
        _folder.Write("d/empty", []);
        _folder.Write("d/a", [1]);

        var result = await Command.Run("create", _folder["d"], "-o", Torrent, "--compat", "transmission");

        Assert.Equal(ExitCode.Ok, result.ExitCode);
        Assert.Equal("d/a", Assert.Single(Read().Layout.Files).Path);
        Assert.Contains("7:privatei0e", System.Text.Encoding.Latin1.GetString(Read().InfoBytes.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_left_out_is_told()
    {
        if (OperatingSystem.IsWindows())
            return; // Links need a privilege there.
        _folder.Write("d/a", [1]);
        File.CreateSymbolicLink(_folder["d", "broken"], "none");

        var result = await Command.Run("create", _folder["d"], "-o", Torrent, "--compat", "transmission");

        Assert.Equal(ExitCode.Ok, result.ExitCode);
        Assert.Equal($"left out {_folder["d", "broken"]}: a link that leads nowhere\n", result.Error);
    }

    [Fact]
    public async Task What_cannot_be_shared_is_refused_and_nothing_is_written()
    {
        Directory.CreateDirectory(_folder["empty"]);
        _folder.Write("d/aux", [1]);

        await Refuses(ExitCode.BadInput, "no such file or folder", _folder["none"]);
        await Refuses(ExitCode.BadInput, "the folder holds no file", _folder["empty"]);
        await Refuses(ExitCode.BadInput, "names a device", _folder["d"]);
        await Refuses(ExitCode.BadInput, "PATH is empty", "");
        await Refuses(ExitCode.BadInput, "--tracker: 'ftp://a/' is no http or https or udp address", _folder["d"], "--tracker", "ftp://a/");
        await Refuses(ExitCode.BadInput, "--tracker: 'udp://a' is no http", _folder["d"], "--tracker", "udp://a");
        await Refuses(ExitCode.BadInput, "--webseed: 'x' is no http or https address", _folder["d"], "--webseed", "x");
        await Refuses(ExitCode.BadInput, "--piece-length: '100K' is not a power of two", _folder["d"], "--piece-length", "100K");
        await Refuses(ExitCode.BadInput, "ktorrent", _folder["d"], "--compat", "ktorrent");
        Assert.False(File.Exists(Torrent));
    }

    [Fact]
    public async Task A_stop_leaves_nothing_behind()
    {
        await using (var file = File.Create(_folder["large.bin"]))
            file.SetLength(16L << 30);
        await using var create = Command.Start("create", _folder["large.bin"], "-o", Torrent);

        await create.Interrupt();

        Assert.Equal(ExitCode.Interrupted, (await create.End()).ExitCode);
        Assert.Equal([_folder["large.bin"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_named()
    {
        _folder.Write("a.bin", [1]);

        var folder = await Command.Run("create", _folder["a.bin"], "-o", _folder.Path);
        var missing = await Command.Run("create", _folder["a.bin"], "-o", _folder["none", "a.torrent"]);

        Assert.Equal(ExitCode.BadInput, folder.ExitCode);
        Assert.Contains("is a folder; name the file", folder.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Disk, missing.ExitCode);
        Assert.Equal($"{_folder["none", "a.torrent"]}: It does not exist.\n", missing.Error);
    }

    private TorrentMetainfo Read() => TorrentFileParser.Parse(File.ReadAllBytes(Torrent));

    private async Task Refuses(int code, string why, string path, params string[] more)
    {
        var result = await Command.Run(["create", path, "-o", Torrent, .. more]);

        Assert.Equal(code, result.ExitCode);
        Assert.Contains(why, result.Error, StringComparison.Ordinal);
    }
}
