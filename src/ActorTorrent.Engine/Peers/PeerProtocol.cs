using System.Net;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Event;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// The conversation between a torrent's coordinator and its <see cref="PeerActor"/>s. A session is one connection
/// attempt; its number is unique in the torrent, so that what a dead connection left in a mailbox is told apart.
/// </summary>
public static class PeerProtocol
{
    /// <summary>Coordinator → peer: connect.</summary>
    /// <param name="Session">The new session.</param>
    public sealed record Dial(int Session)
    {
        /// <summary>What the torrent's peers share now; null for what the actor was made with.</summary>
        internal PeerEnvironment? Environment { get; init; }
    }

    /// <summary>Coordinator → peer: the metadata is there, so from now on it is known how many pieces there are.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Environment">What the torrent's peers share now.</param>
    internal sealed record MetadataKnown(int Session, PeerEnvironment Environment);

    /// <summary>Coordinator → peer: ask for pieces of the metadata (BEP 9).</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Pieces">The pieces.</param>
    public sealed record AskMetadata(int Session, IReadOnlyList<int> Pieces);

    /// <summary>Peer → coordinator: a piece of the metadata that was asked for.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Piece">The piece.</param>
    /// <param name="Data">Its bytes, as many as the size that the peer claims has there.</param>
    public sealed record MetadataPiece(int Session, int Piece, byte[] Data) : IDeadLetterSuppression;

    /// <summary>Peer → coordinator: the peer will not send a piece of the metadata.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Piece">The piece.</param>
    public sealed record MetadataRejected(int Session, int Piece) : IDeadLetterSuppression;

    /// <summary>Coordinator → peer: tell the peer of others (BEP 11), if it takes that.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Peers">Who came and who went.</param>
    public sealed record TellPeers(int Session, PexMessage Peers);

    /// <summary>Peer → coordinator: the peer told of others; never an empty list.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Peers">Their addresses.</param>
    public sealed record PeersTold(int Session, IReadOnlyList<IPEndPoint> Peers) : IDeadLetterSuppression;

    /// <summary>Coordinator → peer: go on with a connection that the peer made.</summary>
    /// <param name="Session">The new session.</param>
    /// <param name="Connection">The connection.</param>
    public sealed record Accept(int Session, AcceptedConnection Connection);

    /// <summary>Peer → coordinator: TCP is connected (no longer half open).</summary>
    /// <param name="Session">The session.</param>
    public sealed record Connected(int Session) : IDeadLetterSuppression;

    /// <summary>Peer → coordinator: the handshake is done.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Handshake">The peer's handshake.</param>
    public sealed record Established(int Session, Handshake Handshake) : IDeadLetterSuppression;

    /// <summary>Peer → coordinator: the peer sent an extension handshake (BEP 10).</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Extensions">All that the peer told so far.</param>
    public sealed record Introduced(int Session, ExtensionHandshake Extensions) : IDeadLetterSuppression;

    /// <summary>Coordinator → peer: the session is taken in; tell the peer what we have.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Have">A copy of our bitfield, in wire form.</param>
    /// <param name="HaveCount">Pieces we have.</param>
    /// <param name="IsUploadOnly">Whether we want no more pieces (BEP 21).</param>
    public sealed record Begin(int Session, ReadOnlyMemory<byte> Have, int HaveCount, bool IsUploadOnly);

    /// <summary>Coordinator → peer: fail with this fault.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Phase">The fault's phase.</param>
    /// <param name="Cause">The fault's cause.</param>
    /// <param name="Detail">What was seen.</param>
    public sealed record Condemn(int Session, FaultPhase Phase, FaultCause Cause, string Detail);

    /// <summary>Peer → coordinator: which pieces the peer has, whole.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Pieces">The pieces, null for none; the receiver owns the bitfield.</param>
    public sealed record PeerHas(int Session, Bitfield? Pieces) : IDeadLetterSuppression;

    /// <summary>Peer → coordinator: pieces that the peer got since.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Pieces">The pieces.</param>
    /// <param name="HasAll">Whether it has every piece now.</param>
    public sealed record PeerGot(int Session, IReadOnlyList<PieceIndex> Pieces, bool HasAll) : IDeadLetterSuppression;

