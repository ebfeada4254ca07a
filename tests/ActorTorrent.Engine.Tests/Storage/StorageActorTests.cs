using ActorTorrent.Engine.Hashing;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;

namespace ActorTorrent.Engine.Tests.Storage;

public sealed class StorageActorTests : TestKit
{
    private const int Block = FileLayout.BlockLength;
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    private readonly TempFolder _folder = new();
    private readonly SlabPool _slabs = new(4 * Block, kept: 4);
    private readonly StorageOptions _options = new() { RetryDelay = TimeSpan.FromMilliseconds(20), HashWait = TimeSpan.Zero };
    private PieceBufferPool? _pieces;

    [Fact]
    public void Blocks_become_verified_pieces_and_files()
    {
        var torrent = TestTorrent.Multi(3 * Block, ("a", 5 * Block), ("empty", 0), ("d/b", 100), ("c", 2 * Block));
        var storage = Start(torrent);
        for (var piece = 0; piece < torrent.PieceCount; piece++)
        {
            Store(storage, torrent, peer: 7, torrent.Blocks(piece));
            Assert.Equal(0, ExpectMsg<StorageProtocol.BlocksStored>().WastedBytes);
            var verified = ExpectMsg<StorageProtocol.PieceVerified>(Long);
            Assert.Equal(piece, verified.Piece.Value);
            Assert.Equal([7], verified.Contributors);
            Assert.Empty(verified.Liars);
        }
        storage.Tell(StorageProtocol.Flush.Instance);
        ExpectMsg<StorageProtocol.Flushed>(Long);
        foreach (var file in torrent.Layout.Files)
            Assert.Equal(torrent.File(file.Index), File.ReadAllBytes(_folder[[.. file.Segments]]));
        Assert.Equal((0, 0), (_slabs.Rented, _pieces!.Rented));
    }

    [Fact]
    public void The_same_batch_comes_back_with_its_data_released()
    {
        var torrent = TestTorrent.Single(4 * Block, 4 * Block);
        var storage = Start(torrent);
        var batch = torrent.Batch(_slabs, 1, torrent.Blocks(0).Take(2));
        Assert.Equal(1, _slabs.Rented);
        storage.Tell(new StorageProtocol.StoreBlocks(batch));
        Assert.Same(batch, ExpectMsg<StorageProtocol.BlocksStored>().Batch);
        Assert.Equal(0, _slabs.Rented);
    }

    [Fact]
    public void Blocks_in_a_random_order_from_many_peers_make_every_piece()
    {
        var torrent = TestTorrent.Multi(4 * Block, ("a", (9 * Block) + 5), ("b", 11 * Block));
        var storage = Start(torrent);
        var random = new Random(5);
        var blocks = Enumerable.Range(0, torrent.PieceCount).SelectMany(torrent.Blocks).OrderBy(_ => random.Next()).ToArray();
        foreach (var (chunk, peer) in blocks.Chunk(3).Select((chunk, i) => (chunk, i % 4)))
            Store(storage, torrent, peer, chunk);
        var verified = new List<int>();
        while (verified.Count < torrent.PieceCount)
        {
            if (ExpectMsg<object>(Long) is StorageProtocol.PieceVerified piece)
                verified.Add(piece.Piece.Value);
        }
        Assert.Equal(Enumerable.Range(0, torrent.PieceCount), verified.Order());
        Assert.Equal(torrent.File(1), File.ReadAllBytes(_folder["pack", "b"]));
    }

    [Fact]
    public void A_piece_that_does_not_match_is_told_with_its_contributors_and_can_be_stored_again()
    {
        var torrent = TestTorrent.Single(4 * Block, 8 * Block);
        var storage = Start(torrent);
        var blocks = torrent.Blocks(0).ToArray();
        Store(storage, torrent, peer: 1, blocks[..2]);
        Store(storage, torrent, peer: 2, blocks[2..3], (_, bytes) => bytes.Span[5] ^= 1);
        Store(storage, torrent, peer: 3, blocks[3..]);
        for (var i = 0; i < 3; i++)
            Assert.Equal(0, ExpectMsg<StorageProtocol.BlocksStored>().WastedBytes);
        var failed = ExpectMsg<StorageProtocol.PieceFailed>();
        Assert.Equal(0, failed.Piece.Value);
        Assert.Equal([1, 2, 3], failed.Contributors.Order());
        Assert.Empty(_folder.Everything());

        Store(storage, torrent, peer: 4, blocks);
        Assert.Equal(0, ExpectMsg<StorageProtocol.BlocksStored>().WastedBytes);
        var verified = ExpectMsg<StorageProtocol.PieceVerified>(Long);
        Assert.Equal([4], verified.Contributors);
        Assert.Equal([2], verified.Liars);
    }

    [Fact]
    public void A_piece_with_one_sole_liar_twice_names_it_alone()
    {
        var torrent = TestTorrent.Single(2 * Block, 2 * Block);
        var storage = Start(torrent);
        for (var i = 0; i < 2; i++)
        {
            Store(storage, torrent, peer: 6, torrent.Blocks(0), (_, bytes) => bytes.Span.Fill((byte)i));
            ExpectMsg<StorageProtocol.BlocksStored>();
            Assert.Equal([6], ExpectMsg<StorageProtocol.PieceFailed>().Contributors);
        }
        Store(storage, torrent, peer: 5, torrent.Blocks(0));
        ExpectMsg<StorageProtocol.BlocksStored>();
        Assert.Equal([6], ExpectMsg<StorageProtocol.PieceVerified>(Long).Liars);
    }

