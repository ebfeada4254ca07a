using ActorTorrent.Wire.Bencode;
using BencodeNET.Objects;

namespace ActorTorrent.Wire.Peers;

/// <summary>
/// A message of the extension <c>ut_metadata</c> (BEP 9), which carries a torrent's <c>info</c> value in pieces of 16 KiB: a bencoded
/// dictionary, and behind it a piece's bytes.
/// </summary>
public readonly record struct MetadataMessage
{
    /// <summary>The extension's name in the <c>m</c> of an <see cref="ExtensionHandshake"/>.</summary>
    public const string Name = "ut_metadata";

    /// <summary>The size of a piece in bytes; the last one may be shorter.</summary>
    public const int PieceLength = 16 * 1024;

    private const int LongestHead = 1024;

    /// <summary>What it is for.</summary>
    public MetadataMessageKind Kind { get; private init; }

    /// <summary>The piece, 0 or more.</summary>
    public int Piece { get; private init; }

    /// <summary>The size of the whole in bytes, as the sender says; of Data.</summary>
    public long TotalSize { get; private init; }

    /// <summary>The piece's bytes; of Data. A slice of what was read.</summary>
    public ReadOnlyMemory<byte> Data { get; private init; }

    /// <summary>How many pieces metadata of a size has.</summary>
    public static int PieceCount(long size) => (int)((size + PieceLength - 1) / PieceLength);

    /// <summary>The size in bytes of a piece of metadata of a size.</summary>
    public static int PieceSize(long size, int piece) => (int)Math.Min(PieceLength, size - ((long)piece * PieceLength));

    /// <summary>The payload that asks for a piece.</summary>
    public static byte[] Request(int piece) => Head(MetadataMessageKind.Request, piece).EncodeAsBytes();

    /// <summary>The payload that refuses a piece.</summary>
    public static byte[] Reject(int piece) => Head(MetadataMessageKind.Reject, piece).EncodeAsBytes();

    /// <summary>The payload that brings a piece.</summary>
    /// <param name="metadata">The whole.</param>
    /// <param name="piece">The piece.</param>
    public static byte[] Bring(ReadOnlySpan<byte> metadata, int piece)
    {
        var head = Head(MetadataMessageKind.Data, piece);
        head["total_size"] = new BNumber(metadata.Length);
        return [.. head.EncodeAsBytes(), .. metadata.Slice(piece * PieceLength, PieceSize(metadata.Length, piece))];
    }

    /// <summary>Reads a payload.</summary>
    /// <exception cref="PeerWireException">
    /// It is no dictionary of the extension, or its piece is longer than 16 KiB (<see cref="PeerWireError.MalformedMessage"/>), or it names
    /// a piece that no metadata has (<see cref="PeerWireError.IndexOutOfRange"/>).
    /// </exception>
    public static MetadataMessage Parse(ReadOnlyMemory<byte> payload)
    {
        var length = HeadLength(payload.Span);
        var fields = BencodeFields.Parse(payload[..length], (field, offset, message) => Malformed($"{field} at byte {offset} {message}"));
        var kind = fields.Number("msg_type") switch
        {
            null => throw Malformed("msg_type is missing"),
            0 => MetadataMessageKind.Request,
            1 => MetadataMessageKind.Data,
            2 => MetadataMessageKind.Reject,
            _ => MetadataMessageKind.Unknown,
        };
        if (kind == MetadataMessageKind.Unknown)
            return new MetadataMessage { Kind = kind };
        var piece = fields.Number("piece") ?? throw Malformed("piece is missing");
        if (piece is < 0 or > int.MaxValue / PieceLength)
            throw new PeerWireException(PeerWireError.IndexOutOfRange, $"A {Name} message names piece {piece}; no metadata has that.");
        if (kind != MetadataMessageKind.Data)
            return new MetadataMessage { Kind = kind, Piece = (int)piece };
        var data = payload[length..];
        if (data.Length is 0 or > PieceLength)
            throw Malformed($"it brings {data.Length} bytes; a piece has 1 to {PieceLength}");
        return new MetadataMessage
        {
            Kind = kind,
            Piece = (int)piece,
            TotalSize = fields.Number("total_size") ?? throw Malformed("total_size is missing"),
            Data = data,
        };
    }

    private static int HeadLength(ReadOnlySpan<byte> payload)
    {
        try
        {
            // The head is short whatever follows it.
            return BencodeScanner.CheckPrefix(payload[..Math.Min(payload.Length, LongestHead)]);
        }
        catch (BencodeScanException e)
        {
            throw Malformed(e.Reason);
        }
    }

    private static BDictionary Head(MetadataMessageKind kind, int piece) => new() { ["msg_type"] = new BNumber((int)kind), ["piece"] = new BNumber(piece) };

    private static PeerWireException Malformed(string what) => new(PeerWireError.MalformedMessage, $"A {Name} message is malformed: {what}.");
}
