using ActorTorrent.Engine.Resume;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Storage;

/// <summary>The conversation between a torrent's coordinator, its peers and its <see cref="StorageActor"/>.</summary>
public static class StorageProtocol
{
    /// <summary>
    /// Coordinator → storage: begin. Resume data is trusted as far as the files are as it says; the rest is checked, as is everything when there is none.
    /// Answered by <see cref="CheckProgress"/>s and one <see cref="Checked"/>.
    /// </summary>
    public sealed record Open
    {
        /// <summary>The one instance.</summary>
        public static readonly Open Instance = new();
    }

    /// <summary>Coordinator → storage: check what is on disk, whatever is known of it. Answered by <see cref="CheckProgress"/>s and one <see cref="Checked"/>.</summary>
    public sealed record Check
    {
        /// <summary>The one instance.</summary>
        public static readonly Check Instance = new();
    }

    /// <summary>Storage → coordinator: how far the check is.</summary>
    /// <param name="PiecesChecked">Pieces looked at so far.</param>
    /// <param name="PiecesTotal">Pieces of the torrent.</param>
    public sealed record CheckProgress(int PiecesChecked, int PiecesTotal);

    /// <summary>Storage → coordinator: the check is over.</summary>
    /// <param name="Have">The pieces whose bytes on disk match their hash. The receiver owns it.</param>
    public sealed record Checked(Bitfield Have)
    {
        /// <summary>What the coordinator left behind in an earlier run; null when there is no resume data, and after a <see cref="Check"/>.</summary>
        public ResumeState? State { get; init; }

        /// <summary>Whether storage has just started, or started anew: whoever counts on blocks that it had before is wrong.</summary>
        public bool IsStart { get; init; }

        /// <summary>Unfinished pieces of an earlier run, whose blocks are in their slots again. Only at the start.</summary>
        public IReadOnlyList<UnfinishedPiece> Unfinished { get; init; } = [];

        /// <summary>Pieces that were taken from resume data without a look at their bytes.</summary>
        public int PiecesTrusted { get; init; }

        /// <summary>Why resume data that is there was not used; null when it was, or there is none.</summary>
        public string? Rejection { get; init; }
    }

    /// <summary>Storage → coordinator: pieces that were told as verified are not there any more, because a file was changed by another program.</summary>
    /// <param name="Pieces">The pieces.</param>
    public sealed record PiecesLost(IReadOnlyList<PieceIndex> Pieces);

    /// <summary>
    /// Coordinator → storage: save resume data, unless nothing changed since the last time. Only pieces that lie on disk are claimed. A failure
    /// is told as <see cref="ResumeFailed"/>; the next save tries again.
    /// </summary>
    /// <param name="State">What the coordinator wants to find again.</param>
    public sealed record SaveResume(ResumeState State);

    /// <summary>Storage → coordinator: resume data is saved.</summary>
    /// <param name="PiecesClaimed">Pieces that it claims.</param>
    public sealed record ResumeSaved(int PiecesClaimed);

    /// <summary>Storage → coordinator: the state folder did not take the resume data. The torrent goes on.</summary>
    /// <param name="Fault">What, where, why.</param>
    public sealed record ResumeFailed(DiskFault Fault);

    /// <summary>Storage → coordinator: the file system refuses a file's name; it has another one now.</summary>
    /// <param name="File">The file's place among the torrent's.</param>
    /// <param name="Path">Where it lies.</param>
    public sealed record FileRenamed(int File, string Path);

    /// <summary>Coordinator → storage: other files are wanted from now on. Answered by <see cref="FilesSelected"/> once files and side file are in order.</summary>
    /// <param name="Files">Indices of the files; null for all.</param>
    public sealed record SelectFiles(IReadOnlySet<int>? Files);

    /// <summary>Storage → coordinator: see <see cref="SelectFiles"/>.</summary>
    /// <param name="Files">The files that are wanted now.</param>
    public sealed record FilesSelected(IReadOnlySet<int>? Files);

    /// <summary>Storage → coordinator: resume data led to another folder than the one that was named: the files were moved there.</summary>
    /// <param name="Folder">The folder.</param>
    public sealed record Located(string Folder);

    /// <summary>Coordinator → storage: the disk actor of the volume that <see cref="Located"/> named.</summary>
    /// <param name="Disk">The disk.</param>
    public sealed record UseDisk(IActorRef Disk);

    /// <summary>
    /// Coordinator → storage: take the files to another folder. Within a volume they are renamed, across volumes copied, compared and then removed;
    /// writes wait meanwhile. Answered by <see cref="MoveProgress"/>es and one <see cref="Moved"/> or <see cref="MoveFailed"/>.
    /// </summary>
    /// <param name="Folder">The folder, absolute.</param>
    /// <param name="Disk">The disk actor of its volume.</param>
    public sealed record Move(string Folder, IActorRef Disk);

    /// <summary>Storage → coordinator: how far a copy is.</summary>
    /// <param name="BytesMoved">Bytes copied so far.</param>
    /// <param name="BytesTotal">Bytes to copy.</param>
    public sealed record MoveProgress(long BytesMoved, long BytesTotal);

    /// <summary>Storage → coordinator: the files are in their new folder.</summary>
    /// <param name="Folder">The folder.</param>
    public sealed record Moved(string Folder);

    /// <summary>Storage → coordinator: the files are where they were.</summary>
    /// <param name="Fault">What, where, why.</param>
    public sealed record MoveFailed(DiskFault Fault);

    /// <summary>Peer → storage: blocks received. Ends as <see cref="BlocksStored"/> to the coordinator.</summary>
    /// <param name="Batch">The blocks; storage copies them and releases the data.</param>
    public sealed record StoreBlocks(BlockBatch Batch);

