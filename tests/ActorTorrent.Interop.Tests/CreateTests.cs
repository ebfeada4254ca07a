using System.Globalization;
using ActorTorrent.Engine.Creation;
using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Wire.Metainfo;
using Xunit.Abstractions;

namespace ActorTorrent.Interop.Tests;

/// <summary>Torrents made by ours: the same to the byte of their info as other programs', and taken by the clients.</summary>
public sealed class CreateTests(ITestOutputHelper output)
{
    private const int DiskTrouble = 4;
    private const int RandomTrees = 12;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    public static TheoryData<string> Shapes => [.. ContentTree.Shapes];

    [Theory]
    [MemberData(nameof(Shapes))]
    public Task Its_info_is_that_of_mktorrent(string shape) =>
        Stage.Play(output, Deadline, async stage =>
        {
            var content = ContentTree.Make(shape, stage.Folder.Make("tree"));
            await EqualsMktorrent(stage, content, ["--piece-length", "32K"], ["-l", "15"]);
            await EqualsMktorrent(stage, content, ["--piece-length", "256K", "--private", "--source", "söurce"], ["-p", "-s", "söurce"]);
        });

    [Theory]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(20)]
    [InlineData(22)]
    [InlineData(24)]
    [InlineData(28)]
    public Task Its_info_is_that_of_mktorrent_with_pieces_of_two_to_the(int exponent) =>
        Stage.Play(output, Deadline, async stage =>
        {
            using var content = new TestContent((20 << 20) + 17);
            await EqualsMktorrent(
                stage,
                content.Folder,
                ["--piece-length", (1 << exponent).ToString(CultureInfo.InvariantCulture)],
                ["-l", exponent.ToString(CultureInfo.InvariantCulture)]);
        });

    [Theory]
    [MemberData(nameof(Shapes))]
    public Task Its_info_is_that_of_transmission_create(string shape) =>
        Stage.Play(output, Deadline, async stage =>
        {
            var content = ContentTree.Make(shape, stage.Folder.Make("tree"));
            await EqualsTransmission(stage, content, [], []);
            await EqualsTransmission(stage, content, ["--private", "--piece-length", "64K", "--comment", "c"], ["-p", "-s", "64", "-c", "c"]);
        });

    /// <summary>Where transmission-create changes its mind about the size of pieces. The file has no bytes but its length.</summary>
    [Theory]
    [InlineData((50 << 20) - 1)]
    [InlineData(50 << 20)]
    [InlineData((150 << 20) - 1)]
    [InlineData(150 << 20)]
    [InlineData((350 << 20) - 1)]
    [InlineData(350 << 20)]
    [InlineData((512 << 20) - 1)]
    [InlineData(512 << 20)]
    public Task Its_choice_of_pieces_is_that_of_transmission_create(int bytes) =>
        Stage.Play(output, Deadline, async stage =>
        {
            var content = Path.Combine(stage.Folder.Make("tree"), "sparse.bin");
            await using (var file = File.Create(content))
                file.SetLength(bytes);
            await EqualsTransmission(stage, content, [], []);
        });

    [Fact]
    public Task Whatever_the_tree_its_info_is_that_of_both() =>
        Stage.Play(output, Deadline, async stage =>
        {
            for (var seed = 1; seed <= RandomTrees; seed++)
            {
                stage.Note($"the tree of seed {seed}");
                var content = ContentTree.MakeRandom(new Random(seed), stage.Folder.Make($"tree {seed}"));
                var theirs = await Other(stage, Programs.Mktorrent, content, ["-a", "http://t/a", "-d", "-l", "15"]);
                AssertEqual(theirs, await Ours(content, new TorrentRecipe { PieceLength = 32 << 10 }, stage.Deadline));
                theirs = await Other(stage, Programs.TransmissionCreate, content, ["-t", "http://t/a"]);
                AssertEqual(theirs, await Ours(content, new TorrentRecipe { Style = CreationStyle.Transmission }, stage.Deadline));
            }
        });

    [Theory]
    [InlineData(RealClient.Transmission, "mktorrent")]
    [InlineData(RealClient.Aria2, "mktorrent")]
    [InlineData(RealClient.Libtorrent, "mktorrent")]
    [InlineData(RealClient.Libtorrent, "transmission")]
    public Task It_is_taken_and_seeded_by(RealClient client, string compat) =>
        Stage.Play(output, Deadline, async stage =>
        {
            using var content = new TestContent(8 << 20);
            var torrent = Path.Combine(stage.Folder.Path, "ours.torrent");
            var making = ActorTorrentProcess.Start(
                stage, "create", content.Folder, "-o", torrent, "--comment", "für alle", "--source", "here", "--compat", compat, "--json");
            await making.Succeeds();
            var created = making.Events("created")[0];

            // It has checked its files against our hashes and offers them.
            var seeder = await RealPeer.Seed(stage, client, torrent, content);
            var folder = stage.Folder.Make("fetched");
            var ours = ActorTorrentProcess.Start(
                stage, "download", torrent, "--output", folder, "--port", "0", "--peer", seeder.EndPoint, "--json");
            await ours.Succeeds();

            Assert.Equal((string?)created["infoHash"], (string?)ours.Events("started")[0]["infoHash"]);
            content.AssertEqualTo(folder, emptyFilesMayBeMissing: compat == "transmission");
            var checking = ActorTorrentProcess.Start(stage, "check", torrent, "--data", folder, "--json");
            await checking.Succeeds();
            Assert.Single(checking.Events("complete"));
        });

    [Fact]
    public Task A_file_that_may_not_be_read_is_named() =>
        Stage.Play(output, Deadline, async stage =>
        {
            var root = stage.Folder.Make("tree");
            var secret = Path.Combine(root, "secret");
            await File.WriteAllTextAsync(secret, "content", stage.Deadline);
            await File.WriteAllTextAsync(Path.Combine(root, "open"), "content", stage.Deadline);
            File.SetUnixFileMode(secret, UnixFileMode.None);
            var torrent = Path.Combine(stage.Folder.Path, "out.torrent");

            var ours = ActorTorrentProcess.StartUnprivileged(stage, "create", root, "-o", torrent);

            Assert.Equal(DiskTrouble, await ours.Exit());
            Assert.Equal($"{secret}: Permission denied.", ours.Process.Everything());
            Assert.False(File.Exists(torrent));
        });

    [Fact]
    public Task A_folder_that_may_not_be_listed_is_named() =>
        Stage.Play(output, Deadline, async stage =>
        {
            var root = stage.Folder.Make("tree");
            var secret = Path.Combine(root, "secret");
            Directory.CreateDirectory(secret, UnixFileMode.None);

            var ours = ActorTorrentProcess.StartUnprivileged(stage, "create", root, "-o", Path.Combine(stage.Folder.Path, "out.torrent"));

            Assert.Equal(DiskTrouble, await ours.Exit());
            Assert.Equal($"{secret}: Permission denied.", ours.Process.Everything());
            File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        });

    private static async Task EqualsMktorrent(Stage stage, string content, string[] ours, string[] theirs) => AssertEqual(
        await Other(stage, Programs.Mktorrent, content, ["-a", "http://t/a", "-d", .. theirs]), await Ours(stage, content, ours));

    private static async Task EqualsTransmission(Stage stage, string content, string[] ours, string[] theirs) => AssertEqual(
        await Other(stage, Programs.TransmissionCreate, content, ["-t", "http://t/a", .. theirs]),
        await Ours(stage, content, ["--compat", "transmission", .. ours]));

    private static async Task<TorrentMetainfo> Other(Stage stage, string program, string content, string[] options)
    {
        var torrent = New(stage);
        var process = stage.Start(Path.GetFileName(program), program, [.. options, "-o", torrent, content]);
        Assert.Equal(0, await process.Exit(stage.Deadline));
        return TorrentFileParser.Parse(await File.ReadAllBytesAsync(torrent, stage.Deadline));
    }

    private static async Task<TorrentMetainfo> Ours(Stage stage, string content, string[] options)
    {
        var torrent = New(stage);
        await ActorTorrentProcess.Start(stage, ["create", content, "-o", torrent, .. options]).Succeeds();
        return TorrentFileParser.Parse(await File.ReadAllBytesAsync(torrent, stage.Deadline));
    }

    private static async Task<TorrentMetainfo> Ours(string content, TorrentRecipe recipe, CancellationToken deadline) =>
        (await TorrentCreator.CreateAsync(SourceTree.Scan(content, recipe.Style, cancelled: deadline), recipe, cancelled: deadline)).Metainfo;

    private static string New(Stage stage) => Path.Combine(stage.Folder.Path, $"{Guid.NewGuid():n}.torrent");

    private static void AssertEqual(TorrentMetainfo theirs, TorrentMetainfo ours)
    {
        // What differs is seen best where it is named.
        Assert.Equal(Lines(theirs), Lines(ours));
        Assert.Equal(theirs.PieceHashes.Bytes.ToArray(), ours.PieceHashes.Bytes.ToArray());
        Assert.Equal(theirs.InfoBytes.ToArray(), ours.InfoBytes.ToArray());
        Assert.Equal(theirs.InfoHash, ours.InfoHash);
    }

    private static string Lines(TorrentMetainfo torrent) => string.Join(
        '\n', [$"{torrent.Name}, pieces of {torrent.Layout.PieceLength}", .. torrent.Layout.Files.Select(static file => $"{file.Length} {file.Path}")]);
}