    [Fact]
    public void Duplicate_and_late_blocks_are_waste_and_change_nothing()
    {
        var torrent = TestTorrent.Single(2 * Block, 4 * Block);
        var disk = CreateTestProbe();
        var storage = Start(torrent, disk: disk.Ref);
        var blocks = torrent.Blocks(0).ToArray();
        Store(storage, torrent, peer: 1, blocks[..1]);
        Assert.Equal(0, ExpectMsg<StorageProtocol.BlocksStored>().WastedBytes);
        Store(storage, torrent, peer: 2, blocks[..1], Spoil);
        Assert.Equal(Block, ExpectMsg<StorageProtocol.BlocksStored>().WastedBytes);
        // The one block that was missing, and in the same batch once more the piece that it makes full.
        Store(storage, torrent, peer: 1, [blocks[1], blocks[1], blocks[0]]);
        Assert.Equal(2 * Block, ExpectMsg<StorageProtocol.BlocksStored>().WastedBytes);

        // Full, matched, not yet written.
        var write = disk.ExpectMsg<DiskProtocol.Submit>().Job;
        Store(storage, torrent, peer: 3, blocks, Spoil);
        Assert.Equal(2 * Block, ExpectMsg<StorageProtocol.BlocksStored>().WastedBytes);
        storage.Tell(new StorageProtocol.DiscardPiece(new PieceIndex(0)));
        storage.Tell(write.Run());
        Assert.Equal([1], ExpectMsg<StorageProtocol.PieceVerified>().Contributors);

        // Verified.
        Store(storage, torrent, peer: 3, blocks, Spoil);
        Assert.Equal(2 * Block, ExpectMsg<StorageProtocol.BlocksStored>().WastedBytes);
        ExpectNothingElse(storage);
        Assert.True(torrent.Piece(0).SequenceEqual(File.ReadAllBytes(_folder["single.bin"]).AsSpan(0, 2 * Block)));

        static void Spoil(BlockRequest block, Memory<byte> bytes) => bytes.Span.Clear();
    }

    [Fact]
    public void What_belongs_to_no_block_is_waste()
    {
        var torrent = TestTorrent.Single(2 * Block, 4 * Block);
        var storage = Start(torrent);
        var slab = _slabs.Rent();
        var batch = new BlockBatch(1, slab, 4);
        batch.Add(new ReceivedBlock(new BlockRequest(new PieceIndex(2), 0, 10), slab.Memory[..10]));
        batch.Add(new ReceivedBlock(new BlockRequest(new PieceIndex(-1), 0, 10), slab.Memory[..10]));
        batch.Add(new ReceivedBlock(new BlockRequest(new PieceIndex(0), 100, 10), slab.Memory[..10]));
        batch.Add(new ReceivedBlock(new BlockRequest(new PieceIndex(0), 0, Block), slab.Memory[..10]));
        slab.Release();
        storage.Tell(new StorageProtocol.StoreBlocks(batch));
        Assert.Equal(40, ExpectMsg<StorageProtocol.BlocksStored>().WastedBytes);
        Assert.Equal(0, _slabs.Rented);
    }

    [Fact]
    public void A_discarded_piece_starts_from_nothing()
    {
        var torrent = TestTorrent.Single(2 * Block, 2 * Block);
        var storage = Start(torrent);
        var blocks = torrent.Blocks(0).ToArray();
        Store(storage, torrent, peer: 1, blocks[..1], (_, bytes) => bytes.Span.Clear());
        ExpectMsg<StorageProtocol.BlocksStored>();
        storage.Tell(new StorageProtocol.DiscardPiece(new PieceIndex(0)));
        Store(storage, torrent, peer: 2, blocks);
        Assert.Equal(0, ExpectMsg<StorageProtocol.BlocksStored>().WastedBytes);
        Assert.Equal([2], ExpectMsg<StorageProtocol.PieceVerified>(Long).Contributors);
    }

    [Fact]
    public void Drained_comes_after_what_was_told_before()
    {
        var torrent = TestTorrent.Single(4 * Block, 8 * Block);
        var storage = Start(torrent, disk: CreateTestProbe().Ref);
        Store(storage, torrent, peer: 1, torrent.Blocks(0).Take(1));
        Store(storage, torrent, peer: 1, torrent.Blocks(1).Take(1));
        storage.Tell(new StorageProtocol.Drain(1));
        Store(storage, torrent, peer: 2, torrent.Blocks(0).Skip(1).Take(1));
        ExpectMsg<StorageProtocol.BlocksStored>();
        ExpectMsg<StorageProtocol.BlocksStored>();
        Assert.Equal(1, ExpectMsg<StorageProtocol.Drained>().Peer);
        ExpectMsg<StorageProtocol.BlocksStored>();
    }

