using System.Security.Cryptography;
using ActorTorrent.Engine.Resume;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;

namespace ActorTorrent.Engine.Metadata;

/// <summary>Verifies a copy of the metadata, reads it, and keeps it as a torrent file for the next start.</summary>
internal sealed class MetadataJob(
    IActorRef owner,
    CancellationToken cancelled,
    MetadataCopy copy,
    InfoHash infoHash,
    IReadOnlyList<IReadOnlyList<Uri>> tiers,
    IReadOnlyList<Uri> webSeeds,
    ResumeStore? store)
    : DiskJob(owner, isRead: false, cancelled)
{
    public MetadataCopy Copy => copy;

    /// <summary>Whether it is what the info hash names.</summary>
    public bool IsMatch { get; private set; }

    /// <summary>What it says; null when it does not match or cannot be used.</summary>
    public TorrentMetainfo? Metainfo { get; private set; }

    /// <summary>Why it cannot be used, though it matches.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Why it could not be kept; null when it was, or was not to be.</summary>
    public DiskFault? SaveFault { get; private set; }

    protected override string Subject => "the metadata";

    protected override void Work()
    {
        var info = copy.Join();
        IsMatch = new InfoHash(SHA1.HashData(info)) == infoHash;
        if (!IsMatch)
            return;
        var file = TorrentFileWriter.Write(info, tiers, webSeeds);
        try
        {
            Metainfo = TorrentFileParser.Parse(file);
        }
        catch (TorrentFormatException e)
        {
            Refusal = e.Message;
            return;
        }
        try
        {
            store?.SaveTorrent(infoHash, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            SaveFault = DiskFaults.From("write", store!.TorrentPathOf(infoHash), e);
        }
    }
}
