using System.Net;
using ActorTorrent.Engine.Peers;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Coordination;

/// <summary>What others ask of a torrent's coordinator.</summary>
public static class CoordinatorProtocol
{
    /// <summary>Engine → coordinator: the IP filter names others than before.</summary>
    internal sealed record FilterChanged
    {
        /// <summary>The one instance.</summary>
        public static readonly FilterChanged Instance = new();
    }

    /// <summary>Listener → coordinator: a peer dialled us and named this torrent.</summary>
    /// <param name="EndPoint">The peer's address; its port is not one that it listens on.</param>
    /// <param name="Connection">The connection; the coordinator owns it from here on.</param>
    public sealed record Incoming(IPEndPoint EndPoint, AcceptedConnection Connection);

    /// <summary>Anyone → coordinator: answer with a <see cref="TorrentSnapshot"/>.</summary>
    public sealed record GetSnapshot
    {
        /// <summary>The one instance.</summary>
        public static readonly GetSnapshot Instance = new();
    }

    /// <summary>Anyone → coordinator: which peers are there? Answered by <see cref="PeerList"/>.</summary>
    public sealed record GetPeers
    {
        /// <summary>The one instance.</summary>
        public static readonly GetPeers Instance = new();
    }

    /// <summary>Coordinator → asker: the peers that are connected, being dialled, or waiting to be dialled again; those that are merely known are not listed.</summary>
    /// <param name="Peers">The peers, the longest known first.</param>
    public sealed record PeerList(IReadOnlyList<PeerStatus> Peers);

    /// <summary>Anyone → coordinator: which files are there? Answered by <see cref="FileList"/>.</summary>
    public sealed record GetFiles
    {
        /// <summary>The one instance.</summary>
        public static readonly GetFiles Instance = new();
    }

    /// <summary>Coordinator → asker: the files in the torrent's order; none while the metadata is not there.</summary>
    /// <param name="Files">The files.</param>
    public sealed record FileList(IReadOnlyList<FileStatus> Files);

    /// <summary>Anyone → coordinator: what do trackers say? Answered by <see cref="TrackerList"/>.</summary>
    public sealed record GetTrackers
    {
        /// <summary>The one instance.</summary>
        public static readonly GetTrackers Instance = new();
    }

    /// <summary>Coordinator → asker: the trackers by tier.</summary>
    /// <param name="Trackers">The trackers.</param>
    public sealed record TrackerList(IReadOnlyList<TrackerStatus> Trackers);

    /// <summary>Anyone → coordinator: how is each piece? Answered by a <see cref="PieceMap"/>.</summary>
    public sealed record GetPieces
    {
        /// <summary>The one instance.</summary>
        public static readonly GetPieces Instance = new();
    }

    /// <summary>Reader → coordinator: where do a file's bytes lie? Answered by <see cref="Content"/> or <see cref="ContentRefused"/>.</summary>
    /// <param name="File">The file's index.</param>
    internal sealed record GetContent(int File);

    /// <summary>Coordinator → reader: the answer.</summary>
    /// <param name="Layout">Files and pieces.</param>
    /// <param name="File">The file.</param>
    internal sealed record Content(FileLayout Layout, TorrentFileEntry File);

    /// <summary>Coordinator → reader: these bytes are not to be had.</summary>
    /// <param name="Reason">Why, in a sentence.</param>
    internal sealed record ContentRefused(string Reason);

    /// <summary>
    /// Reader → coordinator: bytes of a piece, once it is verified. Answered by a <see cref="Storage.StorageProtocol.BlockRead"/>, a
    /// <see cref="Storage.StorageProtocol.BlockUnreadable"/> or a <see cref="ContentRefused"/>; what the same reader asked before is not answered any more.
    /// </summary>
    /// <param name="Reader">Who reads.</param>
    /// <param name="Range">The bytes.</param>
    internal sealed record ReadContent(object Reader, BlockRequest Range);

    /// <summary>Reader → coordinator: what was asked is not needed any more.</summary>
    /// <param name="Reader">Who read.</param>
    internal sealed record CloseContent(object Reader);