    [Fact]
    public void Pressure_rises_past_the_budget_and_falls_at_half_of_it()
    {
        var torrent = TestTorrent.Single(Block, 10 * Block);
        var disk = CreateTestProbe();
        var storage = Start(torrent, _options with { WriteBudgetBytes = 4 * Block }, disk.Ref);
        for (var piece = 0; piece < 6; piece++)
        {
            Store(storage, torrent, 1, torrent.Blocks(piece));
            ExpectMsg<StorageProtocol.BlocksStored>();
            if (piece == 4)
                Assert.True(ExpectMsg<StorageProtocol.Pressure>().IsHigh);
        }
        // No more at once than half the budget.
        int[] left = [5, 3, 1, 0];
        for (var (job, pieces) = (0, 6); job < left.Length; pieces = left[job++])
        {
            storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
            for (; pieces > left[job]; pieces--)
                ExpectMsg<StorageProtocol.PieceVerified>();
            if (left[job] == 1)
                Assert.False(ExpectMsg<StorageProtocol.Pressure>().IsHigh);
        }
        ExpectNothingElse(storage);
    }

    [Fact]
    public void A_check_finds_exactly_the_pieces_that_are_right()
    {
        var torrent = TestTorrent.Multi(
            Block, ("a", (5 * Block) + 77), ("empty", 0), ("b", 100), (".pad/0", (2 * Block) - 177), ("d/c", (40 * Block) + 1), ("e", 3 * Block));
        for (var seed = 0; seed < 5; seed++)
        {
            torrent.WriteTo(_folder.Path);
            var random = new Random(seed);
            var wrong = new HashSet<int>();
            for (var i = 0; i < 6; i++)
            {
                var file = torrent.Layout.Files[random.GetItems([0, 2, 4], 1)[0]];
                var at = random.NextInt64(file.Length);
                using var handle = File.OpenHandle(_folder[[.. file.Segments]], access: FileAccess.ReadWrite);
                RandomAccess.Write(handle, [(byte)(torrent.Content[file.Offset + at] ^ 0x55)], at);
                wrong.Add((int)((file.Offset + at) / Block));
            }
            // One file is gone and one is cut in its last byte.
            var last = torrent.Layout.Files[5];
            if (seed % 2 == 0)
                File.Delete(_folder[[.. last.Segments]]);
            else
                Cut(_folder[[.. last.Segments]]);
            var lost = torrent.Layout.PiecesOf(5)!.Value;
            wrong.UnionWith(Enumerable.Range(seed % 2 == 0 ? lost.First.Value : lost.Last.Value, seed % 2 == 0 ? lost.Last.Value - lost.First.Value + 1 : 1));

            var (have, progress) = Check(Start(torrent), torrent);
            Assert.Equal(Enumerable.Range(0, torrent.PieceCount).Except(wrong), have.Select(piece => piece.Value));
            Assert.Equal(torrent.PieceCount, progress[^1]);
            Assert.Equal(progress.Order(), progress);
            Directory.Delete(_folder["pack"], recursive: true);
        }

        static void Cut(string path)
        {
            using var file = File.OpenWrite(path);
            file.SetLength(file.Length - 1);
        }
    }

    [Fact]
    public void A_check_of_nothing_finds_nothing_and_makes_nothing()
    {
        var torrent = TestTorrent.Multi(Block, ("a", 500L * Block), ("empty", 0));
        var (have, progress) = Check(Start(torrent, folder: _folder["not-yet"]), torrent);
        Assert.Equal(0, have.SetCount);
        Assert.InRange(progress.Count, 1, 101);
        Assert.Empty(_folder.Everything());
    }

    [Fact]
    public void A_sparse_files_holes_are_missing_pieces_unless_zeros_are_right()
    {
        var torrent = TestTorrent.Multi(40 * Block, ("a", 70 * Block), (".pad/x", 50 * Block), ("b", 1000));
        using (var files = torrent.Files(_folder.Path))
            torrent.WritePiece(files, 0);
        var (have, _) = Check(Start(torrent), torrent);
        // The third piece lies wholly in the padding: zeros are what it holds.
        Assert.Equal([0, 2], have.Select(piece => piece.Value));
    }

    [Fact]
    public void After_a_complete_check_missing_empty_files_are_made_and_blocks_can_be_read()
    {
        var torrent = TestTorrent.Multi(2 * Block, ("a", 3 * Block), ("empty", 0));
        torrent.WriteTo(_folder.Path);
        File.Delete(_folder["pack", "empty"]);
        var storage = Start(torrent);
        Assert.True(Check(storage, torrent).Have.IsComplete);
        storage.Tell(StorageProtocol.Flush.Instance);
        ExpectMsg<StorageProtocol.Flushed>(Long);
        Assert.True(File.Exists(_folder["pack", "empty"]));
        foreach (var block in torrent.Blocks(0).Concat(torrent.Blocks(1)).Append(new BlockRequest(new PieceIndex(0), 5, 100)))
        {
            storage.Tell(new StorageProtocol.ReadBlock(block, TestActor));
            var read = ExpectMsg<StorageProtocol.BlockRead>(Long);
            Assert.Equal(block, read.Block);
            Assert.Equal(torrent.Block(block), read.Buffer.Memory.ToArray());
            read.Buffer.Dispose();
        }
    }

