using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Event;

namespace ActorTorrent.Engine.Peers;

/// <summary>The conversation between a <see cref="PeerActor"/> and the <see cref="PeerConnectionActor"/> below it.</summary>
public static class PeerConnectionProtocol
{
    /// <summary>Connection → peer: TCP is connected, the handshake is under way.</summary>
    /// <param name="Session">The connection attempt.</param>
    public sealed record Connected(int Session) : IDeadLetterSuppression;

    /// <summary>Connection → peer: the peer's handshake is right.</summary>
    /// <param name="Session">The connection attempt.</param>
    /// <param name="Handshake">The handshake.</param>
    public sealed record HandshakeReceived(int Session, Handshake Handshake) : IDeadLetterSuppression;

    /// <summary>Connection → peer: messages. The receiver releases the batch.</summary>
    /// <param name="Session">The connection attempt.</param>
    /// <param name="Batch">The messages.</param>
    public sealed record Received(int Session, InboundBatch Batch) : IDeadLetterSuppression;

    /// <summary>Connection → peer: the connection is over.</summary>
    /// <param name="Session">The connection attempt.</param>
    /// <param name="End">How it ended.</param>
    public sealed record Ended(int Session, ConnectionEnd End) : IDeadLetterSuppression;

    /// <summary>Peer → connection: send messages, in one write with whatever else is waiting.</summary>
    /// <param name="Messages">The messages.</param>
    public sealed record Send(IReadOnlyList<PeerMessage> Messages);

    /// <summary>Peer → connection: send requests for blocks, in one write. The receiver recycles the batch.</summary>
    /// <param name="Batch">The blocks.</param>
    public sealed record SendRequests(RequestBatch Batch);

    /// <summary>Peer → connection: tell the peer of pieces that we have, in one write.</summary>
    /// <param name="Pieces">The pieces.</param>
    public sealed record SendHaves(IReadOnlyList<PieceIndex> Pieces);

    /// <summary>Peer → connection: send blocks of one piece. The connection disposes the buffer and recycles the run.</summary>
    /// <param name="Run">The blocks.</param>
    /// <param name="Buffer">The bytes of the run's parts, each with room for a head.</param>
    internal sealed record SendBlocks(UploadRun Run, ReadBuffer Buffer);

    /// <summary>Socket → connection: the send under way is over; its <see cref="Outbox"/> knows how.</summary>
    internal sealed record SendCompleted : IDeadLetterSuppression
    {
        /// <summary>The only one.</summary>
        public static readonly SendCompleted Instance = new();
    }

    /// <summary>The rounds → connection: it is its turn to receive.</summary>
    /// <param name="Turn">The loop that waits.</param>
    internal sealed record ReceiveRound(ReceiveTurn Turn) : IDeadLetterSuppression;

    /// <summary>Who dealt with what was received → connection: it may receive more.</summary>
    /// <param name="Credit">What the loop waits for.</param>
    internal sealed record ReceiveMore(ReceiveCredit Credit) : IDeadLetterSuppression;

    /// <summary>Peer → connection: send a message whose way through the socket is told by <see cref="PacedSent"/>.</summary>
    /// <param name="Message">The message.</param>
    public sealed record SendPaced(PeerMessage Message);

    /// <summary>Connection → peer: such messages left through the socket.</summary>
    /// <param name="Session">The connection attempt.</param>
    /// <param name="Count">How many.</param>
    public sealed record PacedSent(int Session, int Count) : IDeadLetterSuppression;

    /// <summary>Peer → connection: hold messages against these limits from now on.</summary>
    /// <param name="Limits">The limits.</param>
    public sealed record UseLimits(PeerMessageLimits Limits);

    /// <summary>Connection → peer: blocks left through the socket.</summary>
    /// <param name="Session">The connection attempt.</param>
    /// <param name="PayloadBytes">Bytes of blocks sent.</param>
    /// <param name="Acknowledged">Bytes that the other side had acknowledged by then since the connection began; no more is looked at once they are as many as may be on their way.</param>
    public sealed record BlocksSent(int Session, int PayloadBytes, long Acknowledged) : IDeadLetterSuppression;
}
