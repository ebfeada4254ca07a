using ActorTorrent.Engine.Resume;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;

namespace ActorTorrent.Engine.Metadata;

/// <summary>Looks for metadata that was fetched before.</summary>
internal sealed class MetadataRecallJob(IActorRef owner, CancellationToken cancelled, InfoHash infoHash, ResumeStore store)
    : DiskJob(owner, isRead: true, cancelled)
{
    /// <summary>What was kept; null when there is nothing of use.</summary>
    public TorrentMetainfo? Metainfo { get; private set; }

    protected override string Subject => store.TorrentPathOf(infoHash);

    protected override void Work() => Metainfo = store.LoadTorrent(infoHash);
}