    [Fact]
    public void Pieces_written_while_a_check_runs_count_and_a_second_check_is_answered_with_the_first()
    {
        var torrent = TestTorrent.Single(Block, 3 * Block);
        var disk = CreateTestProbe();
        var storage = Start(torrent, disk: disk.Ref);
        storage.Tell(StorageProtocol.Check.Instance);
        storage.Tell(StorageProtocol.Check.Instance);
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        var check = disk.ExpectMsg<DiskProtocol.Submit>().Job.Run();
        Store(storage, torrent, 1, torrent.Blocks(1));
        ExpectMsg<StorageProtocol.BlocksStored>();
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        ExpectMsg<StorageProtocol.PieceVerified>();
        storage.Tell(check);
        ExpectMsg<StorageProtocol.CheckProgress>();
        Assert.Equal([1], ExpectMsg<StorageProtocol.Checked>().Have.Select(piece => piece.Value));
        ExpectNothingElse(storage);
    }

    [Fact]
    public void A_check_keeps_as_many_jobs_going_as_the_volume_has_workers()
    {
        var torrent = TestTorrent.Single(256 * Block, 6 * 256L * Block);
        var disk = CreateTestProbe();
        var storage = Start(torrent, _options with { WorkersPerVolume = 2 }, disk.Ref);
        storage.Tell(StorageProtocol.Check.Instance);
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        var jobs = new Queue<DiskJob>();
        jobs.Enqueue(disk.ExpectMsg<DiskProtocol.Submit>().Job);
        jobs.Enqueue(disk.ExpectMsg<DiskProtocol.Submit>().Job);
        for (var piece = 0; piece < 6; piece++)
        {
            disk.ExpectNoMsg(TimeSpan.Zero);
            storage.Tell(jobs.Dequeue().Run());
            Assert.Equal(piece + 1, ExpectMsg<StorageProtocol.CheckProgress>().PiecesChecked);
            if (piece < 4)
                jobs.Enqueue(disk.ExpectMsg<DiskProtocol.Submit>().Job);
        }
        Assert.True(ExpectMsg<StorageProtocol.Checked>().Have.IsEmpty);
    }

    [Fact]
    public void Blocks_that_are_not_there_or_not_sensible_are_unreadable()
    {
        var torrent = TestTorrent.Single(2 * Block, 4 * Block);
        var disk = CreateTestProbe();
        var storage = Start(torrent, disk: disk.Ref);
        Unreadable(new BlockRequest(new PieceIndex(0), 0, Block));
        Store(storage, torrent, 1, torrent.Blocks(0));
        ExpectMsg<StorageProtocol.BlocksStored>();
        var write = disk.ExpectMsg<DiskProtocol.Submit>().Job;
        // Full and matched, but not on disk yet.
        Unreadable(new BlockRequest(new PieceIndex(0), 0, Block));
        storage.Tell(write.Run());
        ExpectMsg<StorageProtocol.PieceVerified>();
        Unreadable(new BlockRequest(new PieceIndex(1), 0, Block));
        Unreadable(new BlockRequest(new PieceIndex(2), 0, Block));
        Unreadable(new BlockRequest(new PieceIndex(0), -1, Block));
        Unreadable(new BlockRequest(new PieceIndex(0), Block + 1, Block));
        Unreadable(new BlockRequest(new PieceIndex(0), int.MaxValue, Block));
        Unreadable(new BlockRequest(new PieceIndex(0), 0, 0));
        Unreadable(new BlockRequest(new PieceIndex(0), 0, int.MaxValue));
        storage.Tell(new StorageProtocol.ReadBlock(new BlockRequest(new PieceIndex(0), Block, Block), TestActor));
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        ExpectMsg<StorageProtocol.BlockRead>().Buffer.Dispose();

        void Unreadable(BlockRequest block)
        {
            storage.Tell(new StorageProtocol.ReadBlock(block, TestActor));
            Assert.Equal(block, ExpectMsg<StorageProtocol.BlockUnreadable>().Block);
        }
    }

    [Fact]
    public void Requests_read_together_lie_behind_room_for_their_heads()
    {
        var torrent = TestTorrent.Single(2 * Block, 3 * Block);
        torrent.WriteTo(_folder.Path);
        var disk = CreateTestProbe();
        var storage = Start(torrent, _options, disk.Ref);
        CheckBy(disk, storage);
        var piece = new PieceIndex(1);
        BlockRequest[] parts = [new(piece, 5, 100), new(piece, 105, 1), new(piece, 106, Block - 200)];
        var range = new BlockRequest(piece, 5, 101 + Block - 200);
        storage.Tell(new StorageProtocol.ReadBlock(range, TestActor) { Parts = parts });
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        var read = ExpectMsg<StorageProtocol.BlockRead>();
        Assert.Same(parts, read.Parts);
        using var buffer = read.Buffer;
        Assert.Equal(range.Length + (3 * PeerMessageWriter.BlockHeaderLength), buffer.Length);
        var rest = buffer.Memory;
        foreach (var part in parts)
        {
            rest = rest[PeerMessageWriter.BlockHeaderLength..];
            Assert.Equal(torrent.Block(part), rest[..part.Length].ToArray());
            rest = rest[part.Length..];
        }
        storage.Tell(new StorageProtocol.ReadBlock(range with { Offset = 2 * Block }, TestActor) { Parts = parts });
        Assert.Same(parts, ExpectMsg<StorageProtocol.BlockUnreadable>().Parts);
    }

