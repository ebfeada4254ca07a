using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Telemetry;

/// <summary>What happens to a torrent, published on the event stream. Faults of peers are <see cref="Faults.FaultJournalEntry"/>s.</summary>
/// <param name="InfoHash">The torrent.</param>
public abstract record TorrentEvent(InfoHash InfoHash)
{
    /// <summary>What was on disk is checked.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="PiecesHave">Pieces found good.</param>
    /// <param name="PiecesTotal">Pieces of the torrent.</param>
    public sealed record Checked(InfoHash InfoHash, int PiecesHave, int PiecesTotal) : TorrentEvent(InfoHash);

    /// <summary>Everything wanted is verified and on disk. Also published when the check found it so.</summary>
    /// <param name="Final">The torrent at that moment.</param>
    public sealed record Completed(TorrentSnapshot Final) : TorrentEvent(Final.InfoHash);

    /// <summary>Nothing is connected, under way or to be hoped for.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Reason">Why, in a sentence.</param>
    public sealed record Stuck(InfoHash InfoHash, string Reason) : TorrentEvent(InfoHash);

    /// <summary>Our disk failed; the torrent waits and tries again.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Fault">What, where, why.</param>
    public sealed record DiskFailed(InfoHash InfoHash, DiskFault Fault) : TorrentEvent(InfoHash);

    /// <summary>The disk works again.</summary>
    /// <param name="InfoHash">The torrent.</param>
    public sealed record DiskRecovered(InfoHash InfoHash) : TorrentEvent(InfoHash);

    /// <summary>A tracker answered.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Tracker">The tracker.</param>
    /// <param name="Peers">Peers in its answer.</param>
    /// <param name="Warning">Its warning, if any.</param>
    public sealed record Announced(InfoHash InfoHash, Uri Tracker, int Peers, string? Warning) : TorrentEvent(InfoHash);

    /// <summary>A tracker did not answer or refused.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Tracker">The tracker.</param>
    /// <param name="Error">Why.</param>
    public sealed record AnnounceFailed(InfoHash InfoHash, Uri Tracker, TrackerError Error) : TorrentEvent(InfoHash);

    /// <summary>A tracker of the torrent is not used.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Tracker">The tracker.</param>
    /// <param name="Reason">Why.</param>
    public sealed record TrackerSkipped(InfoHash InfoHash, Uri Tracker, string Reason) : TorrentEvent(InfoHash);

    /// <summary>A piece did not match its hash.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Piece">The piece.</param>
    /// <param name="Contributors">How many peers had sent blocks of it.</param>
    public sealed record PieceFailed(InfoHash InfoHash, PieceIndex Piece, int Contributors) : TorrentEvent(InfoHash);

    /// <summary>The torrent has stopped: nothing is pending, trackers were told.</summary>
    /// <param name="Final">The torrent at that moment.</param>
    public sealed record Stopped(TorrentSnapshot Final) : TorrentEvent(Final.InfoHash);
}
