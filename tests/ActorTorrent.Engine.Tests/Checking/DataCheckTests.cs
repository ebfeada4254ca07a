using ActorTorrent.Engine.Checking;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Tests.Checking;

public sealed class DataCheckTests : IDisposable
{
    private const int PieceLength = 16 << 10;

    // Pieces 0 to 6; a ends in piece 3, where b begins; b ends in piece 6.
    private readonly GeneratedContent _content = new(
        "content", 4, PieceLength, [new("a", 50_000), new("sub/empty", 0), new("b", 50_000), new("c", 10)]);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task All_there_is_complete()
    {
        var progress = new WorkProgress(_content.Layout.TotalLength);

        var result = await Check(_ => { }, progress);

        Assert.True(result.IsComplete);
        Assert.True(result.Have.IsComplete);
        Assert.Equal((0, 0), (result.MissingPieces, result.BadPieces));
        Assert.Equal(progress.Total, progress.Done);
        Assert.All(result.Files, static file => Assert.Equal((FileCheckState.Good, file.Pieces), (file.State, file.GoodPieces)));
    }

    [Fact]
    public async Task A_missing_file_costs_the_pieces_that_it_has_a_part_in()
    {
        var result = await Check(static path => File.Delete(path("a")));

        Assert.False(result.IsComplete);
        Assert.Equal((4, 0), (result.MissingPieces, result.BadPieces));
        Assert.Equal((FileCheckState.Missing, null, 4, 0), Found(result, "a"));
        Assert.Equal((FileCheckState.Damaged, 50_000L, 4, 3), Found(result, "b"));
        Assert.Equal((FileCheckState.Good, 10L, 1, 1), Found(result, "c"));
    }

    [Fact]
    public async Task A_file_that_ends_early_keeps_its_whole_pieces()
    {
        var result = await Check(static path => Cut(path("a"), PieceLength + 5));

        Assert.Equal((3, 0), (result.MissingPieces, result.BadPieces));
        Assert.Equal((FileCheckState.TooShort, PieceLength + 5L, 4, 1), Found(result, "a"));
    }

    [Fact]
    public async Task A_byte_that_differs_is_a_bad_piece()
    {
        var result = await Check(static path =>
        {
            using var file = File.OpenWrite(path("b"));
            file.Position = 40_000;
            file.WriteByte(0);
            file.WriteByte(0);
        });

        Assert.Equal((0, 1), (result.MissingPieces, result.BadPieces));
        Assert.False(result.Have[new PieceIndex((50_000 + 40_000) / PieceLength)]);
        Assert.Equal((FileCheckState.Damaged, 50_000L, 4, 3), Found(result, "b"));
        Assert.Equal(FileCheckState.Good, Found(result, "a").State);
    }

    [Fact]
    public async Task A_file_that_goes_on_after_its_end_is_not_what_the_torrent_describes()
    {
        var result = await Check(static path => Cut(path("c"), 11));

        Assert.True(result.Have.IsComplete);
        Assert.False(result.IsComplete);
        Assert.Equal((FileCheckState.TooLong, 11L, 1, 1), Found(result, "c"));
    }

    [Fact]
    public async Task An_empty_file_must_be_there_too()
    {
        var result = await Check(static path => File.Delete(path("sub/empty")));

        Assert.True(result.Have.IsComplete);
        Assert.False(result.IsComplete);
        Assert.Equal((FileCheckState.Missing, null, 0, 0), Found(result, "sub/empty"));
    }

    [Fact]
    public async Task Nothing_there_is_nothing_good()
    {
        var result = await DataCheck.RunAsync(_content.Metainfo, _folder["none"]);

        Assert.True(result.Have.IsEmpty);
        Assert.Equal((7, 0), (result.MissingPieces, result.BadPieces));
        Assert.Null(result.Fault);
        Assert.False(Directory.Exists(_folder["none"]));
    }

    [Fact]
    public async Task What_cannot_be_read_is_a_fault_of_the_disk()
    {
        if (OperatingSystem.IsWindows())
            return; // Links need a privilege there.
        var outside = _folder["outside"];

        var result = await Check(path =>
        {
            File.Move(path("a"), outside);
            File.CreateSymbolicLink(path("a"), outside);
        });

        Assert.False(result.IsComplete);
        Assert.Contains("leads out of the output folder", result.Fault!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_can_be_given_up()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DataCheck.RunAsync(_content.Metainfo, _folder.Path, cancelled: stop.Token));
    }

    private static (FileCheckState State, long? Length, int Pieces, int Good) Found(DataCheckResult result, string path)
    {
        var file = result.Files.Single(file => file.File.Path == "content/" + path);
        return (file.State, file.Length, file.Pieces, file.GoodPieces);
    }

    private static void Cut(string path, long length)
    {
        using var file = File.OpenWrite(path);
        file.SetLength(length);
    }

    private async Task<DataCheckResult> Check(Action<Func<string, string>> spoil, WorkProgress? progress = null)
    {
        await _content.WriteFilesAsync(_folder["data"]);
        spoil(path => Path.Join(_folder["data"], "content", path));
        return await DataCheck.RunAsync(_content.Metainfo, _folder["data"], progress);
    }
}