    [Fact]
    public void Reads_past_the_bound_are_unreadable_until_others_are_answered()
    {
        var torrent = TestTorrent.Single(Block, Block);
        torrent.WriteTo(_folder.Path);
        var disk = CreateTestProbe();
        var storage = Start(torrent, _options with { QueuedReads = 2 }, disk.Ref);
        CheckBy(disk, storage);
        var block = torrent.Blocks(0).Single();
        for (var i = 0; i < 3; i++)
            storage.Tell(new StorageProtocol.ReadBlock(block, TestActor));
        ExpectMsg<StorageProtocol.BlockUnreadable>();
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        ExpectMsg<StorageProtocol.BlockRead>().Buffer.Dispose();
        storage.Tell(new StorageProtocol.ReadBlock(block, TestActor));
        for (var i = 0; i < 2; i++)
        {
            storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
            ExpectMsg<StorageProtocol.BlockRead>().Buffer.Dispose();
        }
    }

    [Fact]
    public void A_write_that_fails_is_told_once_kept_and_written_when_the_disk_works_again()
    {
        var torrent = TestTorrent.Multi(Block, ("a", 3 * Block));
        File.WriteAllText(_folder["pack"], "a file where a folder must be");
        var storage = Start(torrent);
        for (var piece = 0; piece < 3; piece++)
            Store(storage, torrent, piece, torrent.Blocks(piece));
        var fault = FishForMessage<StorageProtocol.DiskFailed>(_ => true).Fault;
        Assert.True(fault.IsFatal);
        Assert.Contains("not a folder", fault.Reason, StringComparison.Ordinal);
        storage.Tell(new StorageProtocol.Drain(1));
        FishForMessage<StorageProtocol.Drained>(_ => true);

        File.Delete(_folder["pack"]);
        var verified = new HashSet<int>();
        var recovered = false;
        while (verified.Count < 3 || !recovered)
        {
            switch (ExpectMsg<object>(Long))
            {
                case StorageProtocol.PieceVerified piece:
                    verified.Add(piece.Piece.Value);
                    Assert.Equal([piece.Piece.Value], piece.Contributors);
                    break;
                case StorageProtocol.DiskRecovered:
                    recovered = true;
                    break;
                default:
                    Assert.Fail("Only verified pieces and one recovery are due.");
                    break;
            }
        }
        Assert.Equal(torrent.Content, File.ReadAllBytes(_folder["pack", "a"]));
        Assert.Equal(0, _pieces!.Rented);
    }

    [Fact]
    public void While_the_disk_fails_pieces_are_held_and_tried_together_after_the_delay()
    {
        var torrent = TestTorrent.Multi(Block, ("a", 6 * Block));
        var disk = CreateTestProbe();
        var storage = Start(torrent, disk: disk.Ref);
        File.WriteAllText(_folder["pack"], "in the way");
        for (var piece = 0; piece < 3; piece++)
        {
            Store(storage, torrent, 1, torrent.Blocks(piece));
            ExpectMsg<StorageProtocol.BlocksStored>();
        }
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        ExpectMsg<StorageProtocol.DiskFailed>();
        // The others are only hashed.
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        // The round: everything once more. It fails again and nothing new is told.
        storage.Tell(Round().Run());
        File.Delete(_folder["pack"]);
        var again = Round();
        // What becomes full meanwhile is not lost when the round succeeds.
        Store(storage, torrent, 1, torrent.Blocks(3));
        ExpectMsg<StorageProtocol.BlocksStored>();
        storage.Tell(again.Run());
        for (var i = 0; i < 3; i++)
            ExpectMsg<StorageProtocol.PieceVerified>();
        ExpectMsg<StorageProtocol.DiskRecovered>();
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        Assert.Equal(3, ExpectMsg<StorageProtocol.PieceVerified>().Piece.Value);

        PieceJob Round()
        {
            var job = (PieceJob)disk.ExpectMsg<DiskProtocol.Submit>(Long).Job;
            Assert.Equal(3, job.Pieces.Count);
            return job;
        }
    }

    [Fact]
    public void A_bad_piece_is_told_while_the_disk_fails()
    {
        var torrent = TestTorrent.Multi(Block, ("a", 3 * Block));
        var storage = Start(torrent, _options with { RetryDelay = TimeSpan.FromHours(1) });
        File.WriteAllText(_folder["pack"], "in the way");
        Store(storage, torrent, 1, torrent.Blocks(0));
        ExpectMsg<StorageProtocol.BlocksStored>();
        ExpectMsg<StorageProtocol.DiskFailed>(Long);
        Store(storage, torrent, 2, torrent.Blocks(1), (_, bytes) => bytes.Span.Clear());
        ExpectMsg<StorageProtocol.BlocksStored>();
        Assert.Equal([2], ExpectMsg<StorageProtocol.PieceFailed>(Long).Contributors);
    }

