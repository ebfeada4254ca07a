using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Wire.Peers;

/// <summary>
/// Cuts messages out of a peer's stream (BEP 3): a 4-byte big-endian length, then that many bytes, of which the first is the id. Works on
/// whatever has arrived; refuses what is illegal as soon as the bytes that prove it are there, before the body is. Copies and allocates
/// nothing: payloads are slices of the buffer. Requests and cancels outside the torrent pass: whoever serves them answers.
/// </summary>
public static class PeerMessageReader
{
    private const int LengthField = 4;
    private const int Head = 5;
    private const int BlockHead = 13;

    /// <summary>Reads one message from the start of a buffer.</summary>
    /// <param name="buffer">The bytes that came after the handshake, or after the last message that was consumed.</param>
    /// <param name="limits">What is accepted.</param>
    /// <param name="message">The message, when one was read.</param>
    /// <param name="consumed">How many bytes the message took; 0 when none was read.</param>
    /// <param name="needed">The whole frame's size in bytes, length field included; 4 as long as that is not known.</param>
    /// <exception cref="PeerWireException">The peer broke the protocol.</exception>
    public static PeerReadStatus TryRead(
        ReadOnlyMemory<byte> buffer, PeerMessageLimits limits, out PeerMessage message, out int consumed, out int needed)
    {
        ArgumentNullException.ThrowIfNull(limits);
        message = default;
        consumed = 0;
        needed = LengthField;
        var bytes = buffer.Span;
        if (bytes.Length < LengthField)
            return PeerReadStatus.NeedMore;

        var claimed = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        if (claimed == 0)
        {
            message = PeerMessage.KeepAlive;
            consumed = LengthField;
            return PeerReadStatus.Read;
        }
        if (claimed > Math.Min((uint)Math.Max(limits.MaxMessageLength, limits.BitfieldLength + 1), int.MaxValue - LengthField))
            Refuse(PeerWireError.OversizedMessage, $"A message of {claimed} bytes; at most {limits.MaxMessageLength} are accepted.");
        var length = (int)claimed;
        needed = LengthField + length;
        if (bytes.Length < Head)
            return PeerReadStatus.NeedMore;

        var id = bytes[LengthField];
        var kind = KindOf(id);
        CheckLength(kind, length, limits);
        if (kind == PeerMessageKind.Piece && bytes.Length >= BlockHead)
            CheckRange(kind, bytes[Head..], limits);
        if (bytes.Length < needed)
            return PeerReadStatus.NeedMore;

        message = Decode(kind, id, buffer[Head..needed], limits);
        consumed = needed;
        return PeerReadStatus.Read;
    }

    internal static PeerMessageKind KindOf(byte id) => id is <= 9 or (>= 0x0D and <= 0x11) or 20 ? (PeerMessageKind)id : PeerMessageKind.Unknown;

    private static void CheckLength(PeerMessageKind kind, int length, PeerMessageLimits limits)
    {
        switch (kind)
        {
            case PeerMessageKind.Choke or PeerMessageKind.Unchoke or PeerMessageKind.Interested or PeerMessageKind.NotInterested
                or PeerMessageKind.HaveAll or PeerMessageKind.HaveNone:
                Expect(kind, length, 1);
                break;
            case PeerMessageKind.Have or PeerMessageKind.Suggest or PeerMessageKind.AllowedFast:
                Expect(kind, length, 5);
                break;
            case PeerMessageKind.Request or PeerMessageKind.Cancel or PeerMessageKind.Reject:
                Expect(kind, length, 13);
                break;
            case PeerMessageKind.Port:
                Expect(kind, length, 3);
                break;
            case PeerMessageKind.Piece:
                if (length < 9)
                    Refuse(PeerWireError.MalformedMessage, $"A Piece message of {length} bytes; its head alone takes 9.");
                if (length - 9 > limits.MaxBlockLength)
                    Refuse(PeerWireError.MalformedMessage, $"A block of {length - 9} bytes; at most {limits.MaxBlockLength} are accepted.");
                break;
            case PeerMessageKind.Bitfield:
                if (limits.KnowsPieces && length - 1 != limits.BitfieldLength)
                {
                    Refuse(
                        PeerWireError.BadBitfield,
                        $"A bitfield of {length - 1} bytes; {limits.PieceCount} pieces take {limits.BitfieldLength}.");
                }
                break;
            case PeerMessageKind.Extended:
                if (length < 2)
                    Refuse(PeerWireError.MalformedMessage, "An Extended message without the extension's id.");
                break;
        }
        // The longer allowance is the bitfield's alone.
        if (length > limits.MaxMessageLength && kind != PeerMessageKind.Bitfield)
            Refuse(PeerWireError.OversizedMessage, $"A message of {length} bytes; at most {limits.MaxMessageLength} are accepted.");
    }

