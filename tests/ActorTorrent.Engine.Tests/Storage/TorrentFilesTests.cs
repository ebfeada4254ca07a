using System.Diagnostics;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Storage;

public sealed class TorrentFilesTests : IDisposable
{
    private const int Block = FileLayout.BlockLength;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_single_file_lies_in_the_output_folder_under_the_torrents_name()
    {
        var torrent = TestTorrent.Single(Block, (3 * Block) + 5);
        using var files = torrent.Files(_folder.Path);
        torrent.WriteAll(files);
        Assert.Equal(["single.bin"], _folder.Everything());
        Assert.Equal(torrent.Content, File.ReadAllBytes(_folder["single.bin"]));
    }

    [Fact]
    public void A_piece_over_several_files_is_cut_at_their_borders()
    {
        var torrent = TestTorrent.Multi(2 * Block, ("a", 10), ("b/c", 20), ("b/d/e", 5 * Block), ("f", 7));
        using var files = torrent.Files(_folder.Path);
        torrent.WriteAll(files);
        Assert.Equal(["pack", "pack/a", "pack/b", "pack/b/c", "pack/b/d", "pack/b/d/e", "pack/f"], _folder.Everything());
        foreach (var file in torrent.Layout.Files)
            Assert.Equal(torrent.File(file.Index), File.ReadAllBytes(files.PathOf(file.Index)));
    }