    /// <summary>Peer → coordinator: the peer gives a piece even while it chokes us (BEP 6).</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Piece">The piece.</param>
    public sealed record AllowsFast(int Session, PieceIndex Piece) : IDeadLetterSuppression;

    /// <summary>Peer → coordinator: the peer, which has the piece, would like us to ask for it (BEP 6).</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Piece">The piece.</param>
    public sealed record Suggests(int Session, PieceIndex Piece) : IDeadLetterSuppression;

    /// <summary>Coordinator → peer: tell it that we want nothing of anybody any more, or something again (BEP 21).</summary>
    /// <param name="IsUploadOnly">Whether that is nothing.</param>
    public sealed record SetUploadOnly(bool IsUploadOnly);

    /// <summary>Peer → coordinator: the peer no longer has a piece (BEP 54).</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Piece">The piece.</param>
    public sealed record PeerLost(int Session, PieceIndex Piece) : IDeadLetterSuppression;

    /// <summary>Peer → coordinator: the peer wants our data, or no longer.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="IsInterested">Whether it does.</param>
    public sealed record InterestChanged(int Session, bool IsInterested) : IDeadLetterSuppression;

    /// <summary>Peer → coordinator: the peer choked or unchoked us. After a choke its blocks are free again.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="IsChoking">Whether it chokes us.</param>
    public sealed record ChokeChanged(int Session, bool IsChoking) : IDeadLetterSuppression;

    /// <summary>Peer → coordinator: there is room for more requests. One is open at a time; it may be answered late.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Count">Blocks wanted.</param>
    public sealed record WantBlocks(int Session, int Count) : IDeadLetterSuppression;

    /// <summary>Coordinator → peer: request these. They are the connection's to recycle.</summary>
    /// <param name="Batch">The session and the blocks.</param>
    public sealed record Request(RequestBatch Batch);

    /// <summary>Coordinator → peer: these are no longer needed.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Blocks">The blocks.</param>
    public sealed record Cancel(int Session, IReadOnlyList<BlockRequest> Blocks);

    /// <summary>Peer → coordinator: the peer will not send these (BEP 6 reject, or snubbing that goes on).</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Blocks">The blocks.</param>
    public sealed record GaveUp(int Session, IReadOnlyList<BlockRequest> Blocks) : IDeadLetterSuppression;

    /// <summary>Coordinator → peer: whether we are interested in it.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="IsInterested">Whether we are.</param>
    public sealed record SetInterest(int Session, bool IsInterested);

    /// <summary>Coordinator → peer: choke or unchoke the peer.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="IsChoking">Whether we choke it.</param>
    public sealed record SetChoke(int Session, bool IsChoking);

    /// <summary>Coordinator → every peer: pieces that we got.</summary>
    /// <param name="Pieces">The pieces.</param>
    /// <param name="AreLast">Whether we want no more after these (BEP 21).</param>
    public sealed record WeGot(IReadOnlyList<PieceIndex> Pieces, bool AreLast);

    /// <summary>Coordinator → every peer: pieces that we have no more.</summary>
    /// <param name="Pieces">The pieces.</param>
    public sealed record WeLost(IReadOnlyList<PieceIndex> Pieces);

    /// <summary>Peer → coordinator, once a tick while something moved: how much.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Downloaded">Bytes of blocks received in this session.</param>
    /// <param name="Uploaded">Bytes of blocks sent in this session.</param>
    /// <param name="Wasted">Bytes of blocks received in this session that nobody asked for.</param>
    /// <param name="DownloadRate">Bytes a second from the peer.</param>
    /// <param name="UploadRate">Bytes a second to the peer.</param>
    public sealed record Progress(int Session, long Downloaded, long Uploaded, long Wasted, double DownloadRate, double UploadRate) : IDeadLetterSuppression;

    /// <summary>Peer → coordinator, from the restart hook: an exception that is not a fault of the peer restarts its actor.</summary>
    /// <param name="Session">The session that was under way.</param>
    /// <param name="Reason">The exception.</param>
    public sealed record Crashed(int Session, Exception Reason);
}
