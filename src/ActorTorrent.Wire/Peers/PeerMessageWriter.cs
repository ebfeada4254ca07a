using System.Buffers;
using System.Buffers.Binary;

namespace ActorTorrent.Wire.Peers;

/// <summary>Turns messages into bytes: a 4-byte big-endian length, the id, the body (BEP 3). Allocates nothing.</summary>
public static class PeerMessageWriter
{
    /// <summary>What a Piece message has before the data, in bytes: length, id, piece, offset.</summary>
    public const int BlockHeaderLength = 13;

    /// <summary>How many bytes a message takes, length field included.</summary>
    public static int GetLength(in PeerMessage message) => message.Kind switch
    {
        PeerMessageKind.KeepAlive => 4,
        PeerMessageKind.Have or PeerMessageKind.Suggest or PeerMessageKind.AllowedFast => 9,
        PeerMessageKind.Request or PeerMessageKind.Cancel or PeerMessageKind.Reject => 17,
        PeerMessageKind.Port => 7,
        PeerMessageKind.Piece => BlockHeaderLength + message.Payload.Length,
        PeerMessageKind.Extended => 6 + message.Payload.Length,
        PeerMessageKind.Bitfield or PeerMessageKind.Unknown => 5 + message.Payload.Length,
        _ => 5,
    };

    /// <summary>Writes a message to the start of <paramref name="destination"/> and returns how many bytes that took.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="GetLength"/> says.</exception>
    public static int Write(Span<byte> destination, in PeerMessage message)
    {
        var total = GetLength(message);
        if (destination.Length < total)
            throw new ArgumentException($"The message needs {total} bytes, not {destination.Length}.", nameof(destination));
        BinaryPrimitives.WriteInt32BigEndian(destination, total - 4);
        if (message.Kind == PeerMessageKind.KeepAlive)
            return total;
        destination[4] = message.Id;
        var body = destination[5..];
        switch (message.Kind)
        {
            case PeerMessageKind.Have or PeerMessageKind.Suggest or PeerMessageKind.AllowedFast:
                BinaryPrimitives.WriteInt32BigEndian(body, message.Piece.Value);
                break;
            case PeerMessageKind.Request or PeerMessageKind.Cancel or PeerMessageKind.Reject:
                BinaryPrimitives.WriteInt32BigEndian(body, message.Piece.Value);
                BinaryPrimitives.WriteInt32BigEndian(body[4..], message.Offset);
                BinaryPrimitives.WriteInt32BigEndian(body[8..], message.Length);
                break;
            case PeerMessageKind.Piece:
                BinaryPrimitives.WriteInt32BigEndian(body, message.Piece.Value);
                BinaryPrimitives.WriteInt32BigEndian(body[4..], message.Offset);
                message.Payload.Span.CopyTo(body[8..]);
                break;
            case PeerMessageKind.Port:
                BinaryPrimitives.WriteUInt16BigEndian(body, message.Port);
                break;
            case PeerMessageKind.Extended:
                body[0] = message.ExtendedId;
                message.Payload.Span.CopyTo(body[1..]);
                break;
            case PeerMessageKind.Bitfield or PeerMessageKind.Unknown:
                message.Payload.Span.CopyTo(body);
                break;
        }
        return total;
    }

    /// <summary>Writes a message to a growing buffer.</summary>
    public static void Write(IBufferWriter<byte> destination, in PeerMessage message)
    {
        ArgumentNullException.ThrowIfNull(destination);
        destination.Advance(Write(destination.GetSpan(GetLength(message)), message));
    }

    /// <summary>
    /// Writes what stands before the data of a Piece message, for a gathered send of header and data; returns its length, 13.
    /// </summary>
    /// <exception cref="ArgumentException">The destination is shorter than 13 bytes.</exception>
    public static int WriteBlockHeader(Span<byte> destination, BlockRequest block)
    {
        if (destination.Length < BlockHeaderLength)
            throw new ArgumentException($"The header needs {BlockHeaderLength} bytes, not {destination.Length}.", nameof(destination));
        BinaryPrimitives.WriteInt32BigEndian(destination, BlockHeaderLength - 4 + block.Length);
        destination[4] = (byte)PeerMessageKind.Piece;
        BinaryPrimitives.WriteInt32BigEndian(destination[5..], block.Piece.Value);
        BinaryPrimitives.WriteInt32BigEndian(destination[9..], block.Offset);
        return BlockHeaderLength;
    }
}
