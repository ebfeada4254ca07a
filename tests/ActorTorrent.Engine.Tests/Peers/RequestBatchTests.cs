using ActorTorrent.Engine.Peers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.Peers;

/// <summary>What carries requests from the coordinator to a connection.</summary>
public sealed class RequestBatchTests
{
    [Fact]
    public void A_recycled_batch_is_used_again_for_another_session_with_its_messages()
    {
        var pool = new RequestBatchPool();
        var batch = pool.Rent(session: 3);
        batch.List.Add(new BlockRequest(new PieceIndex(1), 0, FileLayout.BlockLength));
        Assert.Equal((batch, batch), (batch.ToPeer.Batch, batch.ToConnection.Batch));
        batch.Recycle();
        var again = pool.Rent(session: 4);
        Assert.Same(batch, again);
        Assert.Equal((4, 0), (again.Session, again.Blocks.Count));
        Assert.NotSame(again, pool.Rent(session: 5));
    }
}