    [Fact]
    public void Pieces_that_come_fast_are_hashed_and_written_in_groups()
    {
        var width = Sha1Group.Width;
        var torrent = TestTorrent.Single(Block, ((3L * width) + 2) * Block);
        var disk = CreateTestProbe();
        var storage = Start(torrent, _options with { HashWait = TimeSpan.FromHours(1) }, disk.Ref);
        StoreOne(0);
        // It came alone: it does not wait for others.
        var first = NextJob();
        Assert.Single(first.Pieces);
        for (var piece = 1; piece <= 2 * width; piece++)
            StoreOne(piece);
        storage.Tell(first.Run());
        Assert.Equal(0, ExpectMsg<StorageProtocol.PieceVerified>().Piece.Value);
        var group = NextJob();
        Assert.Equal(2 * width, group.Pieces.Count);
        StoreOne((2 * width) + 1);
        storage.Tell(group.Run());
        for (var piece = 1; piece <= 2 * width; piece++)
            Assert.Equal(piece, ExpectMsg<StorageProtocol.PieceVerified>().Piece.Value);
        // One piece would wait for an hour; the end does not.
        if (width > 1)
            disk.ExpectNoMsg(TimeSpan.Zero);
        storage.Tell(StorageProtocol.Flush.Instance);
        storage.Tell(NextJob().Run());
        Assert.Equal((2 * width) + 1, ExpectMsg<StorageProtocol.PieceVerified>().Piece.Value);

        void StoreOne(int piece)
        {
            Store(storage, torrent, 1, torrent.Blocks(piece));
            ExpectMsg<StorageProtocol.BlocksStored>();
        }

        PieceJob NextJob() => (PieceJob)disk.ExpectMsg<DiskProtocol.Submit>().Job;
    }

    [Fact]
    public void Pieces_of_a_group_are_told_and_their_memory_is_free_before_the_last_is_written()
    {
        const int Length = 128 * Block;
        var torrent = TestTorrent.Single(Length, 6L * Length);
        var disk = CreateTestProbe();
        var storage = Start(torrent, _options with { HashWait = TimeSpan.FromHours(1) }, disk.Ref);
        StoreOne(0);
        var first = NextJob();
        for (var piece = 1; piece <= 4; piece++)
            StoreOne(piece);
        storage.Tell(first.Run());
        Assert.Equal(0, ExpectMsg<StorageProtocol.PieceVerified>().Piece.Value);
        storage.Tell(StorageProtocol.Flush.Instance);
        var group = NextJob();
        Assert.Equal(4, group.Pieces.Count);
        var finished = group.Run();
        // 4 MiB of 8; the storage has not heard of the end yet.
        Assert.Equal(1, ExpectMsg<StorageProtocol.PieceVerified>().Piece.Value);
        Assert.Equal(2, ExpectMsg<StorageProtocol.PieceVerified>().Piece.Value);
        Assert.Equal(2, _pieces!.Rented);
        storage.Tell(finished);
        Assert.Equal(3, ExpectMsg<StorageProtocol.PieceVerified>().Piece.Value);
        Assert.Equal(4, ExpectMsg<StorageProtocol.PieceVerified>().Piece.Value);
        Assert.Equal(0, _pieces.Rented);

        void StoreOne(int piece)
        {
            Store(storage, torrent, 1, torrent.Blocks(piece));
            ExpectMsg<StorageProtocol.BlocksStored>();
        }

        PieceJob NextJob() => (PieceJob)disk.ExpectMsg<DiskProtocol.Submit>().Job;
    }

    [Fact]
    public void A_folder_taken_away_fails_writes_and_reads_until_it_is_back()
    {
        var torrent = TestTorrent.Single(Block, 3 * Block);
        var output = _folder["out"];
        var storage = Start(torrent, folder: output);
        Store(storage, torrent, 1, torrent.Blocks(0));
        ExpectMsg<StorageProtocol.BlocksStored>();
        ExpectMsg<StorageProtocol.PieceVerified>(Long);
        Directory.Move(output, _folder["away"]);
        Store(storage, torrent, 1, torrent.Blocks(1));
        ExpectMsg<StorageProtocol.BlocksStored>();
        Assert.False(ExpectMsg<StorageProtocol.DiskFailed>(Long).Fault.IsFatal);
        storage.Tell(new StorageProtocol.ReadBlock(torrent.Blocks(0).Single(), TestActor));
        ExpectMsg<StorageProtocol.BlockUnreadable>(Long);
        Directory.Move(_folder["away"], output);
        ExpectMsg<StorageProtocol.PieceVerified>(Long);
        ExpectMsg<StorageProtocol.DiskRecovered>(Long);
        storage.Tell(new StorageProtocol.ReadBlock(torrent.Blocks(0).Single(), TestActor));
        ExpectMsg<StorageProtocol.BlockRead>(Long).Buffer.Dispose();
    }

