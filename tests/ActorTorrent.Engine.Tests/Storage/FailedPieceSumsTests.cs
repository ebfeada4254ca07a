using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Tests.Storage;

public sealed class FailedPieceSumsTests
{
    private const int Block = FileLayout.BlockLength;

    private readonly TestTorrent _torrent = TestTorrent.Single(4 * Block, (12 * Block) - 100);
    private readonly PieceBufferPool _pool = new(4 * Block, 4);

    [Fact]
    public void Only_who_sent_a_block_that_differs_is_guilty()
    {
        var sums = new FailedPieceSums(100);
        sums.Remember(Piece(0, [1, 2, 3, 1], spoiled: [1]));
        Assert.Equal([2], sums.Judge(Piece(0, [9, 9, 9, 9])));
        Assert.Equal(0, sums.Count);
        Assert.Empty(sums.Judge(Piece(0, [9, 9, 9, 9])));
    }

    [Fact]
    public void Every_failed_copy_testifies_and_other_pieces_do_not()
    {
        var sums = new FailedPieceSums(100);
        sums.Remember(Piece(0, [1, 2, 3, 4], spoiled: [0]));
        sums.Remember(Piece(1, [5, 5, 5, 5], spoiled: [2]));
        sums.Remember(Piece(0, [4, 3, 2, 1], spoiled: [1, 3]));
        Assert.Equal([1, 3], sums.Judge(Piece(0, [9, 9, 9, 9])).Order());
        Assert.Equal([5], sums.Judge(Piece(1, [9, 9, 9, 9])));
    }

    [Fact]
    public void Nobody_is_guilty_of_a_block_of_an_earlier_run()
    {
        var sums = new FailedPieceSums(100);
        var failed = Piece(0, [1, PieceBuffer.Unknown, 3, PieceBuffer.Unknown], spoiled: [1, 2]);
        Assert.True(failed.HasUnknown);
        Assert.Equal([1, 3], failed.Contributors().Order());
        sums.Remember(failed);
        Assert.Equal([3], sums.Judge(Piece(0, [9, 9, 9, 9])));
    }

    [Fact]
    public void The_short_last_block_counts_too()
    {
        var sums = new FailedPieceSums(100);
        sums.Remember(Piece(2, [1, 2, 3, 4], spoiled: [3]));
        Assert.Equal([4], sums.Judge(Piece(2, [9, 9, 9, 9])));
    }

    [Fact]
    public void The_piece_that_failed_longest_ago_is_forgotten_first()
    {
        var sums = new FailedPieceSums(8);
        sums.Remember(Piece(0, [1, 1, 1, 1], spoiled: [0]));
        sums.Remember(Piece(1, [2, 2, 2, 2], spoiled: [0]));
        sums.Remember(Piece(2, [3, 3, 3, 3], spoiled: [0]));
        Assert.Equal(8, sums.Count);
        Assert.Empty(sums.Judge(Piece(0, [9, 9, 9, 9])));
        Assert.Equal([2], sums.Judge(Piece(1, [9, 9, 9, 9])));
        Assert.Equal([3], sums.Judge(Piece(2, [9, 9, 9, 9])));
    }

    [Fact]
    public void Copies_of_one_piece_are_bounded()
    {
        var sums = new FailedPieceSums(1000);
        for (var i = 0; i < 50; i++)
            sums.Remember(Piece(0, [i, i, i, i], spoiled: [0]));
        Assert.Equal(32, sums.Count);
        Assert.Equal(Enumerable.Range(42, 8), sums.Judge(Piece(0, [99, 99, 99, 99])).Order());
    }

    private PieceBuffer Piece(int piece, int[] peers, int[]? spoiled = null)
    {
        var buffer = _pool.Rent(new PieceIndex(piece), _torrent.Layout.PieceSize(new PieceIndex(piece)));
        foreach (var block in _torrent.Blocks(piece))
        {
            var bytes = _torrent.Block(block);
            if (spoiled?.Contains(block.Block) == true)
                bytes[^1] ^= 1;
            Assert.True(buffer.TryStore(block.Offset, bytes, peers[block.Block]));
        }
        return buffer;
    }
}
