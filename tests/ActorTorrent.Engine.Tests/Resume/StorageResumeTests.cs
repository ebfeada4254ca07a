using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Resume;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Resume;

/// <summary>A storage actor that keeps resume data, over several lives.</summary>
public sealed class StorageResumeTests : TestKit
{
    private const int Block = FileLayout.BlockLength;
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);
    private static readonly ResumeState State = new() { Downloaded = 5, Uploaded = 6, AddedAt = DateTimeOffset.UnixEpoch };

    private readonly TempFolder _folder = new();
    private readonly SlabPool _slabs = new(4 * Block, kept: 4);
    private readonly StorageOptions _options = new() { RetryDelay = TimeSpan.FromMilliseconds(20), MaxRetryDelay = TimeSpan.FromMilliseconds(40), HashWait = TimeSpan.Zero };

    private ResumeStore Store => new(_folder["state"]);

    private string Out => _folder["out"];

    [Fact]
    public void Started_again_it_trusts_what_was_saved_without_reading_a_byte()
    {
        var torrent = TestTorrent.Multi(2 * Block, ("a", 5 * Block), ("empty", 0), ("b", 3 * Block));
        Live(torrent, storage => StorePieces(storage, torrent, 0, 1, 3));
        var disk = CreateTestProbe();
        var storage = Start(torrent, disk: disk.Ref);
        storage.Tell(StorageProtocol.Open.Instance);
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        var found = ExpectMsg<StorageProtocol.Checked>();
        Assert.Equal([0, 1, 3], found.Have.Select(p => p.Value));
        Assert.Equal(3, found.PiecesTrusted);
        Assert.Equal(State, found.State);
        disk.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Without_resume_data_everything_is_checked()
    {
        var torrent = TestTorrent.Single(2 * Block, 5 * Block);
        torrent.WriteTo(Out);
        var found = Open(Start(torrent), torrent);
        Assert.True(found.Have.IsComplete);
        Assert.Equal(0, found.PiecesTrusted);
        Assert.Null(found.State);
        Assert.Null(found.Rejection);
    }

    [Theory]
    [InlineData("torn")]
    [InlineData("empty")]
    [InlineData("folder")]
    [InlineData("another version")]
    public void Resume_data_that_cannot_be_used_leads_to_a_check_and_is_replaced(string how)
    {
        var torrent = TestTorrent.Single(2 * Block, 8 * Block);
        Live(torrent, storage => StorePieces(storage, torrent, 0, 2));
        var path = Store.PathOf(torrent.InfoHash);
        switch (how)
        {
            case "torn":
                File.WriteAllBytes(path, File.ReadAllBytes(path)[..^40]);
                break;
            case "empty":
                File.WriteAllBytes(path, []);
                break;
            case "folder":
                File.Delete(path);
                Directory.CreateDirectory(path);
                break;
            default:
                File.WriteAllText(path, File.ReadAllText(path, System.Text.Encoding.Latin1).Replace("versioni1e", "versioni0e", StringComparison.Ordinal), System.Text.Encoding.Latin1);
                break;
        }
        var storage = Start(torrent);
        var found = Open(storage, torrent);
        Assert.Equal([0, 2], found.Have.Select(p => p.Value));
        Assert.Equal(0, found.PiecesTrusted);
        Assert.Equal(how == "folder", found.Rejection is null);
        if (how == "folder")
            return;
        Save(storage);
        Assert.Equal([0, 2], Store.Load(torrent.InfoHash)!.Have.Select(p => p.Value));
    }

    [Fact]
    public void Only_the_pieces_of_a_file_that_changed_meanwhile_are_checked()
    {
        var torrent = TestTorrent.Multi(Block, ("a", 4 * Block), ("b", 4 * Block));
        Live(torrent, storage => StorePieces(storage, torrent, 0, 1, 4, 5, 6));
        Spoil(_folder["out", "pack", "b"], Block);
        var found = Open(Start(torrent), torrent);
        Assert.Equal([0, 1, 4, 6], found.Have.Select(p => p.Value));
        Assert.Equal(2, found.PiecesTrusted);
    }

    [Fact]
    public void Resume_data_claims_a_piece_only_once_its_write_is_done()
    {
        var torrent = TestTorrent.Single(Block, 4 * Block);
        var disk = CreateTestProbe();
        var storage = Start(torrent, disk: disk.Ref);
        storage.Tell(StorageProtocol.Open.Instance);
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        ExpectMsg<StorageProtocol.CheckProgress>();
        ExpectMsg<StorageProtocol.Checked>();
        Feed(storage, torrent, 0);
        ExpectMsg<StorageProtocol.BlocksStored>();
        var first = disk.ExpectMsg<DiskProtocol.Submit>().Job;
        storage.Tell(new StorageProtocol.SaveResume(State));
        var save = disk.ExpectMsg<DiskProtocol.Submit>().Job;
        // Written before the save runs, but the storage has not heard of it.
        var written = first.Run();
        storage.Tell(save.Run());
        Assert.Equal(0, ExpectMsg<StorageProtocol.ResumeSaved>().PiecesClaimed);
        Assert.True(Store.Load(torrent.InfoHash)!.Have.IsEmpty);
        storage.Tell(written);
        ExpectMsg<StorageProtocol.PieceVerified>();
        storage.Tell(new StorageProtocol.SaveResume(State));
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        Assert.Equal(1, ExpectMsg<StorageProtocol.ResumeSaved>().PiecesClaimed);
        // Nothing changed: nothing is saved.
        storage.Tell(new StorageProtocol.SaveResume(State));
        disk.ExpectNoMsg(TimeSpan.Zero);
        storage.Tell(new StorageProtocol.SaveResume(State with { Uploaded = 7 }));
        disk.ExpectMsg<DiskProtocol.Submit>();
    }

    [Fact]
    public void A_flush_saves_what_was_written_last()
    {
        var torrent = TestTorrent.Single(Block, 4 * Block);
        var disk = CreateTestProbe();
        var storage = Start(torrent, disk: disk.Ref);
        Feed(storage, torrent, 3);
        ExpectMsg<StorageProtocol.BlocksStored>();
        var write = disk.ExpectMsg<DiskProtocol.Submit>().Job;
        storage.Tell(new StorageProtocol.SaveResume(State));
        var early = disk.ExpectMsg<DiskProtocol.Submit>().Job;
        storage.Tell(StorageProtocol.Flush.Instance);
        storage.Tell(early.Run());
        ExpectMsg<StorageProtocol.ResumeSaved>();
        disk.ExpectNoMsg(TimeSpan.Zero);
        storage.Tell(write.Run());
        ExpectMsg<StorageProtocol.PieceVerified>();
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        Assert.Equal(1, ExpectMsg<StorageProtocol.ResumeSaved>().PiecesClaimed);
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        ExpectMsg<StorageProtocol.Flushed>();
        Assert.Equal([3], Store.Load(torrent.InfoHash)!.Have.Select(p => p.Value));
    }

    [Fact]
    public void A_state_folder_that_fails_is_told_and_the_torrent_goes_on()
    {
        var torrent = TestTorrent.Single(Block, 4 * Block);
        File.WriteAllText(_folder["state"], "in the way");
        var storage = Start(torrent);
        Open(storage, torrent);
        StorePieces(storage, torrent, 0);
        storage.Tell(new StorageProtocol.SaveResume(State));
        var fault = ExpectMsg<StorageProtocol.ResumeFailed>(Long).Fault;
        Assert.Contains(_folder["state"], fault.Path, StringComparison.Ordinal);
        StorePieces(storage, torrent, 1);
        File.Delete(_folder["state"]);
        Save(storage);
        Assert.Equal(2, Store.Load(torrent.InfoHash)!.Have.SetCount);
    }

    [Fact]
    public void A_file_changed_under_us_is_a_fault_that_names_it_its_pieces_are_checked_and_the_lost_ones_told()
    {
        var torrent = TestTorrent.Multi(Block, ("a", 4 * Block), ("b", 4 * Block));
        var storage = Start(torrent);
        Open(storage, torrent);
        StorePieces(storage, torrent, 0, 4, 5, 6);
        Save(storage);
        Spoil(_folder["out", "pack", "b"], Block);
        storage.Tell(new StorageProtocol.SaveResume(State with { Uploaded = 100 }));
        var fault = ExpectMsg<StorageProtocol.DiskFailed>(Long).Fault;
        Assert.Equal((DiskFaultKind.Changed, _folder["out", "pack", "b"]), (fault.Kind, fault.Path));
        ExpectMsg<StorageProtocol.CheckProgress>(Long);
        Assert.Equal([5], ExpectMsg<StorageProtocol.PiecesLost>(Long).Pieces.Select(p => p.Value));
        ExpectMsg<StorageProtocol.DiskRecovered>(Long);
        // The lost one can come again, and what is saved is the truth.
        StorePieces(storage, torrent, 5);
        Save(storage);
        Assert.Equal([0, 4, 5, 6], Store.Load(torrent.InfoHash)!.Have.Select(p => p.Value));
    }

    [Fact]
    public void A_file_touched_but_not_changed_loses_nothing()
    {
        var torrent = TestTorrent.Single(Block, 4 * Block);
        var storage = Start(torrent);
        Open(storage, torrent);
        StorePieces(storage, torrent, 0, 1);
        Save(storage);
        File.SetLastWriteTimeUtc(_folder["out", "single.bin"], DateTime.UtcNow.AddDays(1));
        storage.Tell(new StorageProtocol.SaveResume(State with { Uploaded = 100 }));
        Assert.Equal(DiskFaultKind.Changed, ExpectMsg<StorageProtocol.DiskFailed>(Long).Fault.Kind);
        ExpectMsg<StorageProtocol.CheckProgress>(Long);
        ExpectMsg<StorageProtocol.DiskRecovered>(Long);
        Save(storage);
    }

    [Fact]
    public void A_vanished_file_is_never_claimed_and_its_return_is_noticed()
    {
        var torrent = TestTorrent.Single(Block, 4 * Block);
        var storage = Start(torrent);
        Open(storage, torrent);
        StorePieces(storage, torrent, 0);
        Save(storage);
        var before = File.ReadAllBytes(Store.PathOf(torrent.InfoHash));
        File.Move(_folder["out", "single.bin"], _folder["away"]);
        storage.Tell(new StorageProtocol.SaveResume(State with { Uploaded = 100 }));
        Assert.Equal(DiskFaultKind.Vanished, ExpectMsg<StorageProtocol.DiskFailed>(Long).Fault.Kind);
        Assert.Equal(before, File.ReadAllBytes(Store.PathOf(torrent.InfoHash)));
        File.Move(_folder["away"], _folder["out", "single.bin"]);
        ExpectMsg<StorageProtocol.DiskRecovered>(Long);
    }

    [Fact]
    public void Files_wanted_later_get_what_was_kept_aside_for_them()
    {
        var torrent = TestTorrent.Multi(2 * Block, ("a", Block), ("b", 4 * Block), ("c", 3 * Block));
        var storage = Start(torrent, wanted: new HashSet<int> { 0 });
        Open(storage, torrent);
        StorePieces(storage, torrent, 0);
        Assert.False(File.Exists(_folder["out", "pack", "b"]));
        storage.Tell(new StorageProtocol.SelectFiles(new HashSet<int> { 0, 1 }));
        Assert.Equal([0, 1], ExpectMsg<StorageProtocol.FilesSelected>(Long).Files!.Order());
        Assert.True(torrent.File(1).AsSpan(0, Block).SequenceEqual(File.ReadAllBytes(_folder["out", "pack", "b"]).AsSpan(0, Block)));
        Assert.False(File.Exists(_folder["out", "pack", "c"]));
        storage.Tell(new StorageProtocol.ReadBlock(torrent.Blocks(0).ElementAt(1), TestActor));
        var read = ExpectMsg<StorageProtocol.BlockRead>(Long);
        Assert.Equal(torrent.Block(read.Block), read.Buffer.Memory.ToArray());
        read.Buffer.Dispose();
        StorePieces(storage, torrent, 1, 2);
        storage.Tell(new StorageProtocol.SelectFiles(null));
        ExpectMsg<StorageProtocol.FilesSelected>(Long);
        StorePieces(storage, torrent, 3);
        storage.Tell(StorageProtocol.Flush.Instance);
        FishForMessage(m => m is StorageProtocol.Flushed, Long);
        foreach (var file in torrent.Layout.Files)
            Assert.Equal(torrent.File(file.Index), File.ReadAllBytes(Path.Join([Out, .. file.Segments])));
        Assert.False(File.Exists(_folder["out", $".{torrent.InfoHash}.parts"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Started_again_with_more_files_wanted_it_moves_the_edges_in(bool keepsResume)
    {
        var torrent = TestTorrent.Multi(2 * Block, ("a", Block), ("b", 4 * Block), ("c", 3 * Block));
        Live(torrent, storage => StorePieces(storage, torrent, 0), wanted: new HashSet<int> { 0 });
        if (!keepsResume)
            Store.Delete(torrent.InfoHash);
        var found = Open(Start(torrent), torrent);
        Assert.Equal([0], found.Have.Select(p => p.Value));
        Assert.True(torrent.File(1).AsSpan(0, Block).SequenceEqual(File.ReadAllBytes(_folder["out", "pack", "b"]).AsSpan(0, Block)));
        Assert.False(File.Exists(_folder["out", "pack", "c"]));
    }

    [Fact]
    public void Files_moved_within_a_volume_are_renamed_and_found_by_the_next_run()
    {
        var torrent = TestTorrent.Multi(Block, ("a", 3 * Block), ("d/b", 3 * Block));
        var storage = Start(torrent);
        Open(storage, torrent);
        StorePieces(storage, torrent, 0, 3);
        File.WriteAllText(_folder["out", "pack", "not ours"], "stays");
        storage.Tell(new StorageProtocol.Move(_folder["next"], Sys.ActorOf(DiskActor.Props(_options))));
        StorePieces(storage, torrent, moved: true, 1, 4);
        Assert.Equal(["next", "next/pack", "next/pack/a", "next/pack/d", "next/pack/d/b"], _folder.Everything().Where(e => e.StartsWith("next", StringComparison.Ordinal)));
        Assert.Equal(["out", "out/pack", "out/pack/not ours"], _folder.Everything().Where(e => e.StartsWith("out", StringComparison.Ordinal)));
        Stop(storage);

        storage = Start(torrent);
        storage.Tell(StorageProtocol.Open.Instance);
        Assert.Equal(_folder["next"], ExpectMsg<StorageProtocol.Located>(Long).Folder);
        var found = ExpectMsg<StorageProtocol.Checked>(Long);
        Assert.Equal([0, 1, 3, 4], found.Have.Select(p => p.Value));
        Assert.Equal(4, found.PiecesTrusted);
    }

    [Fact]
    public void Files_moved_to_another_volume_are_copied_compared_and_removed_while_reads_go_on()
    {
        using var far = Volume.Mount(64 << 20);
        var torrent = TestTorrent.Multi(2 * Block, ("a", 40 * Block), ("d/b", 400L * Block));
        torrent.WriteTo(Out);
        var storage = Start(torrent);
        Assert.True(Open(storage, torrent).Have.IsComplete);
        Save(storage);
        var target = Path.Join(far.Path, "deep", "er");
        storage.Tell(new StorageProtocol.Move(target, Sys.ActorOf(DiskActor.Props(_options))));
        storage.Tell(new StorageProtocol.ReadBlock(torrent.Blocks(7).First(), TestActor));
        var told = new List<long>();
        var isRead = false;
        for (object? message = null; message is not StorageProtocol.Moved;)
        {
            message = ExpectMsg<object>(Long);
            Assert.IsNotType<StorageProtocol.MoveFailed>(message);
            if (message is StorageProtocol.MoveProgress progress)
                told.Add(progress.BytesMoved);
            if (message is StorageProtocol.BlockRead read)
            {
                isRead = true;
                read.Buffer.Dispose();
            }
        }
        Assert.True(isRead);
        Assert.InRange(told.Count, 2, 101);
        Assert.Equal(told.Order(), told);
        Stop(storage);
        Assert.False(Directory.Exists(_folder["out", "pack"]));
        foreach (var file in torrent.Layout.Files)
            Assert.Equal(torrent.File(file.Index), File.ReadAllBytes(Path.Join([target, .. file.Segments])));
        storage = Start(torrent);
        storage.Tell(StorageProtocol.Open.Instance);
        Assert.Equal(target, ExpectMsg<StorageProtocol.Located>(Long).Folder);
        Assert.Equal(torrent.PieceCount, ExpectMsg<StorageProtocol.Checked>(Long).PiecesTrusted);
    }

    [Fact]
    public void A_move_to_a_volume_without_room_leaves_everything_as_it_was()
    {
        using var small = Volume.Mount(1 << 20);
        var torrent = TestTorrent.Multi(2 * Block, ("a", 40 * Block), ("b", 400L * Block));
        torrent.WriteTo(Out);
        var storage = Start(torrent);
        Open(storage, torrent);
        storage.Tell(new StorageProtocol.Move(Path.Join(small.Path, "in"), Sys.ActorOf(DiskActor.Props(_options))));
        var failed = (StorageProtocol.MoveFailed)FishForMessage(m => m is StorageProtocol.MoveFailed, Long);
        Assert.Equal(DiskFaultKind.NoSpace, failed.Fault.Kind);
        Assert.Empty(Directory.EnumerateFiles(small.Path, "*", SearchOption.AllDirectories));
        foreach (var file in torrent.Layout.Files)
            Assert.Equal(torrent.File(file.Index), File.ReadAllBytes(Path.Join([Out, .. file.Segments])));
        storage.Tell(new StorageProtocol.ReadBlock(torrent.Blocks(7).First(), TestActor));
        ((StorageProtocol.BlockRead)FishForMessage(m => m is StorageProtocol.BlockRead, Long)).Buffer.Dispose();
    }

    [Fact]
    public void A_move_onto_files_that_are_there_is_refused_and_takes_nothing()
    {
        var torrent = TestTorrent.Multi(Block, ("a", Block), ("b", Block));
        torrent.WriteTo(Out);
        Directory.CreateDirectory(_folder["next", "pack"]);
        File.WriteAllText(_folder["next", "pack", "b"], "someone else's");
        var storage = Start(torrent);
        Open(storage, torrent);
        storage.Tell(new StorageProtocol.Move(_folder["next"], Sys.ActorOf(DiskActor.Props(_options))));
        var failed = (StorageProtocol.MoveFailed)FishForMessage(m => m is StorageProtocol.MoveFailed, Long);
        Assert.Equal(_folder["next", "pack", "b"], failed.Fault.Path);
        Assert.Equal("someone else's", File.ReadAllText(_folder["next", "pack", "b"]));
        Assert.True(File.Exists(_folder["out", "pack", "a"]));
        Save(storage);
        Assert.Null(Store.Load(torrent.InfoHash)!.MovingTo);
    }

    [Fact]
    public void A_renaming_that_was_broken_off_is_ended_by_the_next_run()
    {
        var torrent = TestTorrent.Multi(Block, ("a", 2 * Block), ("d/b", 2 * Block), ("c", 2 * Block));
        Live(torrent, storage => StorePieces(storage, torrent, [.. Enumerable.Range(0, 5)]));
        Store.Save(Store.Load(torrent.InfoHash)! with { MovingTo = _folder["next"] });
        Directory.CreateDirectory(_folder["next", "pack", "d"]);
        File.Move(_folder["out", "pack", "d", "b"], _folder["next", "pack", "d", "b"]);
        var storage = Start(torrent);
        storage.Tell(StorageProtocol.Open.Instance);
        Assert.Equal(_folder["next"], ExpectMsg<StorageProtocol.Located>(Long).Folder);
        var found = ExpectMsg<StorageProtocol.Checked>(Long);
        Assert.Equal(5, found.PiecesTrusted);
        Assert.False(Directory.Exists(_folder["out", "pack"]));
        Save(storage);
        var saved = Store.Load(torrent.InfoHash)!;
        Assert.Equal((Out, _folder["next"], null), (saved.Origin, saved.Folder, saved.MovingTo));
    }

    [Theory]
    [InlineData(SyncPolicy.Never, false)]
    [InlineData(SyncPolicy.OnComplete, true)]
    [InlineData(SyncPolicy.OnResumeSave, true)]
    public void Resume_data_says_whether_what_it_claims_was_forced_to_the_disk(SyncPolicy policy, bool isSynced)
    {
        var torrent = TestTorrent.Multi(Block, ("a", 2 * Block), ("d/b", 2 * Block));
        Live(torrent, storage => StorePieces(storage, torrent, 0, 1, 2, 3), _options with { Sync = policy });
        Assert.Equal(isSynced, Store.Load(torrent.InfoHash)!.IsSynced);
        Live(torrent, _ => { }, _options with { Sync = SyncPolicy.OnResumeSave });
        Assert.True(Store.Load(torrent.InfoHash)!.IsSynced);
    }

    [Fact]
    public void A_copy_that_was_broken_off_before_it_counted_is_taken_back_by_the_next_run()
    {
        var torrent = TestTorrent.Multi(Block, ("a", 2 * Block), ("d/b", 2 * Block), ("c", 2 * Block));
        Live(torrent, storage => StorePieces(storage, torrent, [.. Enumerable.Range(0, 6)]));
        Store.Save(Store.Load(torrent.InfoHash)! with { CopyingTo = _folder["next"] });
        Directory.CreateDirectory(_folder["next", "pack", "d"]);
        File.Copy(_folder["out", "pack", "a"], _folder["next", "pack", "a"]);
        File.WriteAllBytes(_folder["next", "pack", "d", "b.moving"], new byte[10]);
        File.WriteAllBytes(_folder["next", "pack", "c"], new byte[2 * Block]);
        var storage = Start(torrent);
        Assert.Equal(6, Open(storage, torrent).PiecesTrusted);
        Assert.Equal(["next", "next/pack", "next/pack/c"], _folder.Everything().Where(e => e.StartsWith("next", StringComparison.Ordinal)));
        Save(storage);
        Assert.Null(Store.Load(torrent.InfoHash)!.CopyingTo);
    }

    [Fact]
    public void Files_whose_copies_count_are_removed_by_the_next_run_if_they_are_still_there()
    {
        var torrent = TestTorrent.Multi(Block, ("a", 2 * Block), ("d/b", 2 * Block));
        Live(torrent, storage => StorePieces(storage, torrent, [.. Enumerable.Range(0, 4)]));
        Directory.CreateDirectory(_folder["next", "pack", "d"]);
        File.Copy(_folder["out", "pack", "a"], _folder["next", "pack", "a"]);
        File.Copy(_folder["out", "pack", "d", "b"], _folder["next", "pack", "d", "b"]);
        File.WriteAllText(_folder["out", "pack", "not ours"], "stays");
        Store.Save(Store.Load(torrent.InfoHash)! with { Folder = _folder["next"], CopiedFrom = Out });
        var storage = Start(torrent);
        storage.Tell(StorageProtocol.Open.Instance);
        Assert.Equal(_folder["next"], ExpectMsg<StorageProtocol.Located>(Long).Folder);
        Assert.Equal(4, ExpectMsg<StorageProtocol.Checked>(Long).PiecesTrusted);
        Assert.Equal(["out", "out/pack", "out/pack/not ours"], _folder.Everything().Where(e => e.StartsWith("out", StringComparison.Ordinal)));
    }

    [Fact]
    public void Blocks_of_unfinished_pieces_outlive_a_kill_and_belong_to_nobody()
    {
        var torrent = TestTorrent.Multi(4 * Block, ("a", 6 * Block), ("b", 6 * Block));
        var storage = Start(torrent);
        Assert.Empty(Open(storage, torrent).Unfinished);
        StorePieces(storage, torrent, 0);
        Feed(storage, torrent, 1, peer: 1, 0, 2, 3);
        Save(storage);
        Feed(storage, torrent, 2, peer: 1, 0);
        Kill(storage);

        storage = Start(torrent);
        var found = Open(storage, torrent);
        Assert.True(found.IsStart);
        Assert.Equal([0], found.Have.Select(p => p.Value));
        var (piece, blocks) = Assert.Single(found.Unfinished);
        Assert.Equal(1, piece.Value);
        Assert.Equal([0, 2, 3], blocks.Select(block => block.Value));
        // What is there is not taken twice.
        Feed(storage, torrent, 1, peer: 7, 3);
        Assert.Equal(Block, ExpectMsg<StorageProtocol.BlocksStored>(Long).WastedBytes);
        Feed(storage, torrent, 1, peer: 7, 1);
        Assert.Equal(0, ExpectMsg<StorageProtocol.BlocksStored>(Long).WastedBytes);
        Assert.Equal([7], ExpectMsg<StorageProtocol.PieceVerified>(Long).Contributors);
    }

    [Fact]
    public void Nothing_is_written_twice_and_nothing_saved_when_nothing_came()
    {
        var torrent = TestTorrent.Single(4 * Block, 8 * Block);
        var storage = Start(torrent);
        Open(storage, torrent);
        Feed(storage, torrent, 1, peer: 1, 0, 2);
        Save(storage);
        var path = _folder["out", "single.bin"];
        var written = File.GetLastWriteTimeUtc(path);
        Save(storage);
        Assert.Equal(written, File.GetLastWriteTimeUtc(path));
        Assert.Equal(8L * Block, new FileInfo(path).Length);
        Stop(storage);
        Assert.Equal([0, 2], Assert.Single(Store.Load(torrent.InfoHash)!.Unfinished).Blocks.Select(block => block.Value));
    }

    [Fact]
    public void A_piece_with_bad_blocks_of_an_earlier_run_fails_without_anyones_fault()
    {
        var torrent = TestTorrent.Single(4 * Block, 8 * Block);
        var storage = Start(torrent);
        Open(storage, torrent);
        Feed(storage, torrent, 1, peer: 1, 0, 2, 3);
        Save(storage);
        Kill(storage);
        Spoil(_folder["out", "single.bin"], 6L * Block);

        storage = Start(torrent);
        Assert.Equal([0, 2, 3], Assert.Single(Open(storage, torrent).Unfinished).Blocks.Select(block => block.Value));
        Feed(storage, torrent, 1, peer: 7, 1);
        ExpectMsg<StorageProtocol.BlocksStored>(Long);
        Assert.Empty(ExpectMsg<StorageProtocol.PieceFailed>(Long).Contributors);
        Feed(storage, torrent, 1, peer: 8, 0, 1, 2, 3);
        ExpectMsg<StorageProtocol.BlocksStored>(Long);
        var verified = ExpectMsg<StorageProtocol.PieceVerified>(Long);
        Assert.Equal([8], verified.Contributors);
        Assert.Empty(verified.Liars);
    }

    [Fact]
    public void A_piece_finished_since_the_last_save_is_found()
    {
        var torrent = TestTorrent.Single(4 * Block, 8 * Block);
        var storage = Start(torrent);
        Open(storage, torrent);
        Feed(storage, torrent, 1, peer: 1, 0, 2, 3);
        Save(storage);
        Feed(storage, torrent, 1, peer: 1, 1);
        FishForMessage(m => m is StorageProtocol.PieceVerified, Long);
        Kill(storage);
        var found = Open(Start(torrent), torrent);
        Assert.Equal([1], found.Have.Select(p => p.Value));
        Assert.Empty(found.Unfinished);
    }

    [Fact]
    public void A_verified_piece_waits_while_older_blocks_of_it_are_on_their_way_to_the_disk()
    {
        var torrent = TestTorrent.Single(2 * Block, 4 * Block);
        var disk = CreateTestProbe();
        var storage = Start(torrent, disk: disk.Ref);
        storage.Tell(StorageProtocol.Open.Instance);
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        ExpectMsg<StorageProtocol.CheckProgress>();
        ExpectMsg<StorageProtocol.Checked>();
        storage.Tell(new StorageProtocol.StoreBlocks(torrent.Batch(_slabs, 1, torrent.Blocks(0).Take(1), (_, bytes) => bytes.Span.Clear())));
        ExpectMsg<StorageProtocol.BlocksStored>();
        storage.Tell(new StorageProtocol.SaveResume(State));
        var save = disk.ExpectMsg<DiskProtocol.Submit>().Job;
        Feed(storage, torrent, 0, peer: 1, 1);
        ExpectMsg<StorageProtocol.BlocksStored>();
        // Hashed, that is all.
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        ExpectMsg<StorageProtocol.PieceFailed>();
        Feed(storage, torrent, 0, peer: 2, 0, 1);
        ExpectMsg<StorageProtocol.BlocksStored>();
        var hash = (PieceJob)disk.ExpectMsg<DiskProtocol.Submit>().Job;
        storage.Tell(hash.Run());
        Assert.True(hash.Pieces[0].IsGood);
        disk.ExpectNoMsg(TimeSpan.Zero);
        storage.Tell(save.Run());
        ExpectMsg<StorageProtocol.ResumeSaved>();
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        Assert.Equal(0, ExpectMsg<StorageProtocol.PieceVerified>().Piece.Value);
        Assert.True(torrent.Piece(0).SequenceEqual(File.ReadAllBytes(_folder["out", "single.bin"]).AsSpan(0, 2 * Block)));
    }

    [Fact]
    public void A_full_disk_keeps_no_blocks_but_what_is_verified_is_saved()
    {
        using var small = Volume.Mount(256 << 10);
        Directory.CreateSymbolicLink(Out, small.Path);
        var torrent = TestTorrent.Single(4 * Block, 64L * Block);
        var storage = Start(torrent);
        Open(storage, torrent);
        StorePieces(storage, torrent, 0);
        using (var filler = File.OpenHandle(Path.Join(small.Path, "filler"), FileMode.CreateNew, FileAccess.Write))
        {
            Assert.Throws<IOException>((Action)(() =>
            {
                for (var length = 0; length <= 1 << 20; length += 4096)
                    RandomAccess.Write(filler, new byte[4096], length);
            }));
        }
        Feed(storage, torrent, 3, peer: 1, 0);
        ExpectMsg<StorageProtocol.BlocksStored>(Long);
        storage.Tell(new StorageProtocol.SaveResume(State));
        Assert.Equal(1, ExpectMsg<StorageProtocol.ResumeSaved>(Long).PiecesClaimed);
        Assert.Empty(Store.Load(torrent.InfoHash)!.Unfinished);
        File.Delete(Path.Join(small.Path, "filler"));
        Save(storage);
        Assert.Equal(3, Assert.Single(Store.Load(torrent.InfoHash)!.Unfinished).Piece.Value);
    }

    [Fact]
    public void Whatever_was_there_at_the_last_save_is_there_after_any_kill()
    {
        var runs =
            from seed in Gen.Choose(0, int.MaxValue - 1)
            from steps in Gen.Choose(5, 60)
            select (seed, steps);
        Prop.ForAll(runs.ToArbitrary(), run =>
        {
            var random = new Random(run.seed);
            var torrent = TestTorrent.Multi(3 * Block, ("a", (4L * Block) + 7), ("b", random.Next(1, 8 * Block)), ("c", 5 * Block));
            var blocks = Enumerable.Range(0, torrent.PieceCount).SelectMany(torrent.Blocks).ToArray();
            Store.Delete(torrent.InfoHash);
            if (Directory.Exists(Out))
                Directory.Delete(Out, recursive: true);
            var stored = new HashSet<BlockRequest>();
            var kept = new HashSet<BlockRequest>();
            var storage = Start(torrent);
            Open(storage, torrent);
            for (var step = 0; step < run.steps; step++)
            {
                switch (random.Next(8))
                {
                    case 0:
                        Save(storage);
                        kept = [.. stored];
                        break;
                    case 1:
                        Kill(storage);
                        storage = Start(torrent);
                        var found = Open(storage, torrent);
                        var there = Enumerable.Range(0, torrent.PieceCount).Where(p => found.Have[new PieceIndex(p)]).SelectMany(torrent.Blocks)
                            .Concat(found.Unfinished.SelectMany(u => torrent.Blocks(u.Piece.Value).Where(b => u.Blocks[new PieceIndex(b.Block)])))
                            .ToHashSet();
                        Assert.Superset(kept, there);
                        Assert.Subset(stored, there);
                        stored = there;
                        break;
                    default:
                        var block = blocks[random.Next(blocks.Length)];
                        stored.Add(block);
                        Give(storage, torrent, block, isLast: torrent.Blocks(block.Piece.Value).All(stored.Contains));
                        break;
                }
            }
            foreach (var block in blocks.Where(block => !stored.Contains(block)).ToArray())
            {
                stored.Add(block);
                Give(storage, torrent, block, isLast: torrent.Blocks(block.Piece.Value).All(stored.Contains));
            }
            Stop(storage);
            foreach (var file in torrent.Layout.Files)
                Assert.Equal(torrent.File(file.Index), File.ReadAllBytes(Path.Join([Out, .. file.Segments])));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _folder.Dispose();
    }

    /// <summary>One run of the program: start, do, save, stop.</summary>
    private void Live(TestTorrent torrent, Action<IActorRef> life, StorageOptions? options = null, IReadOnlySet<int>? wanted = null)
    {
        var storage = Start(torrent, options, wanted: wanted);
        Open(storage, torrent);
        life(storage);
        Stop(storage);
    }

    private void Stop(IActorRef storage)
    {
        storage.Tell(new StorageProtocol.SaveResume(State));
        storage.Tell(StorageProtocol.Flush.Instance);
        FishForMessage(m => m is StorageProtocol.Flushed, Long);
        Watch(storage);
        Sys.Stop(storage);
        ExpectTerminated(storage);
    }

    private IActorRef Start(TestTorrent torrent, StorageOptions? options = null, IActorRef? disk = null, IReadOnlySet<int>? wanted = null)
    {
        var props = StorageActor.Props(
            torrent.Layout, torrent.Hashes, torrent.InfoHash, Out, wanted, options ?? _options, disk ?? Sys.ActorOf(DiskActor.Props(_options)), Store);
        var listener = TestActor;
        return Sys.ActorOf(Props.Create(() => new Relay(props, listener)));
    }

    private StorageProtocol.Checked Open(IActorRef storage, TestTorrent torrent)
    {
        storage.Tell(StorageProtocol.Open.Instance);
        while (true)
        {
            switch (ExpectMsg<object>(Long))
            {
                case StorageProtocol.CheckProgress progress:
                    Assert.Equal(torrent.PieceCount, progress.PiecesTotal);
                    break;
                case StorageProtocol.Checked found:
                    return found;
                case var other:
                    Assert.Fail($"{other} is not due at the start.");
                    break;
            }
        }
    }

    private void Save(IActorRef storage)
    {
        storage.Tell(new StorageProtocol.SaveResume(State with { Uploaded = Random.Shared.NextInt64() }));
        FishForMessage(m => m is StorageProtocol.ResumeSaved, Long);
    }

    /// <summary>The end of a process: nothing is flushed, nothing is saved.</summary>
    private void Kill(IActorRef storage)
    {
        Watch(storage);
        Sys.Stop(storage);
        FishForMessage(m => m is Terminated, Long);
    }

    /// <summary>Stores a block; when it is a piece's last one, waits for the piece.</summary>
    private void Give(IActorRef storage, TestTorrent torrent, BlockRequest block, bool isLast)
    {
        storage.Tell(new StorageProtocol.StoreBlocks(torrent.Batch(_slabs, 1, [block])));
        var isNews = ((StorageProtocol.BlocksStored)FishForMessage(m => m is StorageProtocol.BlocksStored, Long)).WastedBytes == 0;
        if (isNews && isLast)
            FishForMessage(m => m is StorageProtocol.PieceVerified, Long);
    }

    private void Feed(IActorRef storage, TestTorrent torrent, int piece, int peer, params int[] blocks) =>
        storage.Tell(new StorageProtocol.StoreBlocks(torrent.Batch(_slabs, peer, torrent.Blocks(piece).Where(block => blocks.Contains(block.Block)))));

    private void Feed(IActorRef storage, TestTorrent torrent, int piece) =>
        storage.Tell(new StorageProtocol.StoreBlocks(torrent.Batch(_slabs, 1, torrent.Blocks(piece))));

    private void StorePieces(IActorRef storage, TestTorrent torrent, params int[] pieces) => StorePieces(storage, torrent, moved: false, pieces);

    private void StorePieces(IActorRef storage, TestTorrent torrent, bool moved, params int[] pieces)
    {
        foreach (var piece in pieces)
            Feed(storage, torrent, piece);
        var left = pieces.ToHashSet();
        while (left.Count > 0 || moved)
        {
            switch (ExpectMsg<object>(Long))
            {
                case StorageProtocol.PieceVerified verified:
                    Assert.True(left.Remove(verified.Piece.Value));
                    break;
                case StorageProtocol.Moved:
                    moved = false;
                    break;
                case StorageProtocol.BlocksStored or StorageProtocol.ResumeSaved:
                    break;
                case var other:
                    Assert.Fail($"{other} is not due.");
                    break;
            }
        }
    }

    private static void Spoil(string path, long offset)
    {
        using var handle = File.OpenHandle(path, access: FileAccess.ReadWrite);
        var before = File.GetLastWriteTimeUtc(path);
        RandomAccess.Write(handle, [1, 2, 3], offset);
        // The clock of a file system may not have moved on since our own write.
        File.SetLastWriteTimeUtc(path, before.AddSeconds(3));
    }
}