    [Fact]
    public void A_read_that_fails_is_told_and_recovery_too_without_anyone_reading()
    {
        var torrent = TestTorrent.Single(Block, 2 * Block);
        torrent.WriteTo(_folder.Path);
        var storage = Start(torrent);
        Assert.True(Check(storage, torrent).Have.IsComplete);
        storage.Tell(StorageProtocol.Flush.Instance);
        ExpectMsg<StorageProtocol.Flushed>(Long);
        File.Move(_folder["single.bin"], _folder["away"]);
        for (var i = 0; i < 2; i++)
            storage.Tell(new StorageProtocol.ReadBlock(torrent.Blocks(i).Single(), TestActor));
        var told = Enumerable.Range(0, 3).Select(_ => ExpectMsg<object>(Long)).ToArray();
        Assert.Equal("read", Assert.Single(told.OfType<StorageProtocol.DiskFailed>()).Fault.Operation);
        Assert.Equal(2, told.OfType<StorageProtocol.BlockUnreadable>().Count());
        File.Move(_folder["away"], _folder["single.bin"]);
        ExpectMsg<StorageProtocol.DiskRecovered>(Long);
    }

    [Fact]
    public void A_link_out_of_the_folder_is_a_fatal_fault_and_nothing_outside_is_touched()
    {
        using var outside = new TempFolder();
        Directory.CreateSymbolicLink(_folder["pack"], outside.Path);
        var torrent = TestTorrent.Multi(Block, ("a", Block));
        var storage = Start(torrent);
        Store(storage, torrent, 1, torrent.Blocks(0));
        ExpectMsg<StorageProtocol.BlocksStored>();
        Assert.True(ExpectMsg<StorageProtocol.DiskFailed>(Long).Fault.IsFatal);
        Assert.Empty(outside.Everything());
    }

    [Fact]
    public void After_the_files_were_deleted_a_new_check_lets_them_be_made_again()
    {
        var torrent = TestTorrent.Single(Block, 2 * Block);
        var storage = Start(torrent);
        Store(storage, torrent, 1, torrent.Blocks(0));
        ExpectMsg<StorageProtocol.BlocksStored>();
        ExpectMsg<StorageProtocol.PieceVerified>(Long);
        File.Delete(_folder["single.bin"]);
        Assert.True(Check(storage, torrent).Have.IsEmpty);
        for (var piece = 0; piece < 2; piece++)
        {
            Store(storage, torrent, 1, torrent.Blocks(piece));
            Assert.Equal(0, ExpectMsg<StorageProtocol.BlocksStored>().WastedBytes);
            ExpectMsg<StorageProtocol.PieceVerified>(Long);
        }
        Assert.Equal(torrent.Content, File.ReadAllBytes(_folder["single.bin"]));
    }

    [Fact]
    public void Files_not_wanted_are_not_made_and_a_check_finds_their_border_pieces_again()
    {
        var torrent = TestTorrent.Multi(2 * Block, ("a", Block), ("b", 2 * Block), ("c", 3 * Block));
        var storage = Start(torrent, wanted: new HashSet<int> { 0 });
        Store(storage, torrent, 1, torrent.Blocks(0));
        ExpectMsg<StorageProtocol.BlocksStored>();
        ExpectMsg<StorageProtocol.PieceVerified>(Long);
        Assert.Equal([$".{torrent.InfoHash}.parts", "pack", "pack/a"], _folder.Everything());
        var (have, _) = Check(Start(torrent, wanted: new HashSet<int> { 0 }), torrent);
        Assert.Equal([0], have.Select(piece => piece.Value));
    }

    [Fact]
    public void Flushed_waits_for_what_is_pending_and_then_the_files_are_closed()
    {
        var torrent = TestTorrent.Single(Block, 2 * Block);
        var disk = CreateTestProbe();
        var storage = Start(torrent, disk: disk.Ref);
        Store(storage, torrent, 1, torrent.Blocks(0));
        ExpectMsg<StorageProtocol.BlocksStored>();
        storage.Tell(StorageProtocol.Flush.Instance);
        var write = disk.ExpectMsg<DiskProtocol.Submit>().Job;
        ExpectNothingElse(storage);
        disk.ExpectNoMsg(TimeSpan.Zero);
        storage.Tell(write.Run());
        ExpectMsg<StorageProtocol.PieceVerified>();
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        ExpectMsg<StorageProtocol.Flushed>();
    }

    [Fact]
    public void Flushed_does_not_wait_for_a_disk_that_failed()
    {
        var torrent = TestTorrent.Multi(Block, ("a", Block));
        File.WriteAllText(_folder["pack"], "in the way");
        var storage = Start(torrent, _options with { RetryDelay = TimeSpan.FromHours(1) });
        Store(storage, torrent, 1, torrent.Blocks(0));
        ExpectMsg<StorageProtocol.BlocksStored>();
        ExpectMsg<StorageProtocol.DiskFailed>(Long);
        storage.Tell(StorageProtocol.Flush.Instance);
        ExpectMsg<StorageProtocol.Flushed>(Long);
    }

