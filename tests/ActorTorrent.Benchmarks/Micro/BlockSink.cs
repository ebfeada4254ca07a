using ActorTorrent.Engine.Storage;
using Akka.Actor;

namespace ActorTorrent.Benchmarks.Micro;

/// <summary>Stands where storage stands: counts the blocks of each batch and recycles it, as storage and coordinator do.</summary>
internal sealed class BlockSink(BlockCount count) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        if (message is not StorageProtocol.StoreBlocks store)
            return;
        var blocks = store.Batch.Count;
        store.Batch.Recycle();
        count.Add(blocks);
    }
}
