using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Storage;

namespace ActorTorrent.Engine.Peers;

/// <summary>What carries memory or a socket and reached nobody, because its receiver had just ended.</summary>
internal static class LostMessages
{
    /// <summary>Gives back what a message holds that nobody will handle.</summary>
    public static void Release(object message)
    {
        switch (message)
        {
            case StorageProtocol.BlockRead read:
                read.Buffer.Dispose();
                break;
            case PeerConnectionProtocol.SendBlocks send:
                send.Buffer.Dispose();
                break;
            case StorageProtocol.StoreBlocks store:
                store.Batch.ReleaseData();
                break;
            case DiskProtocol.Finished { Job: ReadJob job }:
                job.Discard();
                break;
            case DiskProtocol.Finished { Job: OpenJob job }:
                foreach (var buffer in job.Restored)
                    buffer.Release();
                break;
            case CoordinatorProtocol.Incoming incoming:
                incoming.Connection.Socket.Dispose();
                break;
            case PeerProtocol.Accept accept:
                accept.Connection.Socket.Dispose();
                break;
        }
    }
}
