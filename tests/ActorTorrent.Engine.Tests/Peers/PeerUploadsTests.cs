using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Peers;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.TestKit;
using Akka.TestKit.Xunit2;

namespace ActorTorrent.Engine.Tests.Peers;

/// <summary>What goes from the disk to one peer.</summary>
public sealed class PeerUploadsTests : TestKit
{
    private const int Block = FileLayout.BlockLength;

    private readonly GeneratedContent _content = new("content", 5, 256 << 10, [new("a.bin", 1 << 20)]);
    private readonly TestProbe _storage;
    private readonly TestProbe _connection;
    private readonly PeerUploads _uploads;

    public PeerUploadsTests()
    {
        _storage = CreateTestProbe();
        _connection = CreateTestProbe();
        _uploads = Uploads(firstWindow: 8 * Block);
    }

    [Fact]
    public void Blocks_side_by_side_are_read_at_once_up_to_a_bound_and_within_the_window()
    {
        Ask(0, 1, 2, 3, 4, 5, 6, 7, 8);
        _uploads.Pump();
        var read = ReadMessage();
        Assert.Equal(Range(0, 4), read.Block);
        Assert.Equal(Range(4, 4), Read());
        _storage.ExpectNoMsg(TimeSpan.Zero);
        Answer(read);
        Assert.Equal(4, _connection.ExpectMsg<PeerConnectionProtocol.SendBlocks>().Run.Blocks.Count);
        _uploads.Sent(4 * Block, 4 * Block, TimeSpan.Zero);
        Assert.Equal(Range(8, 1), Read());
        Assert.Equal(4 * Block, _uploads.Uploaded);
    }

    [Fact]
    public void Blocks_apart_are_read_apart()
    {
        Ask(0, 2);
        Assert.True(_uploads.Enqueue(new BlockRequest(new PieceIndex(1), 3 * Block, Block)));
        _uploads.Pump();
        Assert.Equal(Range(0, 1), Read());
        Assert.Equal(Range(2, 1), Read());
        Assert.Equal(new BlockRequest(new PieceIndex(1), 3 * Block, Block), Read());
    }

    [Fact]
    public void What_is_taken_back_while_it_is_read_is_not_sent_and_makes_room()
    {
        Ask(0, 1, 2, 3, 4, 5, 6, 7, 8);
        _uploads.Pump();
        var read = ReadMessage();
        Assert.Equal(Range(0, 4), read.Block);
        Assert.Equal(Range(4, 4), Read());
        _uploads.Cancel(BlockAt(1));
        Rejected(BlockAt(1));
        Answer(read);
        var sent = _connection.ExpectMsg<PeerConnectionProtocol.SendBlocks>();
        Assert.Equal([BlockAt(0), BlockAt(2), BlockAt(3)], sent.Run.Blocks);
        Assert.Equal([BlockAt(0), BlockAt(1), BlockAt(2), BlockAt(3)], sent.Run.Parts);
        sent.Buffer.Dispose();
        _uploads.Sent(3 * Block, 3 * Block, TimeSpan.Zero);
        Assert.Equal(Range(8, 1), Read());
    }

