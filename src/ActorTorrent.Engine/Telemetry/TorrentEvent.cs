using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Engine.Telemetry;

/// <summary>What happens to a torrent, published on the event stream. Faults of peers are <see cref="Faults.FaultJournalEntry"/>s.</summary>
/// <param name="InfoHash">The torrent.</param>
public abstract record TorrentEvent(InfoHash InfoHash)
{
    /// <summary>What was on disk is checked.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="PiecesHave">Pieces found good.</param>
    /// <param name="PiecesTotal">Pieces of the torrent.</param>
    public sealed record Checked(InfoHash InfoHash, int PiecesHave, int PiecesTotal) : TorrentEvent(InfoHash)
    {
        /// <summary>Pieces that were taken from resume data without a look at their bytes.</summary>
        public int PiecesTrusted { get; init; }

        /// <summary>Blocks of unfinished pieces that an earlier run had left.</summary>
        public int BlocksKept { get; init; }

        /// <summary>Why resume data that is there was not used; null when it was, or there is none.</summary>
        public string? Rejection { get; init; }
    }

    /// <summary>The metadata of a magnet link is there, verified: fetched from peers, or kept from an earlier run.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Metainfo">What it says, with the trackers and web seeds of the link.</param>
    public sealed record MetadataReceived(InfoHash InfoHash, TorrentMetainfo Metainfo) : TorrentEvent(InfoHash);

    /// <summary>The metadata of a magnet link is what the link names, but no torrent that can be used. The torrent stops.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Reason">Why.</param>
    public sealed record MetadataRefused(InfoHash InfoHash, string Reason) : TorrentEvent(InfoHash);

    /// <summary>The metadata of a magnet link could not be kept: the next run fetches it again.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Fault">What, where, why.</param>
    public sealed record MetadataNotKept(InfoHash InfoHash, DiskFault Fault) : TorrentEvent(InfoHash);

    /// <summary>Pieces that were verified are not there any more: another program changed their files. They are fetched again.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Pieces">The pieces.</param>
    public sealed record PiecesLost(InfoHash InfoHash, IReadOnlyList<PieceIndex> Pieces) : TorrentEvent(InfoHash);

    /// <summary>The file system refuses a file's name; it has another one.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="File">The file's path in the torrent.</param>
    /// <param name="Path">Where it lies.</param>
    public sealed record FileRenamed(InfoHash InfoHash, string File, string Path) : TorrentEvent(InfoHash);

    /// <summary>Resume data could not be saved. The torrent goes on; the next save tries again.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Fault">What, where, why.</param>
    public sealed record ResumeFailed(InfoHash InfoHash, DiskFault Fault) : TorrentEvent(InfoHash);

    /// <summary>How far the files are on their way to another volume.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="BytesMoved">Bytes copied so far.</param>
    /// <param name="BytesTotal">Bytes to copy.</param>
    public sealed record MoveProgress(InfoHash InfoHash, long BytesMoved, long BytesTotal) : TorrentEvent(InfoHash);

    /// <summary>The files are in their new folder.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Folder">The folder.</param>
    public sealed record Moved(InfoHash InfoHash, string Folder) : TorrentEvent(InfoHash);

    /// <summary>The files could not be moved and are where they were.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Fault">What, where, why.</param>
    public sealed record MoveFailed(InfoHash InfoHash, DiskFault Fault) : TorrentEvent(InfoHash);

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
    public sealed record Announced(InfoHash InfoHash, Uri Tracker, int Peers, string? Warning) : TorrentEvent(InfoHash)
    {
        /// <summary>Seeds it knows of, if it said so.</summary>
        public int? Seeders { get; init; }

        /// <summary>Leechers it knows of, if it said so.</summary>
        public int? Leechers { get; init; }

        /// <summary>Time until the next regular announce.</summary>
        public TimeSpan Next { get; init; }
    }

    /// <summary>A tracker did not answer or refused.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Tracker">The tracker.</param>
    /// <param name="Error">Why.</param>
    public sealed record AnnounceFailed(InfoHash InfoHash, Uri Tracker, TrackerError Error) : TorrentEvent(InfoHash)
    {
        /// <summary>It is left alone for this long; null when it asked never to be tried again.</summary>
        public TimeSpan? RetryIn { get; init; }
    }

    /// <summary>A tracker told its numbers (BEP 48).</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Tracker">The tracker.</param>
    /// <param name="Numbers">What it knows of the torrent; null when it does not know it.</param>
    public sealed record Scraped(InfoHash InfoHash, Uri Tracker, ScrapeEntry? Numbers) : TorrentEvent(InfoHash);

    /// <summary>A tracker did not tell its numbers.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Tracker">The tracker.</param>
    /// <param name="Error">Why.</param>
    public sealed record ScrapeFailed(InfoHash InfoHash, Uri Tracker, TrackerError Error) : TorrentEvent(InfoHash);

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

    /// <summary>The torrent is let go: stopped, its resume data deleted, and its files if that was wanted.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Fault">What could not be deleted; null when all was.</param>
    public sealed record Removed(InfoHash InfoHash, DiskFault? Fault) : TorrentEvent(InfoHash);

    /// <summary>The torrent has stopped: nothing is pending, trackers were told.</summary>
    /// <param name="Final">The torrent at that moment.</param>
    public sealed record Stopped(TorrentSnapshot Final) : TorrentEvent(Final.InfoHash);
}