    [Fact]
    public void A_stop_returns_every_buffer_and_cancels_what_waits()
    {
        var torrent = TestTorrent.Single(2 * Block, 8 * Block);
        var disk = CreateTestProbe();
        var storage = Start(torrent, disk: disk.Ref);
        Watch(storage);
        Store(storage, torrent, 1, torrent.Blocks(0));
        Store(storage, torrent, 1, torrent.Blocks(1).Take(1));
        ExpectMsg<StorageProtocol.BlocksStored>();
        ExpectMsg<StorageProtocol.BlocksStored>();
        var write = disk.ExpectMsg<DiskProtocol.Submit>().Job;
        Assert.Equal(2, _pieces!.Rented);
        Sys.Stop(storage);
        ExpectTerminated(storage);
        Assert.Equal(1, _pieces.Rented);
        Assert.NotNull(write.Run().Job.Fault);
        Assert.Equal((0, 0), (_pieces.Rented, _slabs.Rented));
        Assert.Empty(_folder.Everything());
        Assert.Null(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run().Job.Fault);
    }

    [Fact]
    public void After_a_crash_buffers_are_back_readers_are_answered_and_the_disk_is_checked_unasked()
    {
        var torrent = TestTorrent.Single(2 * Block, 4 * Block);
        torrent.WriteTo(_folder.Path);
        var disk = CreateTestProbe();
        var storage = Start(torrent, disk: disk.Ref);
        CheckBy(disk, storage);
        storage.Tell(new StorageProtocol.ReadBlock(torrent.Blocks(0).First(), TestActor));
        var read = disk.ExpectMsg<DiskProtocol.Submit>().Job;
        storage.Tell(new StorageProtocol.StoreBlocks(null!));
        // The instance that crashed closes its files; the new one looks anew.
        disk.ExpectMsg<DiskProtocol.Submit>().Job.Run();
        var rescan = disk.ExpectMsg<DiskProtocol.Submit>().Job;
        storage.Tell(read.Run());
        ExpectMsg<StorageProtocol.BlockUnreadable>();
        storage.Tell(rescan.Run());
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        ExpectMsg<StorageProtocol.CheckProgress>();
        Assert.True(ExpectMsg<StorageProtocol.Checked>().Have.IsComplete);
        Assert.Equal((0, 0), (_pieces!.Rented, _slabs.Rented));
    }

    [Fact]
    public void Pieces_at_work_use_the_same_few_buffers()
    {
        var torrent = TestTorrent.Single(4 * Block, 400L * Block);
        var storage = Start(torrent);
        for (var piece = 0; piece < torrent.PieceCount; piece++)
        {
            Store(storage, torrent, 1, torrent.Blocks(piece));
            ExpectMsg<StorageProtocol.BlocksStored>();
            ExpectMsg<StorageProtocol.PieceVerified>(Long);
        }
        Assert.Equal((0, 0), (_pieces!.Rented, _slabs.Rented));
        Assert.InRange(_pieces.Made, 1, 2);
        Assert.Equal(torrent.Content, File.ReadAllBytes(_folder["single.bin"]));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _folder.Dispose();
    }

    private IActorRef Start(
        TestTorrent torrent, StorageOptions? options = null, IActorRef? disk = null, string? folder = null, IReadOnlySet<int>? wanted = null)
    {
        _pieces = new PieceBufferPool(torrent.Layout.PieceLength, kept: 4);
        var props = StorageActor.Props(
            torrent.Layout,
            torrent.Hashes,
            torrent.InfoHash,
            folder ?? _folder.Path,
            wanted,
            options ?? _options,
            disk ?? Sys.ActorOf(DiskActor.Props(_options)),
            _pieces);
        var listener = TestActor;
        return Sys.ActorOf(Props.Create(() => new Relay(props, listener)));
    }

    private void Store(
        IActorRef storage, TestTorrent torrent, int peer, IEnumerable<BlockRequest> blocks, Action<BlockRequest, Memory<byte>>? spoil = null) =>
        storage.Tell(new StorageProtocol.StoreBlocks(torrent.Batch(_slabs, peer, blocks, spoil)));

    private (Bitfield Have, List<int> Progress) Check(IActorRef storage, TestTorrent torrent)
    {
        var progress = new List<int>();
        storage.Tell(StorageProtocol.Check.Instance);
        while (true)
        {
            switch (ExpectMsg<object>(Long))
            {
                case StorageProtocol.CheckProgress step:
                    Assert.Equal(torrent.PieceCount, step.PiecesTotal);
                    progress.Add(step.PiecesChecked);
                    break;
                case StorageProtocol.Checked done:
                    return (done.Have, progress);
                case var other:
                    Assert.Fail($"{other} is not due during a check.");
                    break;
            }
        }
    }

    /// <summary>What is told in answer to an order given later comes later: nothing came in between.</summary>
    private void ExpectNothingElse(IActorRef storage)
    {
        storage.Tell(new StorageProtocol.Drain(-1));
        Assert.Equal(-1, ExpectMsg<StorageProtocol.Drained>().Peer);
    }

    /// <summary>Runs the jobs of a check, and of the completion after it, by hand.</summary>
    private void CheckBy(TestProbe disk, IActorRef storage)
    {
        storage.Tell(StorageProtocol.Check.Instance);
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
        ExpectMsg<StorageProtocol.CheckProgress>();
        Assert.True(ExpectMsg<StorageProtocol.Checked>().Have.IsComplete);
        storage.Tell(disk.ExpectMsg<DiskProtocol.Submit>().Job.Run());
    }
}