    [Fact]
    public void A_read_of_which_all_is_taken_back_goes_nowhere()
    {
        Ask(0, 1);
        _uploads.Pump();
        var read = ReadMessage();
        _uploads.Cancel(BlockAt(0));
        _uploads.Cancel(BlockAt(1));
        Rejected(BlockAt(0), BlockAt(1));
        using var buffer = new ReadBuffer(2 * Block);
        Assert.False(_uploads.Send(new StorageProtocol.BlockRead(Range(0, 2), buffer) { Parts = read.Parts }));
        _connection.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void An_answer_to_an_earlier_session_is_let_go()
    {
        using var buffer = new ReadBuffer(Block);
        Assert.False(_uploads.Send(new StorageProtocol.BlockRead(Range(0, 1), buffer)));
        _uploads.Unreadable(new StorageProtocol.BlockUnreadable(Range(0, 1)));
        Ask(0, 1, 2, 3, 4, 5, 6, 7);
        _uploads.Pump();
        Assert.Equal(Range(0, 4), Read());
        Assert.Equal(Range(4, 4), Read());
        // The same bytes, though perhaps cut otherwise: how they lie in that buffer is another session's.
        Assert.False(_uploads.Send(new StorageProtocol.BlockRead(Range(0, 4), buffer) { Parts = [Range(0, 4)] }));
        _connection.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void What_cannot_be_read_is_rejected_block_by_block()
    {
        Ask(0, 1, 2);
        _uploads.Pump();
        var read = ReadMessage();
        _uploads.Unreadable(new StorageProtocol.BlockUnreadable(Range(0, 3)) { Parts = read.Parts });
        Rejected(BlockAt(0), BlockAt(1), BlockAt(2));
        Assert.True(_uploads.Enqueue(BlockAt(0)));
    }

    [Fact]
    public void A_choke_rejects_what_waits_and_not_what_is_being_read()
    {
        Ask(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        _uploads.Pump();
        var read = ReadMessage();
        _uploads.SetChoke(true);
        Rejected(BlockAt(8), BlockAt(9));
        Assert.False(_uploads.Enqueue(BlockAt(10)));
        Rejected(BlockAt(10));
        Answer(read);
        Assert.Equal(4, _connection.ExpectMsg<PeerConnectionProtocol.SendBlocks>().Run.Blocks.Count);
    }

    [Fact]
    public void Odd_lengths_and_overlaps_are_served_as_asked()
    {
        var piece = new PieceIndex(0);
        BlockRequest[] odd = [new(piece, 0, 100), new(piece, 100, 28), new(piece, 100, 29), new(piece, 129, Block)];
        Assert.All(odd, block => Assert.True(_uploads.Enqueue(block)));
        _uploads.Pump();
        Assert.Equal(new BlockRequest(piece, 0, 128), Read());
        Assert.Equal(new BlockRequest(piece, 100, 29 + Block), Read());
    }

    [Fact]
    public void Who_asks_for_single_bytes_keeps_no_disk_for_long()
    {
        Assert.All(Enumerable.Range(0, 65), at => Assert.True(_uploads.Enqueue(new BlockRequest(new PieceIndex(0), at, 1))));
        _uploads.Pump();
        Assert.Equal(64, ReadMessage().Parts!.Count);
        Assert.Equal(new BlockRequest(new PieceIndex(0), 64, 1), Read());
    }

    [Fact]
    public void The_window_grows_by_what_the_peer_takes_and_not_beyond_its_bound()
    {
        var uploads = Uploads(firstWindow: 2 * Block);
        Assert.All(Enumerable.Range(0, 32), block => Assert.True(uploads.Enqueue(BlockAt(block))));
        uploads.Pump();
        Assert.Equal(Range(0, 2), Read());
        _storage.ExpectNoMsg(TimeSpan.Zero);
        // So far only our own system has taken it.
        uploads.Sent(2 * Block, acknowledged: 0, TimeSpan.Zero);
        Assert.Equal(Range(2, 2), Read());
        _storage.ExpectNoMsg(TimeSpan.Zero);
        uploads.Sent(2 * Block, acknowledged: 2 * Block, TimeSpan.Zero);
        Assert.Equal(Range(4, 4), Read());
        _storage.ExpectNoMsg(TimeSpan.Zero);
        uploads.Sent(4 * Block, acknowledged: 7 * Block, TimeSpan.Zero);
        Assert.Equal([Range(8, 4), Range(12, 4)], new[] { Read(), Read() });
        _storage.ExpectNoMsg(TimeSpan.Zero);
        uploads.Sent(8 * Block, acknowledged: 16 * Block, TimeSpan.Zero);
        Assert.Equal([Range(16, 4), Range(20, 4)], new[] { Read(), Read() });
        _storage.ExpectNoMsg(TimeSpan.Zero);
    }

    private PeerUploads Uploads(int firstWindow)
    {
        var environment = new PeerEnvironment(
            _content.Metainfo.InfoHash,
            PeerId.Create(new Random(1)),
            _content.Metainfo.Layout,
            new PeerOptions { FirstUploadWindowBytes = firstWindow, UploadWindowBytes = 8 * Block, UploadReadBytes = 4 * Block },
            _storage.Ref,
            new SlabPool(1 << 17, 4),
            ListenPort: 1,
            TimeProvider.System);
        var uploads = new PeerUploads(environment, 1, _connection.Ref, TestActor) { CanReject = true };
        uploads.SetChoke(false);
        return uploads;
    }

    private static BlockRequest BlockAt(int block) => Range(block, 1);

    private static BlockRequest Range(int first, int count) => new(new PieceIndex(0), first * Block, count * Block);

    private void Ask(params int[] blocks) => Assert.All(blocks, block => Assert.True(_uploads.Enqueue(BlockAt(block))));

    private StorageProtocol.ReadBlock ReadMessage() => _storage.ExpectMsg<StorageProtocol.ReadBlock>();

    private BlockRequest Read() => ReadMessage().Block;

    private void Answer(StorageProtocol.ReadBlock read) =>
        Assert.True(_uploads.Send(new StorageProtocol.BlockRead(read.Block, new ReadBuffer(read.Block.Length)) { Parts = read.Parts }));

    private void Rejected(params BlockRequest[] blocks)
    {
        _uploads.TellRefused();
        Assert.Equal(blocks.Select(static block => PeerMessage.Reject(block)), _connection.ExpectMsg<PeerConnectionProtocol.Send>().Messages);
    }
}
