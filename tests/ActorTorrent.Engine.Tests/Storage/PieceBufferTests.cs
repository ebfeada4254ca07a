using System.Security.Cryptography;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Storage;

public sealed class PieceBufferTests
{
    private const int Block = FileLayout.BlockLength;

    private static readonly PieceIndex Zero = new(0);

    [Fact]
    public void Blocks_in_any_order_make_the_piece()
    {
        var samples =
            from size in Gen.Choose(1, 9 * Block)
            from seed in Gen.Choose(0, int.MaxValue - 1)
            select (size, seed);
        var pool = new PieceBufferPool(9 * Block, kept: 1);
        Prop.ForAll(samples.ToArbitrary(), sample =>
        {
            var torrent = TestTorrent.Single(9 * Block, sample.size, sample.seed);
            var random = new Random(sample.seed);
            var buffer = pool.Rent(Zero, sample.size);
            foreach (var block in torrent.Blocks(0).OrderBy(_ => random.Next()))
            {
                Assert.False(buffer.IsFull);
                Assert.True(buffer.TryStore(block.Offset, torrent.Block(block), peer: block.Block));
                Assert.False(buffer.TryStore(block.Offset, new byte[block.Length], peer: 99));
            }
            Assert.True(buffer.IsFull);
            Assert.True(torrent.Hashes.Matches(Zero, SHA1.HashData(buffer.Bytes)));
            Assert.True(buffer.HashInput.Span == buffer.Bytes);
            Assert.Equal(Enumerable.Range(0, buffer.BlockCount), buffer.Contributors().Order());
            buffer.Release();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
        Assert.Equal(0, pool.Rented);
    }

    [Theory]
    [InlineData(1, Block)]
    [InlineData(Block, Block - 1)]
    [InlineData(Block, Block + 1)]
    [InlineData(-Block, Block)]
    [InlineData(2 * Block, Block)]
    [InlineData(2 * Block, 11)]
    [InlineData(3 * Block, 10)]
    [InlineData(0, 0)]
    public void What_is_no_block_of_the_piece_is_refused(int offset, int length)
    {
        var buffer = new PieceBufferPool(4 * Block, 1).Rent(Zero, (2 * Block) + 10);
        Assert.False(buffer.TryStore(offset, new byte[length], 1));
        Assert.Empty(buffer.Contributors());
    }

    [Fact]
    public void A_buffer_used_again_remembers_nothing()
    {
        var pool = new PieceBufferPool(2 * Block, 1);
        var first = pool.Rent(Zero, 2 * Block);
        first.TryStore(0, new byte[Block], 7);
        first.Release();
        var torrent = TestTorrent.Single(2 * Block, 2 * Block);
        var second = pool.Rent(Zero, 2 * Block);
        Assert.Same(first, second);
        foreach (var block in torrent.Blocks(0))
            Assert.True(second.TryStore(block.Offset, torrent.Block(block), 8));
        Assert.True(torrent.Piece(0).SequenceEqual(second.Bytes));
        Assert.Equal([8], second.Contributors());
    }

    [Fact]
    public void The_last_reference_returns_it_and_one_more_is_an_error()
    {
        var pool = new PieceBufferPool(Block, 1);
        var buffer = pool.Rent(Zero, Block);
        buffer.AddReference();
        buffer.Release();
        Assert.Equal(1, pool.Rented);
        buffer.Release();
        Assert.Equal(0, pool.Rented);
        Assert.Throws<InvalidOperationException>(buffer.Release);
    }

    [Fact]
    public void Blocks_on_disk_are_of_one_use_only()
    {
        var pool = new PieceBufferPool(3 * Block, 1);
        var buffer = pool.Rent(Zero, 3 * Block);
        buffer.TryStore(0, new byte[Block], 1);
        buffer.TryStore(2 * Block, new byte[Block], 1);
        Assert.Equal([0, 2], buffer.Filled().Select(block => block.Value));
        Assert.True(buffer.Kept().IsEmpty);
        buffer.Keep(buffer.Filled());
        buffer.TryStore(Block, new byte[Block], 1);
        Assert.Equal([0, 2], buffer.Kept().Select(block => block.Value));
        var use = buffer.Use;
        buffer.Release();
        Assert.Same(buffer, pool.Rent(Zero, 3 * Block));
        Assert.NotEqual(use, buffer.Use);
        Assert.True(buffer.Kept().IsEmpty);
        buffer.Release();
    }

    [Fact]
    public void Putting_pieces_together_does_not_allocate_a_block_or_a_piece()
    {
        const int Blocks = 16;
        var pool = new PieceBufferPool(Blocks * Block, kept: 1);
        var data = new byte[Block];
        // Less than one block in a hundred pieces: the array pool may make itself a bucket at any time.
        Assert.InRange(
            Allocation.LeastOf(() =>
            {
                for (var i = 0; i < 100; i++)
                    AssemblePiece();
            }),
            0, Block - 1);

        void AssemblePiece()
        {
            var buffer = pool.Rent(Zero, Blocks * Block);
            for (var block = 0; block < Blocks; block++)
                buffer.TryStore(block * Block, data, 1);
            buffer.Release();
        }
    }
}
