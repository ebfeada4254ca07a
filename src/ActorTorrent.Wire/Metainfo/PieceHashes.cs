namespace ActorTorrent.Wire.Metainfo;

/// <summary>The SHA-1 of every piece, 20 bytes each, end to end as in <c>info.pieces</c> (BEP 3).</summary>
public sealed class PieceHashes
{
    /// <summary>The size of one hash in bytes: 20.</summary>
    public const int HashLength = 20;

    private readonly ReadOnlyMemory<byte> _bytes;

    /// <summary>Reads hashes that stand end to end. The memory is kept, not copied.</summary>
    /// <exception cref="ArgumentException">The length is no multiple of 20.</exception>
    public PieceHashes(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length % HashLength != 0)
            throw new ArgumentException($"Piece hashes take {HashLength} bytes each; {bytes.Length} bytes is no multiple of that.", nameof(bytes));
        _bytes = bytes;
    }

    /// <summary>How many hashes there are.</summary>
    public int Count => _bytes.Length / HashLength;

    /// <summary>All hashes end to end.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The 20 bytes of a piece's hash.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such piece.</exception>
    public ReadOnlySpan<byte> this[PieceIndex piece]
    {
        get
        {
            if ((uint)piece.Value >= (uint)Count)
                throw new ArgumentOutOfRangeException(nameof(piece), piece.Value, $"There are {Count} piece hashes.");
            return _bytes.Span.Slice(piece.Value * HashLength, HashLength);
        }
    }

    /// <summary>Whether a piece's hash is the given one.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="sha1">The computed hash, 20 bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such piece.</exception>
    public bool Matches(PieceIndex piece, ReadOnlySpan<byte> sha1) => this[piece].SequenceEqual(sha1);
}
