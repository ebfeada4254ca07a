using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Tests.Storage;

public sealed class PieceBufferPoolTests
{
    private const int Block = FileLayout.BlockLength;

    [Theory]
    [InlineData(Block, 1030)]
    [InlineData(3 * Block, 400)]
    [InlineData(1 << 20, 40)]
    [InlineData((1 << 20) + Block, 24)]
    [InlineData(2 << 20, 16)]
    [InlineData((5 << 20) + 1, 8)]
    public void Buffers_are_apart_however_many_there_are(int pieceLength, int count)
    {
        var pool = new PieceBufferPool(pieceLength, kept: count / 2);
        for (var round = 0; round < 2; round++)
        {
            var buffers = Enumerable.Range(0, count).Select(piece => pool.Rent(new PieceIndex(piece), pieceLength)).ToArray();
            for (var i = 0; i < count; i++)
                Fill(buffers[i], (byte)(i + round));
            for (var i = 0; i < count; i++)
            {
                Assert.Equal(pieceLength, buffers[i].Bytes.Length);
                Assert.False(buffers[i].Bytes.ContainsAnyExcept((byte)(i + round)));
            }
            // Some while others are still out.
            foreach (var buffer in buffers.Where((_, i) => i % 2 == 0))
                buffer.Release();
            pool.Trim();
            Assert.All(buffers.Where((_, i) => i % 2 == 1), buffer => Assert.False(buffer.Bytes.ContainsAnyExcept(buffer.Bytes[0])));
            foreach (var buffer in buffers.Where((_, i) => i % 2 == 1))
                buffer.Release();
            Assert.Equal(0, pool.Rented);
        }
        pool.Trim();
    }

    [Fact]
    public void What_came_back_last_is_lent_first()
    {
        var pool = new PieceBufferPool(4 << 20, kept: 4);
        var buffers = Enumerable.Range(0, 6).Select(piece => pool.Rent(new PieceIndex(piece), 4 << 20)).ToArray();
        foreach (var buffer in buffers)
            buffer.Release();
        Assert.Equal(6, pool.Made);
        Assert.Same(buffers[3], pool.Rent(new PieceIndex(9), 4 << 20));
        Assert.Same(buffers[2], pool.Rent(new PieceIndex(10), 4 << 20));
        Assert.Equal(6, pool.Made);
    }

    private static void Fill(PieceBuffer buffer, byte with)
    {
        var data = new byte[Block];
        Array.Fill(data, with);
        for (var offset = 0; offset < buffer.Size; offset += Block)
            Assert.True(buffer.TryStore(offset, data.AsSpan(0, Math.Min(Block, buffer.Size - offset)), peer: 1));
        Assert.True(buffer.IsFull);
    }
}
