using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// What a peer tells of its pieces before the torrent's metadata is there: how many pieces there are is not known yet, so most of it is
/// checked when that comes. Bounded by the number of pieces that metadata can name.
/// </summary>
internal sealed class EarlyPieces(int maxMetadataBytes)
{
    // Allowed fast pieces that are kept; more than other clients name.
    private const int MaxAllowedFast = 32;

    private readonly int _maxPieces = maxMetadataBytes / PieceHashes.HashLength;
    private readonly List<PieceIndex> _allowedFast = [];
    private byte[] _bits = [];
    private int? _bitfieldLength;
    private bool _hasAll;

    /// <summary>Whether anything was told.</summary>
    public bool IsAny { get; private set; }

    /// <summary>Pieces that it gives while it chokes us (BEP 6), those that the torrent has.</summary>
    public IEnumerable<PieceIndex> AllowedFast(int pieceCount) => _allowedFast.Where(piece => piece.Value < pieceCount);

    /// <summary>Takes a message about pieces; false when it brings no news.</summary>
    /// <exception cref="PeerWireException">No torrent fits it.</exception>
    public bool Take(in PeerMessage message)
    {
        switch (message.Kind)
        {
            case PeerMessageKind.Bitfield:
                return TakeBitfield(message.Payload.Span);
            case PeerMessageKind.HaveAll:
                var isNews = !_hasAll;
                IsAny = _hasAll = true;
                return isNews;
            case PeerMessageKind.Have:
                return Set(message.Piece);
            case PeerMessageKind.AllowedFast:
                if (_allowedFast.Count == MaxAllowedFast || _allowedFast.Contains(message.Piece))
                    return false;
                _allowedFast.Add(message.Piece);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Takes a have back (BEP 54); false when it was not told.</summary>
    public bool Clear(PieceIndex piece)
    {
        var at = piece.Value >> 3;
        var mask = MaskOf(piece);
        if (at >= _bits.Length || (_bits[at] & mask) == 0)
            return false;
        _bits[at] &= (byte)~mask;
        return true;
    }

    /// <summary>What the peer has, now that the number of pieces is known.</summary>
    /// <exception cref="PeerWireException">It told of pieces that the torrent does not have, or a bitfield of another length.</exception>
    public Bitfield Resolve(int pieceCount)
    {
        var pieces = new Bitfield(pieceCount);
        if (_hasAll)
        {
            pieces.SetAll();
            return pieces;
        }
        var length = pieces.ByteLength;
        if (_bitfieldLength is { } told && told != length)
            throw new PeerWireException(PeerWireError.BadBitfield, $"A bitfield of {told} bytes; {pieceCount} pieces take {length}.");
        for (var index = 0; index < _bits.Length * 8; index++)
        {
            var piece = new PieceIndex(index);
            if ((_bits[index >> 3] & MaskOf(piece)) == 0)
                continue;
            if (index >= pieceCount)
                throw new PeerWireException(PeerWireError.IndexOutOfRange, $"A have of piece {index}; the torrent has {pieceCount}.");
            pieces.Set(piece);
        }
        return pieces;
    }

    private bool TakeBitfield(ReadOnlySpan<byte> bits)
    {
        if (IsAny || bits.Length > (_maxPieces + 7) / 8)
            throw new PeerWireException(PeerWireError.BadBitfield, IsAny ? "A second bitfield, or a late one." : $"A bitfield of {bits.Length} bytes; no torrent takes that.");
        IsAny = true;
        _bits = bits.ToArray();
        _bitfieldLength = bits.Length;
        return true;
    }

    private bool Set(PieceIndex piece)
    {
        if (piece.Value >= _maxPieces)
            throw new PeerWireException(PeerWireError.IndexOutOfRange, $"A have of piece {piece}; no torrent has that many.");
        IsAny = true;
        var at = piece.Value >> 3;
        if (at >= _bits.Length)
            Array.Resize(ref _bits, Math.Max(at + 1, Math.Min(2 * _bits.Length, (_maxPieces + 7) / 8)));
        if ((_bits[at] & MaskOf(piece)) != 0)
            return false;
        _bits[at] |= MaskOf(piece);
        return true;
    }

    private static byte MaskOf(PieceIndex piece) => (byte)(0x80 >> (piece.Value & 7));
}
