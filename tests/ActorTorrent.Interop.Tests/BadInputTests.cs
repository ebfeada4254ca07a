using System.Text;
using ActorTorrent.Interop.Tests.Fixtures;
using Xunit.Abstractions;

namespace ActorTorrent.Interop.Tests;

/// <summary>What cannot work ends at once, says why and where, and leaves nothing behind.</summary>
public sealed class BadInputTests(ITestOutputHelper output)
{
    private const int BadInput = 2;
    private const int NoProgress = 3;
    private const int DiskTrouble = 4;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>What is wrong: the torrent file, and the field that the message must name.</summary>
    private static readonly Dictionary<string, (string Torrent, string Field)> Bad = new(StringComparer.Ordinal)
    {
        ["cut off"] = (Single()[..^30], ""),
        ["cut off in a length"] = (Single()[..20], ""),
        ["not canonical: a leading zero"] = (Single(length: "i016384e"), "info.length"),
        ["not canonical: minus zero"] = (Single(length: "i-0e"), "info.length"),
        ["not canonical: a string's length"] = (Single(name: "05:a.bin"), "info"),
        ["bytes after the end"] = (Single() + "e", ""),
        ["no bencode at all"] = ("<!DOCTYPE html><html></html>", ""),
        ["ten thousand deep, lists"] = ($"d4:info{new string('l', 10_000)}{new string('e', 10_000)}e", "info"),
        ["ten thousand deep, dictionaries"] = (string.Concat(Enumerable.Repeat("d1:a", 10_000)) + "i1e" + new string('e', 10_000), ""),
        ["no info"] = ("d8:announce21:http://127.0.0.1:1/ane", "info"),
        ["info is a list"] = ("d4:infolee", "info"),
        ["path: up"] = (Multiple("2:..", "1:a"), "info.files[0].path"),
        ["path: absolute"] = (Multiple("9:/etc/cron"), "info.files[0].path"),
        ["path: a separator in a name"] = (Multiple("7:../../x"), "info.files[0].path"),
        ["path: a NUL"] = (Multiple("3:a\0b"), "info.files[0].path"),
        ["path: empty"] = (Multiple(), "info.files[0].path"),
        ["name: up"] = (Single(name: "2:.."), "info.name"),
        ["name: absolute"] = (Single(name: "4:/etc"), "info.name"),
        ["piece length 0"] = (Single(pieceLength: "i0e"), "info.piece length"),
        ["piece length negative"] = (Single(pieceLength: "i-1e"), "info.piece length"),
        ["piece length missing"] = (Single(pieceLength: null), "info.piece length"),
        ["pieces: not whole sums"] = (Single(pieces: "19:" + new string('x', 19)), "info.pieces"),
        ["pieces: too many"] = (Single(pieces: "40:" + new string('x', 40)), "info.pieces"),
        ["pieces: none"] = (Single(pieces: "0:"), "info.pieces"),
        ["length negative"] = (Single(length: "i-5e"), "info.length"),
        ["version 2 alone"] = ("d4:infod9:file treede12:meta versioni2e4:name1:a12:piece lengthi16384eee", "meta version"),
    };

