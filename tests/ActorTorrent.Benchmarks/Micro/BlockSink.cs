using ActorTorrent.Engine.Storage;
using Akka.Actor;

namespace ActorTorrent.Benchmarks.Micro;

/// <summary>Stands where storage stands: counts the blocks of each batch and lets go of its data.</summary>
internal sealed class BlockSink(BlockCount count) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        if (message is not StorageProtocol.StoreBlocks store)
            return;
        store.Batch.ReleaseData();
        count.Add(store.Batch.Count);
    }
}
