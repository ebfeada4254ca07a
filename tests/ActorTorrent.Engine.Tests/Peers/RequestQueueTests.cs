using ActorTorrent.Engine.Peers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Peers;

public sealed class RequestQueueTests
{
    [Fact]
    public void Comes_out_in_the_order_it_went_in()
    {
        var queue = new RequestQueue();
        Assert.True(queue.TryAdd(Block(3)));
        Assert.True(queue.TryAdd(Block(1)));
        Assert.False(queue.TryAdd(Block(3)));
        Assert.Equal([Block(3), Block(1)], Drain(queue));
        Assert.False(queue.TryPeek(out _));
    }

    [Fact]
    public void What_is_asked_for_anew_goes_to_the_end()
    {
        var queue = new RequestQueue();
        queue.TryAdd(Block(1));
        queue.TryAdd(Block(2));
        Assert.True(queue.Remove(Block(1)));
        Assert.False(queue.Remove(Block(1)));
        queue.TryAdd(Block(1));
        Assert.Equal([Block(2), Block(1)], Drain(queue));
    }

    /// <summary>Any sequence of adding, removing, taking and clearing does what a plain list does.</summary>
    [Fact]
    public void Equals_a_list_whatever_is_done()
    {
        var step = Gen.Choose(0, 9).SelectMany(what => Gen.Choose(0, 20).Select(block => (what, block)));
        Prop.ForAll(
            Arb.From(Gen.ListOf(step)),
            steps =>
            {
                var queue = new RequestQueue();
                var list = new List<BlockRequest>();
                foreach (var (what, number) in steps)
                {
                    var block = Block(number);
                    switch (what)
                    {
                        case < 5:
                            Assert.Equal(!list.Contains(block), queue.TryAdd(block));
                            if (!list.Contains(block))
                                list.Add(block);
                            break;
                        case < 8:
                            Assert.Equal(list.Remove(block), queue.Remove(block));
                            break;
                        case 8:
                            Assert.Equal(list.Count > 0, queue.TryTake(out var taken));
                            if (list.Count > 0)
                            {
                                Assert.Equal(list[0], taken);
                                list.RemoveAt(0);
                            }
                            break;
                        default:
                            var removed = new List<BlockRequest>();
                            queue.RemoveAllBut(b => b.Piece.Value % 3 == 0, removed.Add);
                            Assert.Equal(list.Where(b => b.Piece.Value % 3 != 0), removed);
                            list.RemoveAll(b => b.Piece.Value % 3 != 0);
                            break;
                    }
                    Assert.Equal(list.Count, queue.Count);
                    Assert.Equal(list.Contains(block), queue.Contains(block));
                }
                Assert.Equal(list, Drain(queue));
            }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Asking_and_taking_back_for_ever_allocates_nothing()
    {
        var queue = new RequestQueue();
        queue.TryAdd(Block(0));
        Assert.Equal(0, Allocation.LeastOf(() =>
        {
            for (var i = 0; i < 50_000; i++)
                AskAndTakeBack(queue);
        }));
        Assert.Equal([Block(0)], Drain(queue));

        static void AskAndTakeBack(RequestQueue queue)
        {
            queue.TryAdd(Block(1));
            queue.Remove(Block(1));
        }
    }

    private static BlockRequest Block(int piece) => new(new PieceIndex(piece), 0, FileLayout.BlockLength);

    private static List<BlockRequest> Drain(RequestQueue queue)
    {
        var drained = new List<BlockRequest>();
        while (queue.TryTake(out var block))
            drained.Add(block);
        return drained;
    }
}