    /// <summary>
    /// Storage → coordinator: a batch was taken in. Its data is released. Blocks whose slot was filled already, or whose
    /// piece is verified or unknown, were not written: they are waste.
    /// </summary>
    /// <param name="Batch">The batch, for booking in the picker.</param>
    /// <param name="WastedBytes">Bytes that were not needed.</param>
    public sealed record BlocksStored(BlockBatch Batch, int WastedBytes);

    /// <summary>Storage → coordinator: a piece matched its hash and lies on disk.</summary>
    /// <param name="Piece">The piece.</param>
    /// <param name="Contributors">Peers that sent at least one of its blocks.</param>
    /// <param name="Liars">Peers whose block in an earlier, failed copy differed from the good one: proven guilty.</param>
    public sealed record PieceVerified(PieceIndex Piece, IReadOnlyCollection<int> Contributors, IReadOnlyCollection<int> Liars);

    /// <summary>Storage → coordinator: a piece did not match its hash; its slot is empty again, its block sums are kept for <see cref="PieceVerified.Liars"/>.</summary>
    /// <param name="Piece">The piece.</param>
    /// <param name="Contributors">
    /// Peers that sent at least one of its blocks; a single one is proven guilty. Nobody when some of its blocks came in an earlier run.
    /// </param>
    public sealed record PieceFailed(PieceIndex Piece, IReadOnlyCollection<int> Contributors);

    /// <summary>
    /// Coordinator → storage: answer <see cref="Drained"/> once everything that was told before is taken in. After a
    /// peer's fault it makes sure that blocks in transit are booked before the rest return to the picker.
    /// </summary>
    /// <param name="Peer">The peer's number.</param>
    public sealed record Drain(int Peer);

    /// <summary>Storage → coordinator: see <see cref="Drain"/>.</summary>
    /// <param name="Peer">The peer's number.</param>
    public sealed record Drained(int Peer);

    /// <summary>Coordinator → storage: forget the blocks of an unfinished piece (it is to be fetched whole from one peer).</summary>
    /// <param name="Piece">The piece.</param>
    public sealed record DiscardPiece(PieceIndex Piece);

    /// <summary>Peer → storage: read a block of a verified piece, or several that lie side by side, up to 1 MiB.</summary>
    /// <param name="Block">The range.</param>
    /// <param name="ReplyTo">Gets <see cref="BlockRead"/> or <see cref="BlockUnreadable"/>.</param>
    public sealed record ReadBlock(BlockRequest Block, IActorRef ReplyTo)
    {
        /// <summary>
        /// The requests that the range consists of, side by side: before the bytes of each there shall be room for the head of its message
        /// (<see cref="PeerMessageWriter.BlockHeaderLength"/>). Null for the bytes alone. It comes back with the answer.
        /// </summary>
        public IReadOnlyList<BlockRequest>? Parts { get; init; }
    }

    /// <summary>Storage → asker: the block's bytes. The receiver disposes the buffer.</summary>
    /// <param name="Block">The block.</param>
    /// <param name="Buffer">Its bytes.</param>
    public sealed record BlockRead(BlockRequest Block, ReadBuffer Buffer)
    {
        /// <summary>As in <see cref="ReadBlock"/>.</summary>
        public IReadOnlyList<BlockRequest>? Parts { get; init; }
    }

    /// <summary>Storage → asker: the block cannot be had (not verified, or the disk failed; the coordinator hears of the latter by itself).</summary>
    /// <param name="Block">The block.</param>
    public sealed record BlockUnreadable(BlockRequest Block)
    {
        /// <summary>As in <see cref="ReadBlock"/>.</summary>
        public IReadOnlyList<BlockRequest>? Parts { get; init; }

        /// <summary>Whether the piece is one that we do not have: then who asks should have known.</summary>
        public bool IsLacking { get; init; }
    }

    /// <summary>Storage → coordinator: our disk failed. Verified pieces stay; a piece that could not be written is kept and tried again.</summary>
    /// <param name="Fault">What, where, why.</param>
    public sealed record DiskFailed(DiskFault Fault);

    /// <summary>Storage → coordinator: the disk works again after a <see cref="DiskFailed"/>.</summary>
    public sealed record DiskRecovered
    {
        /// <summary>The one instance.</summary>
        public static readonly DiskRecovered Instance = new();
    }

    /// <summary>Storage → coordinator: bytes waiting for the disk passed the budget (no more blocks should be asked for) or fell below it again.</summary>
    /// <param name="IsHigh">True while the budget is spent.</param>
    public sealed record Pressure(bool IsHigh);

    /// <summary>
    /// Coordinator → storage, after <see cref="Flushed"/>: delete the resume data, and the torrent's files if they are wanted no more.
    /// Answered by <see cref="Removed"/>.
    /// </summary>
    /// <param name="WithData">Whether the files are deleted, too.</param>
    public sealed record Remove(bool WithData);

    /// <summary>Storage → coordinator: see <see cref="Remove"/>.</summary>
    /// <param name="Fault">What could not be deleted; null when all was.</param>
    public sealed record Removed(DiskFault? Fault);

    /// <summary>Coordinator → storage: write what is pending and close the files; answered by <see cref="Flushed"/>.</summary>
    public sealed record Flush
    {
        /// <summary>The one instance.</summary>
        public static readonly Flush Instance = new();
    }

    /// <summary>Storage → coordinator: nothing is pending.</summary>
    public sealed record Flushed
    {
        /// <summary>The one instance.</summary>
        public static readonly Flushed Instance = new();
    }
}