    /// <summary>Anyone → coordinator: announce as soon as the trackers allow.</summary>
    public sealed record Reannounce
    {
        /// <summary>The one instance.</summary>
        public static readonly Reannounce Instance = new();
    }

    /// <summary>Anyone → coordinator: so many connections at most from now on; those that are there stay.</summary>
    /// <param name="MaxPeers">How many; null for the configured number.</param>
    public sealed record SetMaxPeers(int? MaxPeers);

    /// <summary>Anyone → coordinator: announce to these trackers instead; the others are told that we stop.</summary>
    /// <param name="Tiers">The announce URLs by tier (BEP 12).</param>
    public sealed record SetTrackers(IReadOnlyList<IReadOnlyList<Uri>> Tiers);

    /// <summary>Anyone → coordinator: use these peers, named by the user.</summary>
    /// <param name="Peers">Their addresses.</param>
    public sealed record AddPeers(IReadOnlyList<IPEndPoint> Peers);

    /// <summary>Anyone → coordinator: hash everything on disk anew; peers stay, nothing is asked of them meanwhile. Ends with a <see cref="TorrentEvent.Checked"/>.</summary>
    public sealed record Recheck
    {
        /// <summary>The one instance.</summary>
        public static readonly Recheck Instance = new();
    }

    /// <summary>
    /// Anyone → coordinator: take the files to another folder while the torrent goes on. Ends with a <see cref="TorrentEvent.Moved"/> or a
    /// <see cref="TorrentEvent.MoveFailed"/>.
    /// </summary>
    /// <param name="Folder">The folder, absolute.</param>
    public sealed record MoveStorage(string Folder);

    /// <summary>Anyone → coordinator: how much these files are wanted from now on.</summary>
    /// <param name="Files">Priorities by the files' indices; files that are left out keep theirs.</param>
    /// <param name="IsFirstAndLastFirst">Whether the first and last pieces of files come before all others; null for no change.</param>
    public sealed record SetFilePriorities(IReadOnlyDictionary<int, FilePriority> Files, bool? IsFirstAndLastFirst = null);

    /// <summary>Anyone → coordinator: a piece is needed by some time (for a player, say), so it comes before those that are needed later.</summary>
    /// <param name="Piece">The piece.</param>
    /// <param name="In">The time until then; null when it is not needed so any more.</param>
    public sealed record SetDeadline(PieceIndex Piece, TimeSpan? In);

    /// <summary>Engine → coordinator: how long torrents without goals of their own are to be seeded.</summary>
    /// <param name="Goal">The goal.</param>
    internal sealed record SetCommonGoal(SeedingGoal Goal);

    /// <summary>Engine → coordinator: how long this torrent is to be seeded.</summary>
    /// <param name="Ratio">As by <see cref="EngineProtocol.SetSeedingGoal"/>.</param>
    /// <param name="Time">As by <see cref="EngineProtocol.SetSeedingGoal"/>.</param>
    internal sealed record SetOwnGoal(double? Ratio, TimeSpan? Time);

    /// <summary>Engine → coordinator: it is your turn.</summary>
    public sealed record Run
    {
        /// <summary>The one instance.</summary>
        public static readonly Run Instance = new();
    }

    /// <summary>Engine → coordinator: leave peers and trackers until <see cref="Run"/>.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Rest(RestReason Reason);

    /// <summary>
    /// Engine → coordinator: stop as by <see cref="Stop"/>, and delete resume data. Ends with a <see cref="TorrentEvent.Removed"/>.
    /// </summary>
    /// <param name="WithData">Whether the torrent's files are deleted, too.</param>
    public sealed record Remove(bool WithData);

    /// <summary>
    /// Engine → coordinator: stop cleanly (tell trackers, write what is pending). Ends with a
    /// <see cref="TorrentEvent.Stopped"/> on the event stream and the coordinator's own end.
    /// </summary>
    public sealed record Stop
    {
        /// <summary>The one instance.</summary>
        public static readonly Stop Instance = new();
    }
}
