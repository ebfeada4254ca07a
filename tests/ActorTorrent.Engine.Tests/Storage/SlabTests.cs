using ActorTorrent.Engine.Peers;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Tests.Storage;

public sealed class SlabTests
{
    [Fact]
    public void Memory_comes_back_with_the_last_reference_and_is_used_again()
    {
        var pool = new SlabPool(1024, kept: 2);
        var slab = pool.Rent();
        slab.Memory.Span[0] = 42;
        slab.AddReference();
        slab.Release();
        Assert.Equal((1, 1024), (pool.Rented, slab.Memory.Length));
        slab.Release();
        Assert.Equal((0, 0), (pool.Rented, slab.Memory.Length));
        Assert.Throws<InvalidOperationException>(slab.Release);
        var again = pool.Rent();
        Assert.Equal((slab, (byte)42), (again, again.Memory.Span[0]));
    }

    [Fact]
    public void A_long_message_gets_a_slab_of_its_own_size()
    {
        var pool = new SlabPool(1024, kept: 2);
        var slab = pool.Rent(5000);
        Assert.Equal((1, 5000), (pool.Rented, slab.Memory.Length));
        slab.Release();
        Assert.Equal(0, pool.Rented);
        Assert.Equal(1024, pool.Rent().Memory.Length);
    }

    [Fact]
    public void A_few_bytes_get_a_small_slab_which_is_used_again_for_the_like()
    {
        var pool = new SlabPool(1 << 17, kept: 2);
        var small = pool.RentFor(68);
        Assert.Equal(pool.SmallLength, small.Memory.Length);
        small.Release();
        Assert.Same(small, pool.RentFor(pool.SmallLength));
        Assert.Equal(1 << 17, pool.RentFor(pool.SmallLength + 1).Memory.Length);
        Assert.Equal(1 << 17, pool.Rent().Memory.Length);
        Assert.Equal(1 << 18, pool.RentFor(1 << 18).Memory.Length);
        Assert.Equal(4, pool.Rented);
    }

    [Fact]
    public void One_message_gets_a_slab_of_about_its_length()
    {
        var pool = new SlabPool(1 << 17, kept: 2);
        var medium = pool.RentForOne(FileLayout.BlockLength + 13);
        Assert.Equal(pool.MediumLength, medium.Memory.Length);
        medium.Release();
        Assert.Same(medium, pool.RentForOne(pool.MediumLength));
        Assert.Equal(pool.SmallLength, pool.RentForOne(5).Memory.Length);
        Assert.Equal(1 << 17, pool.RentForOne(pool.MediumLength + 1).Memory.Length);
        Assert.Equal(3, pool.Rented);
    }

    [Fact]
    public void A_batch_holds_its_slab_until_its_data_is_released_and_keeps_the_places()
    {
        var pool = new SlabPool(1024, kept: 2);
        var slab = pool.Rent();
        var batch = new BlockBatch(peer: 3, slab, capacity: 1);
        slab.Release();
        for (var i = 0; i < 3; i++)
            batch.Add(new ReceivedBlock(new BlockRequest(new PieceIndex(i), 0, 10), slab.Memory.Slice(i * 10, 10)));
        Assert.Equal(1, pool.Rented);
        batch.ReleaseData();
        batch.ReleaseData();
        Assert.Equal(0, pool.Rented);
        Assert.Equal([0, 1, 2], batch.Blocks.ToArray().Select(block => block.Block.Piece.Value));
    }

    [Fact]
    public async Task A_recycled_batch_is_used_again_for_other_blocks_with_its_messages()
    {
        var slabs = new SlabPool(1024, kept: 2);
        var slab = slabs.Rent();
        var pool = new BlockBatchPool();
        var credit = new ReceiveCredit(1, ActorRefs.Nobody);
        await credit.TakeAsync();
        var batch = pool.Rent(peer: 3, slab, credit);
        batch.Add(new ReceivedBlock(new BlockRequest(new PieceIndex(0), 0, 10), slab.Memory[..10]));
        Assert.Equal(0, credit.Left);
        batch.Recycle();
        Assert.Equal(1, credit.Left);
        var again = pool.Rent(peer: 4, slab, credit: null);
        Assert.Same(batch, again);
        Assert.Equal((4, 0), (again.Peer, again.Count));
        Assert.Same(again, again.ToStore.Batch);
        Assert.NotSame(again, pool.Rent(peer: 5, slab, credit: null));
        Assert.Equal(1, credit.Left);
    }

    [Fact]
    public void A_read_buffer_is_gone_after_its_disposal()
    {
        var buffer = new ReadBuffer(100);
        Assert.Equal(100, buffer.Memory.Length);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Memory);
    }

    [Fact]
    public void Memory_that_is_read_into_is_as_long_as_asked_for_and_of_one_size_for_runs()
    {
        foreach (var length in new[] { 1, 16_397, 32 << 10, (32 << 10) + 1, 245_955, 256 << 10, (256 << 10) + 1, 1 << 20 })
        {
            var array = ReadMemory.Rent(length);
            Assert.InRange(array.Length, length, Math.Max(256 << 10, 2 * length));
            if (length is > 32 << 10 and <= 256 << 10)
                Assert.Equal(256 << 10, array.Length);
            ReadMemory.Return(array);
        }
        ReadMemory.Trim();
    }
}