    [Fact]
    public void What_is_written_in_any_order_and_layout_is_what_the_files_hold_and_what_is_read()
    {
        var layouts =
            from lengths in Gen.Choose(0, 3 * Block).ListOf(6)
            from pieceLength in Gen.Elements(1000, Block, Block + 1, 2 * Block)
            from order in Gen.Choose(0, int.MaxValue - 1)
            where lengths.Sum() > 0
            select (lengths, pieceLength, order);
        Prop.ForAll(layouts.ToArbitrary(), sample =>
        {
            using var folder = new TempFolder();
            var torrent = TestTorrent.Multi(sample.pieceLength, [.. sample.lengths.Select((length, i) => ($"d{i % 2}/f{i}", (long)length))]);
            var random = new Random(sample.order);
            using var files = torrent.Files(folder.Path, openFiles: 2);
            foreach (var piece in Enumerable.Range(0, torrent.PieceCount).OrderBy(_ => random.Next()))
                torrent.WritePiece(files, piece);
            foreach (var file in torrent.Layout.Files)
                Assert.Equal(torrent.File(file.Index), File.ReadAllBytes(files.PathOf(file.Index)));
            for (var i = 0; i < 10; i++)
            {
                var offset = random.NextInt64(torrent.Layout.TotalLength);
                var bytes = new byte[random.Next((int)Math.Min(torrent.Layout.TotalLength - offset, 4 * Block)) + 1];
                files.Read(offset, bytes);
                Assert.True(torrent.Bytes(offset, bytes.Length).SequenceEqual(bytes));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    [Fact]
    public void Nothing_is_made_before_the_first_write()
    {
        var torrent = TestTorrent.Multi(Block, ("a", 10), ("empty", 0));
        using var files = torrent.Files(_folder["not-yet"]);
        Assert.False(files.Exists(0, 10));
        Assert.False(files.TryRead(0, new byte[10]));
        Assert.Empty(_folder.Everything());
    }

    [Fact]
    public void A_file_has_its_full_length_at_once_and_its_holes_take_no_space()
    {
        var torrent = TestTorrent.Single(Block, 64L * Block);
        using var files = torrent.Files(_folder.Path);
        torrent.WritePiece(files, 40);
        Assert.Equal(64L * Block, new FileInfo(_folder["single.bin"]).Length);
        if (!OperatingSystem.IsLinux())
            return;
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%b", _folder["single.bin"]]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var blocksOf512 = int.Parse(stat.StandardOutput.ReadToEnd(), System.Globalization.CultureInfo.InvariantCulture);
        stat.WaitForExit();
        Assert.InRange(blocksOf512 * 512L, Block, 8 * Block);
    }

    [Fact]
    public void Empty_files_come_with_the_first_write_and_at_completion()
    {
        var torrent = TestTorrent.Multi(Block, ("empty/first", 0), ("a", 10), ("last", 0));
        using (var files = torrent.Files(_folder.Path))
        {
            torrent.WriteAll(files);
            Assert.Equal(0, new FileInfo(files.PathOf(0)).Length);
            Assert.Equal(0, new FileInfo(files.PathOf(2)).Length);
            File.Delete(files.PathOf(2));
            files.Complete();
            Assert.True(File.Exists(files.PathOf(2)));
        }
    }

    [Fact]
    public void Padding_is_never_written_and_reads_as_zeros()
    {
        var torrent = TestTorrent.Multi(Block, ("a", 100), (".pad/16284", Block - 100), ("b", 50));
        using var files = torrent.Files(_folder.Path);
        torrent.WriteAll(files);
        Assert.Equal(["pack", "pack/a", "pack/b"], _folder.Everything());
        var all = new byte[torrent.Content.Length];
        files.Read(0, all);
        Assert.Equal(torrent.Content, all);
    }

    [Fact]
    public void Bytes_of_files_not_wanted_go_to_the_side_file_at_their_torrent_offset()
    {
        var torrent = TestTorrent.Multi(Block, ("a", 100), ("b", Block), ("c", 100), ("empty", 0));
        using var files = torrent.Files(_folder.Path, new HashSet<int> { 0 });
        torrent.WritePiece(files, 0);
        Assert.Equal([$".{torrent.InfoHash}.parts", "pack", "pack/a"], _folder.Everything());
        Assert.Equal(torrent.Content[100..Block], File.ReadAllBytes(files.PartsPath)[100..]);
        var piece = new byte[Block];
        files.Read(0, piece);
        Assert.True(torrent.Piece(0).SequenceEqual(piece));
        Assert.False(files.Exists(Block, torrent.Content.Length - Block) && files.TryRead(Block, new byte[torrent.Content.Length - Block]));
    }

    [Fact]
    public void A_file_that_is_there_though_not_wanted_is_used_in_its_place()
    {
        var torrent = TestTorrent.Multi(Block, ("a", 100), ("b", Block));
        torrent.WriteTo(_folder.Path);
        using var files = torrent.Files(_folder.Path, new HashSet<int> { 0 });
        var all = new byte[torrent.Content.Length];
        files.Read(0, all);
        Assert.Equal(torrent.Content, all);
        torrent.WriteAll(files);
        Assert.False(File.Exists(files.PartsPath));
    }

    [Fact]
    public void Completion_asks_for_the_wanted_pieces_only_and_border_pieces_count()
    {
        var torrent = TestTorrent.Multi(Block, ("a", Block + 1), ("b", 3 * Block));
        using var files = torrent.Files(_folder.Path, new HashSet<int> { 0 });
        var have = new Bitfield(torrent.PieceCount);
        have.Set(new PieceIndex(0));
        Assert.False(files.IsComplete(have));
        have.Set(new PieceIndex(1));
        Assert.True(files.IsComplete(have));
    }

    [Fact]
    public void Completion_cuts_what_is_too_long_and_removes_a_side_file_of_no_more_use()
    {
        var torrent = TestTorrent.Multi(Block, ("a", 100), ("b", 100));
        torrent.WriteTo(_folder.Path);
        File.AppendAllText(_folder["pack", "a"], "more than the torrent says");
        using var files = torrent.Files(_folder.Path);
        File.WriteAllText(files.PartsPath, "left over");
        files.Complete();
        Assert.Equal(torrent.File(0), File.ReadAllBytes(_folder["pack", "a"]));
        Assert.False(File.Exists(files.PartsPath));
    }

    [Theory]
    [InlineData("leaf")]
    [InlineData("dangling leaf")]
    [InlineData("folder")]
    [InlineData("relative")]
    public void A_link_out_of_the_output_folder_is_refused_for_good(string kind)
    {
        using var outside = new TempFolder();
        var torrent = TestTorrent.Multi(Block, ("d/a", 100));
        var target = Path.Join(outside.Path, "victim");
        Directory.CreateDirectory(_folder["pack"]);
        switch (kind)
        {
            case "leaf":
                Directory.CreateDirectory(_folder["pack", "d"]);
                File.WriteAllText(target, "untouched");
                File.CreateSymbolicLink(_folder["pack", "d", "a"], target);
                break;
            case "dangling leaf":
                Directory.CreateDirectory(_folder["pack", "d"]);
                File.CreateSymbolicLink(_folder["pack", "d", "a"], target);
                break;
            case "folder":
                Directory.CreateSymbolicLink(_folder["pack", "d"], outside.Path);
                break;
            default:
                Directory.CreateSymbolicLink(_folder["pack", "d"], Path.Join("..", "..", Path.GetFileName(outside.Path)));
                break;
        }
        var before = outside.Everything();
        using var files = torrent.Files(_folder.Path);
        var fault = Assert.Throws<DiskFaultException>(() => torrent.WriteAll(files)).Fault;
        Assert.True(fault.IsFatal);
        Assert.Contains("link", fault.Reason, StringComparison.Ordinal);
        Assert.Equal(before, outside.Everything());
        if (kind == "leaf")
        {
            Assert.Equal("untouched", File.ReadAllText(target));
            Assert.Throws<DiskFaultException>(() => files.TryRead(0, new byte[5]));
        }
    }

    [Fact]
    public void A_link_that_stays_inside_and_an_output_folder_that_is_a_link_are_fine()
    {
        using var real = new TempFolder();
        Directory.CreateSymbolicLink(_folder["out"], real.Path);
        Directory.CreateDirectory(real["pack", "elsewhere"]);
        Directory.CreateSymbolicLink(real["pack", "d"], "elsewhere");
        var torrent = TestTorrent.Multi(Block, ("d/a", 100));
        using var files = torrent.Files(_folder["out"]);
        torrent.WriteAll(files);
        Assert.Equal(torrent.File(0), File.ReadAllBytes(real["pack", "elsewhere", "a"]));
    }

    [Fact]
    public void Open_files_stay_bounded()
    {
        var torrent = TestTorrent.Multi(Block, [.. Enumerable.Range(0, 20).Select(i => ($"f{i}", (long)Block))]);
        using var files = torrent.Files(_folder.Path, openFiles: 3);
        torrent.WriteAll(files);
        Assert.Equal(3, files.OpenCount);
        var all = new byte[torrent.Content.Length];
        files.Read(0, all);
        Assert.Equal(torrent.Content, all);
        Assert.Equal(3, files.OpenCount);
        files.CloseAll();
        Assert.Equal(0, files.OpenCount);
    }

    [Fact]
    public void Parallel_writers_and_readers_of_few_handles_do_not_disturb_each_other()
    {
        var torrent = TestTorrent.Multi(3 * Block, [.. Enumerable.Range(0, 24).Select(i => ($"f{i}", 2L * Block))]);
        using var files = torrent.Files(_folder.Path, openFiles: 2);
        Parallel.For(0, torrent.PieceCount, new ParallelOptions { MaxDegreeOfParallelism = 4 }, piece =>
        {
            torrent.WritePiece(files, piece);
            var back = new byte[torrent.Layout.PieceSize(new PieceIndex(piece))];
            files.Read(torrent.Layout.PieceOffset(new PieceIndex(piece)), back);
            Assert.True(torrent.Piece(piece).SequenceEqual(back));
        });
        Assert.InRange(files.OpenCount, 0, 2);
    }

    [Fact]
    public void A_folder_taken_away_is_a_passing_fault_until_it_is_back()
    {
        var torrent = TestTorrent.Single(Block, 4 * Block);
        var output = _folder["out"];
        using var files = torrent.Files(output);
        torrent.WritePiece(files, 0);
        Directory.Move(output, _folder["away"]);
        var fault = Assert.Throws<DiskFaultException>(() => torrent.WritePiece(files, 1)).Fault;
        Assert.False(fault.IsFatal);
        Assert.Throws<DiskFaultException>(() => torrent.WritePiece(files, 1));
        Assert.Throws<DiskFaultException>(() => files.Read(0, new byte[10]));
        Assert.False(Directory.Exists(output));
        Directory.Move(_folder["away"], output);
        torrent.WriteAll(files);
        Assert.Equal(torrent.Content, File.ReadAllBytes(Path.Join(output, "single.bin")));
    }

    [Fact]
    public void A_file_taken_away_is_not_silently_made_anew_before_a_rescan()
    {
        var torrent = TestTorrent.Single(Block, 4 * Block);
        using var files = torrent.Files(_folder.Path);
        torrent.WritePiece(files, 0);
        File.Delete(_folder["single.bin"]);
        Assert.Throws<DiskFaultException>(() => torrent.WritePiece(files, 1));
        Assert.Throws<DiskFaultException>(() => torrent.WritePiece(files, 1));
        Assert.False(File.Exists(_folder["single.bin"]));
        files.Rescan();
        torrent.WriteAll(files);
        Assert.Equal(torrent.Content, File.ReadAllBytes(_folder["single.bin"]));
    }

    [Fact]
    public void A_file_in_a_folders_place_and_a_folder_in_a_files_place_say_so()
    {
        var torrent = TestTorrent.Multi(Block, ("d/a", 10), ("b", 10));
        Directory.CreateDirectory(_folder["pack"]);
        File.WriteAllText(_folder["pack", "d"], "a file");
        using var files = torrent.Files(_folder.Path);
        var fault = Assert.Throws<DiskFaultException>(() => files.Write(0, new byte[10])).Fault;
        Assert.True(fault.IsFatal);
        Assert.Contains("not a folder", fault.Reason, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["pack", "b"]);
        fault = Assert.Throws<DiskFaultException>(() => files.Write(10, new byte[10])).Fault;
        Assert.True(fault.IsFatal);
        Assert.Contains("is a folder", fault.Reason, StringComparison.Ordinal);
        Assert.False(files.TryRead(0, new byte[10]));
        Assert.False(files.TryRead(10, new byte[10]));
    }

    [Fact]
    public void A_name_too_long_for_the_file_system_is_mended_and_found_again()
    {
        var torrent = TestTorrent.Multi(Block, (new string('n', 300) + ".mkv", 10), (new string('n', 300) + "/x", 10), ("b", 5));
        using (var files = torrent.Files(_folder.Path))
        {
            torrent.WriteAll(files);
            Assert.Equal(0, Renamed(files, out var first));
            Assert.Equal(1, Renamed(files, out var second));
            Assert.Equal(-1, Renamed(files, out _));
            Assert.Equal((files.PathOf(0), files.PathOf(1)), (first, second));
            Assert.EndsWith(".mkv", first, StringComparison.Ordinal);
            Assert.Equal(torrent.File(0), File.ReadAllBytes(first));
            Assert.Equal(torrent.File(1), File.ReadAllBytes(second));
        }
        using var again = torrent.Files(_folder.Path);
        var all = new byte[torrent.Content.Length];
        again.Read(0, all);
        Assert.Equal(torrent.Content, all);
        Assert.Equal(-1, Renamed(again, out _));

        static int Renamed(TorrentFiles files, out string path) => files.TryTakeRenamed(out var file, out path) ? file : -1;
    }

    [Fact]
    public void A_path_too_long_as_a_whole_becomes_a_short_one()
    {
        var torrent = TestTorrent.Multi(Block, (string.Join('/', Enumerable.Repeat(new string('d', 90), 50)) + "/file.bin", 10));
        using var files = torrent.Files(_folder.Path);
        torrent.WriteAll(files);
        Assert.Equal(torrent.File(0), File.ReadAllBytes(files.PathOf(0)));
        Assert.Equal(2, Path.GetRelativePath(_folder.Path, files.PathOf(0)).Split(Path.DirectorySeparatorChar).Length);
    }

    [Fact]
    public void A_file_that_shrank_is_short_for_a_check_and_a_fault_for_a_read()
    {
        var torrent = TestTorrent.Single(Block, 2 * Block);
        torrent.WriteTo(_folder.Path);
        using (var cut = File.OpenWrite(_folder["single.bin"]))
            cut.SetLength(Block + 1);
        using var files = torrent.Files(_folder.Path);
        Assert.True(files.TryRead(0, new byte[Block]));
        Assert.False(files.TryRead(Block, new byte[Block]));
        Assert.Contains("shorter", Assert.Throws<DiskFaultException>(() => files.Read(Block, new byte[Block])).Fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_by_another_program_shows_at_our_next_write_however_often_we_write()
    {
        var torrent = TestTorrent.Single(Block, 8 * Block);
        using var files = torrent.Files(_folder.Path);
        torrent.WritePiece(files, 0);
        File.SetLastWriteTimeUtc(_folder["single.bin"], File.GetLastWriteTimeUtc(_folder["single.bin"]).AddSeconds(3));
        var fault = Assert.Throws<DiskFaultException>(() => torrent.WritePiece(files, 1)).Fault;
        Assert.Equal((DiskFaultKind.Changed, 0), (fault.Kind, fault.File));
        Assert.Throws<DiskFaultException>(() => files.Stamps());
        files.Forget(0);
        torrent.WritePiece(files, 1);
    }

    [Fact]
    public void A_file_put_in_the_place_of_one_that_we_write_is_not_written_past()
    {
        var torrent = TestTorrent.Single(Block, 8 * Block);
        using var files = torrent.Files(_folder.Path);
        torrent.WritePiece(files, 0);
        File.WriteAllText(_folder["other"], "another's");
        File.SetLastWriteTimeUtc(_folder["other"], DateTime.UtcNow.AddSeconds(5));
        File.Move(_folder["other"], _folder["single.bin"], overwrite: true);
        Assert.Equal(DiskFaultKind.Changed, Assert.Throws<DiskFaultException>(() => torrent.WritePiece(files, 1)).Fault.Kind);
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("file")]
    public void What_lies_behind_a_link_out_of_the_folder_is_neither_removed_nor_moved(string kind)
    {
        var torrent = TestTorrent.Multi(Block, ("in", Block), ("dir/a", Block));
        torrent.WriteTo(_folder["out"]);
        Directory.CreateDirectory(_folder["elsewhere"]);
        File.Move(_folder["out", "pack", "dir", "a"], _folder["elsewhere", "a"]);
        if (kind == "folder")
        {
            Directory.Delete(_folder["out", "pack", "dir"]);
            Directory.CreateSymbolicLink(_folder["out", "pack", "dir"], _folder["elsewhere"]);
        }
        else
        {
            File.CreateSymbolicLink(_folder["out", "pack", "dir", "a"], _folder["elsewhere", "a"]);
        }
        using (var files = torrent.Files(_folder["out"]))
        {
            new FilesMove(files, _folder["next"], _ => { }, CancellationToken.None).Rename();
            Assert.True(File.Exists(_folder["next", "pack", "in"]));
            Assert.False(Path.Exists(_folder["next", "pack", "dir", "a"]));
        }
        using (var files = torrent.Files(_folder["out"]))
            FilesRemoval.Delete(files);
        Assert.Equal(torrent.File(1), File.ReadAllBytes(_folder["elsewhere", "a"]));
    }

    [Fact]
    public void Nothing_is_moved_through_a_link_out_of_the_target()
    {
        var torrent = TestTorrent.Multi(Block, ("dir/a", Block));
        torrent.WriteTo(_folder["out"]);
        Directory.CreateDirectory(_folder["elsewhere"]);
        Directory.CreateDirectory(_folder["next", "pack"]);
        Directory.CreateSymbolicLink(_folder["next", "pack", "dir"], _folder["elsewhere"]);
        using var files = torrent.Files(_folder["out"]);
        Assert.Throws<DiskFaultException>(() => new FilesMove(files, _folder["next"], _ => { }, CancellationToken.None).Rename());
        Assert.Throws<DiskFaultException>(() => new FilesMove(files, _folder["next"], _ => { }, CancellationToken.None).Copy());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["elsewhere"]));
        Assert.Equal(torrent.File(0), File.ReadAllBytes(_folder["out", "pack", "dir", "a"]));
    }

    [Fact]
    public void A_selection_that_fails_half_way_loses_no_bytes_that_are_written_before_it_is_tried_again()
    {
        var torrent = TestTorrent.Multi(2 * Block, ("w", Block), ("a", 4 * Block), ("b", 4 * Block), ("z", Block));
        using var files = torrent.Files(_folder.Path, new HashSet<int> { 0, 3 });
        torrent.WritePiece(files, 0);
        torrent.WritePiece(files, 4);
        Directory.CreateDirectory(_folder["pack", "b"]);
        var all = new WantedFiles(torrent.Layout, null);
        Assert.Throws<DiskFaultException>(() => files.Select(all, Have(torrent, 0, 4)));
        Assert.True(File.Exists(_folder["pack", "a"]));
        torrent.WritePiece(files, 2);
        Directory.Delete(_folder["pack", "b"]);
        files.Select(all, Have(torrent, 0, 2, 4));
        foreach (var piece in new[] { 0, 2, 4 })
        {
            var bytes = new byte[torrent.Piece(piece).Length];
            files.Read(torrent.Layout.PieceOffset(new PieceIndex(piece)), bytes);
            Assert.True(torrent.Piece(piece).SequenceEqual(bytes), $"piece {piece}");
        }
    }

    [Fact]
    public void A_copy_goes_on_over_the_full_copies_that_an_earlier_one_left_and_over_no_other_file()
    {
        var torrent = TestTorrent.Multi(Block, ("a", 2 * Block), ("b", 2 * Block));
        torrent.WriteTo(_folder["out"]);
        torrent.WriteTo(_folder["next"]);
        File.Delete(_folder["next", "pack", "b"]);
        using (var files = torrent.Files(_folder["out"]))
        {
            var old = new FilesMove(files, _folder["next"], _ => { }, CancellationToken.None).Copy();
            Assert.Equal([_folder["out", "pack", "a"], _folder["out", "pack", "b"]], old);
            Assert.Equal(File.GetLastWriteTimeUtc(old[0]), File.GetLastWriteTimeUtc(_folder["next", "pack", "a"]));
            Assert.Equal(torrent.File(1), File.ReadAllBytes(_folder["next", "pack", "b"]));
        }
        torrent.WriteTo(_folder["last"]);
        File.Delete(_folder["last", "pack", "a"]);
        File.WriteAllBytes(_folder["last", "pack", "b"], new byte[2 * Block]);
        using (var files = torrent.Files(_folder["out"]))
            Assert.Throws<DiskFaultException>(() => new FilesMove(files, _folder["last"], _ => { }, CancellationToken.None).Copy());
        Assert.Equal(["last", "last/pack", "last/pack/b"], _folder.Everything().Where(e => e.StartsWith("last", StringComparison.Ordinal)));
        Assert.Equal(new byte[2 * Block], File.ReadAllBytes(_folder["last", "pack", "b"]));
    }

    private static Bitfield Have(TestTorrent torrent, params int[] pieces)
    {
        var have = new Bitfield(torrent.PieceCount);
        foreach (var piece in pieces)
            have.Set(new PieceIndex(piece));
        return have;
    }
}