    public static TheoryData<string> Names => [.. Bad.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_bad_torrent_is_refused_with_field_and_offset(string what) =>
        Stage.Play(output, Deadline, async stage =>
        {
            var (torrent, field) = Bad[what];
            var file = Path.Combine(stage.Folder.Path, "bad.torrent");
            await File.WriteAllBytesAsync(file, Encoding.Latin1.GetBytes(torrent), stage.Deadline);
            var folder = Path.Combine(stage.Folder.Path, "output");

            var ours = ActorTorrentProcess.Start(stage, "download", file, "--output", folder, "--port", "0");
            var text = await Refuses(ours, BadInput);
            stage.Note($"{what}: {text}");
            Assert.Contains(field, text, StringComparison.Ordinal);
            Assert.Matches("byte [0-9]+", text);
            Assert.True(text.Length < 1_000, $"a message of {text.Length} characters");
            Assert.False(Directory.Exists(folder));
            Assert.Equal(file, Assert.Single(Directory.EnumerateFileSystemEntries(stage.Folder.Path)));
        });

    [Fact]
    public Task A_missing_torrent_file_is_named() =>
        Stage.Play(output, Deadline, async stage =>
        {
            var file = Path.Combine(stage.Folder.Path, "there is none.torrent");
            var folder = Path.Combine(stage.Folder.Path, "output");
            var text = await Refuses(ActorTorrentProcess.Start(stage, "download", file, "--output", folder), BadInput);
            Assert.Contains(file, text, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(stage.Folder.Path));
        });

    [Fact]
    public Task A_folder_is_no_torrent_file() =>
        Stage.Play(output, Deadline, async stage =>
        {
            var text = await Refuses(ActorTorrentProcess.Start(stage, "download", stage.Folder.Path), BadInput);
            Assert.Contains(stage.Folder.Path, text, StringComparison.Ordinal);
        });

    [Theory]
    [InlineData("--port", "65536")]
    [InlineData("--port", "many")]
    [InlineData("--peer", "127.0.0.1")]
    [InlineData("--peer", "127.0.0.1:0")]
    [InlineData("--select", "0")]
    [InlineData("--select", "5-3")]
    [InlineData("--select", "99")]
    [InlineData("--max-peers", "0")]
    [InlineData("--no-such-option", "1")]
    public Task A_bad_option_is_named(string option, string value) =>
        Stage.Play(output, Deadline, async stage =>
        {
            using var content = new TestContent(4 << 20);
            var torrent = content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"));
            var folder = Path.Combine(stage.Folder.Path, "output");
            var text = await Refuses(ActorTorrentProcess.Start(stage, "download", torrent, "--output", folder, option, value), BadInput);
            Assert.Contains(option, text, StringComparison.Ordinal);
            Assert.False(Directory.Exists(folder));
        });

    [Fact]
    public Task A_read_only_output_folder_is_a_disk_error() =>
        Stage.Play(output, Deadline, async stage =>
        {
            using var content = new TestContent(4 << 20);
            var torrent = content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"));
            var seeder = await RealPeer.Seed(stage, RealClient.Libtorrent, torrent, content);
            var folder = stage.Folder.Make("read only");

            var ours = ActorTorrentProcess.StartWithReadOnly(
                stage, folder, "download", torrent, "--output", folder, "--port", "0", "--peer", seeder.EndPoint);
            var text = await Refuses(ours, DiskTrouble);
            Assert.Contains(folder, text, StringComparison.Ordinal);
            Assert.Contains("read-only", text, StringComparison.OrdinalIgnoreCase);
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        });

    [Fact]
    public Task A_tracker_that_refuses_is_quoted() =>
        Stage.Play(output, Deadline, async stage =>
        {
            using var content = new TestContent(4 << 20);
            var tracker = await OpenTracker.Start(stage);
            var torrent = content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"), tracker.Announce);
            var ours = ActorTorrentProcess.Start(stage, "download", torrent, "--output", stage.Folder.Make("output"), "--port", "0");
            var text = await Refuses(ours, NoProgress);
            Assert.Contains("not authorized for use with this tracker", text, StringComparison.Ordinal);
        });

    [Fact]
    public Task Without_tracker_and_peers_there_is_no_progress() =>
        Stage.Play(output, Deadline, async stage =>
        {
            using var content = new TestContent(4 << 20);
            var torrent = content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"));
            var ours = ActorTorrentProcess.Start(stage, "download", torrent, "--output", stage.Folder.Make("output"), "--port", "0");
            var text = await Refuses(ours, NoProgress);
            Assert.Contains("no peers", text, StringComparison.OrdinalIgnoreCase);
        });

    private static async Task<string> Refuses(ActorTorrentProcess ours, int exit)
    {
        var code = await ours.Exit();
        var text = ours.Process.Everything();
        Assert.True(code == exit, $"ended with {code}, not with {exit}:\n{text}");
        Assert.DoesNotMatch(@"(?m)^\s+at \S+\(", text);
        Assert.DoesNotContain("Unhandled exception", text, StringComparison.OrdinalIgnoreCase);
        Assert.False(string.IsNullOrWhiteSpace(text), "it says nothing");
        return text;
    }

    private static string Single(
        string length = "i16384e",
        string name = "5:a.bin",
        string? pieceLength = "i16384e",
        string pieces = "20:aaaaaaaaaaaaaaaaaaaa") =>
        $"d4:infod6:length{length}4:name{name}{(pieceLength is null ? "" : "12:piece length" + pieceLength)}6:pieces{pieces}ee";

    private static string Multiple(params string[] path) =>
        $"d4:infod5:filesld6:lengthi16384e4:pathl{string.Concat(path)}eee4:name1:n12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee";
}
