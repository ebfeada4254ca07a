using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Wire.Peers;

/// <summary>
/// Any message after the handshake, as a value without allocation. Which properties mean something depends on <see cref="Kind"/>; the
/// others are zero. Numbers are big-endian on the wire. Two messages are equal when their fields and the bytes of their payloads are.
/// </summary>
public readonly record struct PeerMessage
{
    private PeerMessage(PeerMessageKind kind) => Kind = kind;

    /// <summary>The kind.</summary>
    public PeerMessageKind Kind { get; private init; }

    /// <summary>The id byte on the wire; 0 for a keep-alive, which has none.</summary>
    public byte Id { get; private init; }

    /// <summary>The id within the extension protocol (BEP 10); 0 is its handshake. For Extended.</summary>
    public byte ExtendedId { get; private init; }

    /// <summary>The UDP port of a DHT node. For Port.</summary>
    public ushort Port { get; private init; }

    /// <summary>The piece. For Have, Request, Piece, Cancel, Reject, Suggest and AllowedFast.</summary>
    public PieceIndex Piece { get; private init; }

    /// <summary>The offset within the piece, in bytes. For Request, Piece, Cancel and Reject.</summary>
    public int Offset { get; private init; }

    /// <summary>The block's length in bytes. For Request, Piece (the data's length), Cancel and Reject.</summary>
    public int Length { get; private init; }

    /// <summary>
    /// The bits (Bitfield), the block's data (Piece), the extension's payload after its id (Extended), the whole body (Unknown). When it
    /// was read it is a slice of the buffer that was read from: valid only as long as that is.
    /// </summary>
    public ReadOnlyMemory<byte> Payload { get; private init; }

    /// <summary>The block that is asked for, brought, cancelled or rejected.</summary>
    public BlockRequest AsBlockRequest => new(Piece, Offset, Length);

    /// <summary>A keep-alive: four zero bytes.</summary>
    public static PeerMessage KeepAlive => new(PeerMessageKind.KeepAlive);

    /// <summary>A choke.</summary>
    public static PeerMessage Choke => Plain(PeerMessageKind.Choke);

    /// <summary>An unchoke.</summary>
    public static PeerMessage Unchoke => Plain(PeerMessageKind.Unchoke);

    /// <summary>An interested.</summary>
    public static PeerMessage Interested => Plain(PeerMessageKind.Interested);

    /// <summary>A not interested.</summary>
    public static PeerMessage NotInterested => Plain(PeerMessageKind.NotInterested);

    /// <summary>A have-all (BEP 6).</summary>
    public static PeerMessage HaveAll => Plain(PeerMessageKind.HaveAll);

    /// <summary>A have-none (BEP 6).</summary>
    public static PeerMessage HaveNone => Plain(PeerMessageKind.HaveNone);

    /// <summary>A have of one piece.</summary>
    public static PeerMessage Have(PieceIndex piece) => Plain(PeerMessageKind.Have) with { Piece = piece };

    /// <summary>A bitfield, of its bytes.</summary>
    public static PeerMessage Bitfield(ReadOnlyMemory<byte> bits) => Plain(PeerMessageKind.Bitfield) with { Payload = bits };

    /// <summary>A request for a block.</summary>
    public static PeerMessage Request(BlockRequest block) => OfBlock(PeerMessageKind.Request, block);

    /// <summary>A block's data (the message that BEP 3 calls <c>piece</c>).</summary>
    public static PeerMessage Block(PieceIndex piece, int offset, ReadOnlyMemory<byte> data) =>
        OfBlock(PeerMessageKind.Piece, new BlockRequest(piece, offset, data.Length)) with { Payload = data };

    /// <summary>A cancel of a request.</summary>
    public static PeerMessage Cancel(BlockRequest block) => OfBlock(PeerMessageKind.Cancel, block);

    /// <summary>A reject of a request (BEP 6).</summary>
    public static PeerMessage Reject(BlockRequest block) => OfBlock(PeerMessageKind.Reject, block);

    /// <summary>The UDP port of our DHT node (BEP 5).</summary>
    public static PeerMessage DhtPort(ushort port) => Plain(PeerMessageKind.Port) with { Port = port };

    /// <summary>A suggestion of a piece (BEP 6).</summary>
    public static PeerMessage Suggest(PieceIndex piece) => Plain(PeerMessageKind.Suggest) with { Piece = piece };

    /// <summary>A piece that may be asked for while choked (BEP 6).</summary>
    public static PeerMessage AllowedFast(PieceIndex piece) => Plain(PeerMessageKind.AllowedFast) with { Piece = piece };

    /// <summary>An extension's message (BEP 10).</summary>
    public static PeerMessage Extended(byte id, ReadOnlyMemory<byte> payload) =>
        Plain(PeerMessageKind.Extended) with { ExtendedId = id, Payload = payload };

    /// <summary>A message of an id that has no meaning here.</summary>
    /// <exception cref="ArgumentException">The id has a meaning.</exception>
    public static PeerMessage Unknown(byte id, ReadOnlyMemory<byte> body)
    {
        if (PeerMessageReader.KindOf(id) != PeerMessageKind.Unknown)
            throw new ArgumentException($"Id {id} is known: {PeerMessageReader.KindOf(id)}.", nameof(id));
        return new PeerMessage(PeerMessageKind.Unknown) { Id = id, Payload = body };
    }

    /// <summary>Whether all fields are equal and the payloads hold the same bytes.</summary>
    public bool Equals(PeerMessage other) =>
        Kind == other.Kind && Id == other.Id && ExtendedId == other.ExtendedId && Port == other.Port && Piece == other.Piece
        && Offset == other.Offset && Length == other.Length && Payload.Span.SequenceEqual(other.Payload.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Id, ExtendedId, Port, Piece, Offset, Length, Payload.Length);

    /// <summary>The kind with what matters of it, for logs; never the payload's bytes.</summary>
    public override string ToString() => Kind switch
    {
        PeerMessageKind.Have or PeerMessageKind.Suggest or PeerMessageKind.AllowedFast => $"{Kind} {Piece}",
        PeerMessageKind.Request or PeerMessageKind.Piece or PeerMessageKind.Cancel or PeerMessageKind.Reject => $"{Kind} {AsBlockRequest}",
        PeerMessageKind.Port => FormattableString.Invariant($"{Kind} {Port}"),
        PeerMessageKind.Bitfield => FormattableString.Invariant($"{Kind} ({Payload.Length} bytes)"),
        PeerMessageKind.Extended => FormattableString.Invariant($"{Kind} {ExtendedId} ({Payload.Length} bytes)"),
        PeerMessageKind.Unknown => FormattableString.Invariant($"{Kind} {Id} ({Payload.Length} bytes)"),
        _ => Kind.ToString(),
    };

    private static PeerMessage Plain(PeerMessageKind kind) => new(kind) { Id = (byte)kind };

    private static PeerMessage OfBlock(PeerMessageKind kind, BlockRequest block) =>
        new(kind) { Id = (byte)kind, Piece = block.Piece, Offset = block.Offset, Length = block.Length };
}