    private static PeerMessage Decode(PeerMessageKind kind, byte id, ReadOnlyMemory<byte> body, PeerMessageLimits limits)
    {
        var bytes = body.Span;
        switch (kind)
        {
            case PeerMessageKind.Choke:
                return PeerMessage.Choke;
            case PeerMessageKind.Unchoke:
                return PeerMessage.Unchoke;
            case PeerMessageKind.Interested:
                return PeerMessage.Interested;
            case PeerMessageKind.NotInterested:
                return PeerMessage.NotInterested;
            case PeerMessageKind.HaveAll:
                return PeerMessage.HaveAll;
            case PeerMessageKind.HaveNone:
                return PeerMessage.HaveNone;
            case PeerMessageKind.Have:
                return PeerMessage.Have(PieceAt(kind, bytes, limits));
            case PeerMessageKind.Suggest:
                return PeerMessage.Suggest(PieceAt(kind, bytes, limits));
            case PeerMessageKind.AllowedFast:
                return PeerMessage.AllowedFast(PieceAt(kind, bytes, limits));
            case PeerMessageKind.Bitfield:
                CheckSpareBits(bytes, limits);
                return PeerMessage.Bitfield(body);
            case PeerMessageKind.Request:
                return PeerMessage.Request(AnyBlockAt(bytes));
            case PeerMessageKind.Cancel:
                return PeerMessage.Cancel(AnyBlockAt(bytes));
            case PeerMessageKind.Reject:
                return PeerMessage.Reject(BlockAt(kind, bytes, limits));
            case PeerMessageKind.Piece:
                var (piece, offset) = CheckRange(kind, bytes, limits);
                return PeerMessage.Block(piece, offset, body[8..]);
            case PeerMessageKind.Port:
                return PeerMessage.DhtPort(BinaryPrimitives.ReadUInt16BigEndian(bytes));
            case PeerMessageKind.Extended:
                return PeerMessage.Extended(bytes[0], body[1..]);
            default:
                return PeerMessage.Unknown(id, body);
        }
    }

    private static PieceIndex PieceAt(PeerMessageKind kind, ReadOnlySpan<byte> body, PeerMessageLimits limits)
    {
        var index = BinaryPrimitives.ReadUInt32BigEndian(body);
        if (index > int.MaxValue || (limits.KnowsPieces && index >= (uint)limits.PieceCount))
        {
            Refuse(
                PeerWireError.IndexOutOfRange,
                limits.KnowsPieces
                    ? $"A {kind} of piece {index}; the torrent has {limits.PieceCount}."
                    : $"A {kind} of piece {index}; no torrent has that many.");
        }
        return new PieceIndex((int)index);
    }

    private static (PieceIndex Piece, int Offset) CheckRange(PeerMessageKind kind, ReadOnlySpan<byte> body, PeerMessageLimits limits)
    {
        var piece = PieceAt(kind, body, limits);
        var offset = BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
        if (offset > int.MaxValue)
            Refuse(PeerWireError.IndexOutOfRange, $"A {kind} at offset {offset} of piece {piece}; no piece is that long.");
        return (piece, (int)offset);
    }

    /// <summary>What a peer asks of us may be rejected (BEP 6), so it is read as it is; numbers over 2³¹ come out negative.</summary>
    private static BlockRequest AnyBlockAt(ReadOnlySpan<byte> body) => new(
        new PieceIndex(BinaryPrimitives.ReadInt32BigEndian(body)),
        BinaryPrimitives.ReadInt32BigEndian(body[4..]),
        BinaryPrimitives.ReadInt32BigEndian(body[8..]));

    private static BlockRequest BlockAt(PeerMessageKind kind, ReadOnlySpan<byte> body, PeerMessageLimits limits)
    {
        var (piece, offset) = CheckRange(kind, body, limits);
        var length = BinaryPrimitives.ReadUInt32BigEndian(body[8..]);
        if (length > int.MaxValue)
            Refuse(PeerWireError.IndexOutOfRange, $"A {kind} of {length} bytes of piece {piece}; no piece is that long.");
        return new BlockRequest(piece, offset, (int)length);
    }

    private static void CheckSpareBits(ReadOnlySpan<byte> bits, PeerMessageLimits limits)
    {
        if (limits.KnowsPieces && limits.PieceCount % 8 != 0 && (bits[^1] & (0xFF >> (limits.PieceCount % 8))) != 0)
            Refuse(PeerWireError.BadBitfield, $"A bitfield with bits set past the last of {limits.PieceCount} pieces.");
    }

    private static void Expect(PeerMessageKind kind, int length, int wanted)
    {
        if (length != wanted)
            Refuse(PeerWireError.MalformedMessage, $"A {kind} message of {length} bytes; it has {wanted}.");
    }

    [DoesNotReturn]
    private static void Refuse(PeerWireError error, string message) => throw new PeerWireException(error, message);
}
