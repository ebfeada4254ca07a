using System.Security.Cryptography;
using ActorTorrent.Engine.Checking;
using ActorTorrent.Engine.Creation;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Creation;

public sealed class TorrentCreatorTests : IDisposable
{
    private static readonly TorrentRecipe Small = new() { PieceLength = 16 << 10 };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_piece_is_hashed_whatever_the_cores_took()
    {
        var content = new GeneratedContent("content", 3, 16 << 10, [new("a/1", 9_000_001), new("a/2", 0), new("b", 1), new("c", 7_654_321)]);
        await content.WriteFilesAsync(_folder.Path);
        var tree = SourceTree.Scan(_folder["content"]);
        var progress = new WorkProgress(tree.TotalLength);

        var torrent = await TorrentCreator.CreateAsync(tree, Small, progress);

        Assert.Equal(content.InfoHash, torrent.Metainfo.InfoHash);
        Assert.Equal(tree.TotalLength, progress.Done);
        Assert.Equal(progress.Total, progress.Done);
    }

    [Fact]
    public void Any_files_give_the_hashes_of_their_bytes_end_to_end()
    {
        var sizes = Gen.OneOf(Gen.Choose(0, 10), Gen.Choose(16_380, 16_390), Gen.Choose(0, 100_000)).NonEmptyListOf().Where(static s => s.Count < 12 && s.Sum() > 0);
        var run = 0;
        Prop.ForAll(sizes.ToArbitrary(), lengths =>
        {
            var root = _folder[$"run{run++}"];
            Directory.CreateDirectory(root);
            var random = new Random(run);
            var all = new List<byte>();
            for (var i = 0; i < lengths.Count; i++)
            {
                var bytes = new byte[lengths[i]];
                random.NextBytes(bytes);
                File.WriteAllBytes(Path.Join(root, $"{i:D2}"), bytes);
                all.AddRange(bytes);
            }

            var torrent = TorrentCreator.CreateAsync(SourceTree.Scan(root), Small).GetAwaiter().GetResult().Metainfo;

            Assert.Equal(lengths.Select(static length => (long)length), torrent.Layout.Files.Select(static file => file.Length));
            Assert.Equal(all.Chunk(16 << 10).SelectMany(SHA1.HashData), torrent.PieceHashes.Bytes.ToArray());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [Fact]
    public async Task It_says_all_that_was_asked_for_and_the_same_twice()
    {
        var tree = Tree("one");
        var recipe = new TorrentRecipe
        {
            Trackers = [new Uri("http://a.example/announce"), new Uri("udp://b.example:80")],
            WebSeeds = [new Uri("http://w.example/")],
            IsPrivate = true,
            Comment = "remark",
            Source = "here",
            CreatedBy = "test",
        };

        var first = await TorrentCreator.CreateAsync(tree, recipe);
        File.SetLastWriteTimeUtc(_folder["root", "one"], DateTime.UnixEpoch);
        var second = await TorrentCreator.CreateAsync(SourceTree.Scan(_folder["root"]), recipe);

        Assert.Equal(first.Bytes.ToArray(), second.Bytes.ToArray());
        var torrent = first.Metainfo;
        Assert.Equal([[new Uri("http://a.example/announce")], [new Uri("udp://b.example:80")]], torrent.AnnounceTiers);
        Assert.Equal(new Uri("http://w.example/"), Assert.Single(torrent.WebSeeds));
        Assert.Equal((true, "remark", "here", "test"), (torrent.IsPrivate, torrent.Comment, torrent.Source, torrent.CreatedBy));
        Assert.Null(torrent.CreationDate);
        Assert.Equal(32 << 10, torrent.Layout.PieceLength);
    }

    [Fact]
    public async Task Private_is_stated_as_transmission_does()
    {
        var tree = Tree("one");

        Assert.DoesNotContain("private", await Info(tree, new TorrentRecipe()), StringComparison.Ordinal);
        Assert.EndsWith("7:privatei1ee", await Info(tree, new TorrentRecipe { IsPrivate = true }), StringComparison.Ordinal);
        Assert.EndsWith("7:privatei0ee", await Info(tree, new TorrentRecipe { Style = CreationStyle.Transmission }), StringComparison.Ordinal);
        Assert.EndsWith("7:privatei1ee", await Info(tree, new TorrentRecipe { Style = CreationStyle.Transmission, IsPrivate = true }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("grows")]
    [InlineData("shrinks")]
    [InlineData("is written to")]
    [InlineData("vanishes")]
    [InlineData("vanishes with its folder")]
    public async Task A_file_that_changes_meanwhile_is_named(string how)
    {
        var tree = Tree("same", "sub/victim");
        var victim = _folder["root", "sub", "victim"];
        switch (how)
        {
            case "grows":
                await File.AppendAllTextAsync(victim, "more");
                break;
            case "shrinks":
                await File.WriteAllTextAsync(victim, "");
                break;
            case "is written to":
                File.SetLastWriteTimeUtc(victim, DateTime.UnixEpoch);
                break;
            case "vanishes":
                File.Delete(victim);
                break;
            default:
                Directory.Delete(_folder["root", "sub"], recursive: true);
                break;
        }

        var failure = await Assert.ThrowsAsync<CreationException>(() => TorrentCreator.CreateAsync(tree, Small));

        Assert.Equal(CreationFailure.Changed, failure.Failure);
        Assert.StartsWith($"{victim}: it changed while it was hashed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_named()
    {
        var tree = Tree("same", "victim");
        var victim = _folder["root", "victim"];
        File.Delete(victim);
        Directory.CreateDirectory(victim);

        var failure = await Assert.ThrowsAsync<CreationException>(() => TorrentCreator.CreateAsync(tree, Small));

        Assert.Equal(CreationFailure.Disk, failure.Failure);
        Assert.StartsWith(victim + ": ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pieces_of_a_wrong_size_are_refused()
    {
        var failure = await Assert.ThrowsAsync<CreationException>(() => TorrentCreator.CreateAsync(Tree("a"), new TorrentRecipe { PieceLength = 100_000 }));

        Assert.Equal(CreationFailure.BadInput, failure.Failure);
        Assert.Contains("a power of two", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_can_be_given_up()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TorrentCreator.CreateAsync(Tree("a"), Small, cancelled: stop.Token));
    }

    private static async Task<string> Info(SourceTree tree, TorrentRecipe recipe) =>
        System.Text.Encoding.Latin1.GetString((await TorrentCreator.CreateAsync(tree, recipe)).Metainfo.InfoBytes.Span);

    private SourceTree Tree(params string[] files)
    {
        foreach (var file in files)
        {
            var path = Path.Join(_folder["root"], file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "content of " + file);
        }
        return SourceTree.Scan(_folder["root"]);
    }
}
