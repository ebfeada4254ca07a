using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Telemetry;

/// <summary>A torrent at one moment. Published on the event stream at a steady pace while it is being fetched or anything changes, and at once
/// when the phase changes.</summary>
/// <param name="InfoHash">The torrent.</param>
/// <param name="Phase">What it is about.</param>
/// <param name="BytesWanted">Size of the pieces wanted.</param>
/// <param name="BytesVerified">Size of the wanted pieces that lie on disk, verified.</param>
/// <param name="PiecesHave">Pieces verified.</param>
/// <param name="PiecesTotal">Pieces of the torrent.</param>
/// <param name="PiecesChecked">While checking: pieces looked at.</param>
/// <param name="Downloaded">Bytes of blocks received since the start.</param>
/// <param name="Uploaded">Bytes of blocks sent since the start.</param>
/// <param name="Wasted">Bytes received in vain: not asked for, twice, or in pieces that failed their hash.</param>
/// <param name="DownloadRate">Bytes a second.</param>
/// <param name="UploadRate">Bytes a second.</param>
/// <param name="Peers">Peers by state.</param>
/// <param name="Faults">Faults since the start.</param>
public sealed record TorrentSnapshot(
    InfoHash InfoHash,
    TorrentPhase Phase,
    long BytesWanted,
    long BytesVerified,
    int PiecesHave,
    int PiecesTotal,
    int PiecesChecked,
    long Downloaded,
    long Uploaded,
    long Wasted,
    double DownloadRate,
    double UploadRate,
    PeerCounts Peers,
    long Faults)
{
    /// <summary>What is wrong with our disk, and where; null while it works.</summary>
    public DiskFault? DiskFault { get; init; }

    /// <summary>The swarm as trackers count it; null while none said anything.</summary>
    public SwarmNumbers? Swarm { get; init; }

    /// <summary>How far the metadata has come; null once it is there.</summary>
    public MetadataProgress? Metadata { get; init; }

    /// <summary>The numbers of all sessions, this one included; null until it is known what an earlier one left.</summary>
    public TorrentTotals? Ever { get; init; }

    /// <summary>Time until complete at the present rate; null while nothing comes.</summary>
    public TimeSpan? Eta => Metadata is not null ? null
        : BytesVerified >= BytesWanted ? TimeSpan.Zero
        : DownloadRate >= 1 ? TimeSpan.FromSeconds((BytesWanted - BytesVerified) / DownloadRate)
        : null;

    /// <summary>The same, had the time of other totals come: that time passes is all that it adds.</summary>
    internal TorrentSnapshot At(TorrentTotals? other) =>
        Ever is { } ever && other is not null ? this with { Ever = ever with { Seeding = other.Seeding } } : this;
}
