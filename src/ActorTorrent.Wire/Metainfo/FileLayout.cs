namespace ActorTorrent.Wire.Metainfo;

/// <summary>
/// How a torrent's bytes fall on files, pieces and blocks. All files stand end to end, in the order of the torrent file (BEP 3), and
/// pieces are cut from that without regard to files. Immutable; a lookup is a binary search over the files.
/// </summary>
public sealed class FileLayout
{
    /// <summary>The size of a block in bytes: 16 KiB. A piece's last block may be shorter.</summary>
    public const int BlockLength = 16384;

    private readonly TorrentFileEntry[] _files;

    /// <summary>Lays files end to end.</summary>
    /// <param name="files">The files, indexed from 0 and each starting where the one before ended.</param>
    /// <param name="pieceLength">The size of every piece but the last, in bytes; at least 1.</param>
    /// <exception cref="ArgumentException">The files do not stand end to end, or there are none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The piece length is under 1, or there would be more pieces than an index can number.</exception>
    public FileLayout(IEnumerable<TorrentFileEntry> files, int pieceLength)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentOutOfRangeException.ThrowIfLessThan(pieceLength, 1);
        _files = [.. files];
        if (_files.Length == 0)
            throw new ArgumentException("A layout needs at least one file.", nameof(files));
        var offset = 0L;
        for (var i = 0; i < _files.Length; i++)
        {
            var file = _files[i];
            if (file.Index != i || file.Offset != offset || file.Length < 0 || file.Length > long.MaxValue - offset)
                throw new ArgumentException($"File {i} ({file.Path}) does not stand right after the one before it.", nameof(files));
            offset += file.Length;
        }
        TotalLength = offset;
        PieceLength = pieceLength;
        var pieces = (offset / pieceLength) + (offset % pieceLength == 0 ? 0 : 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pieces, int.MaxValue, nameof(pieceLength));
        PieceCount = (int)pieces;
    }

    /// <summary>The files in the torrent's order, padding included.</summary>
    public IReadOnlyList<TorrentFileEntry> Files => _files;

    /// <summary>The sum of the files' lengths, in bytes.</summary>
    public long TotalLength { get; }

    /// <summary>The size of every piece but the last, in bytes.</summary>
    public int PieceLength { get; }

    /// <summary>How many pieces there are.</summary>
    public int PieceCount { get; }

    /// <summary>The size of a piece in bytes; the last one's may be smaller than <see cref="PieceLength"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such piece.</exception>
    public int PieceSize(PieceIndex piece) => (int)Math.Min(PieceLength, TotalLength - PieceOffset(piece));

    /// <summary>Where a piece starts in the torrent's bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such piece.</exception>
    public long PieceOffset(PieceIndex piece)
    {
        if ((uint)piece.Value >= (uint)PieceCount)
            throw new ArgumentOutOfRangeException(nameof(piece), piece.Value, $"There are {PieceCount} pieces.");
        return (long)piece.Value * PieceLength;
    }

    /// <summary>How many blocks a piece has.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such piece.</exception>
    public int BlockCount(PieceIndex piece) => (int)(((long)PieceSize(piece) + BlockLength - 1) / BlockLength);

    /// <summary>The size of a block in bytes: 16 KiB, or what is left of the piece.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such piece or block.</exception>
    public int BlockSize(PieceIndex piece, int block)
    {
        var left = PieceSize(piece) - ((long)block * BlockLength);
        if (block < 0 || left <= 0)
            throw new ArgumentOutOfRangeException(nameof(block), block, $"Piece {piece} has {BlockCount(piece)} blocks.");
        return (int)Math.Min(BlockLength, left);
    }

    /// <summary>The file runs that hold a range of the torrent's bytes, in order; files without bytes do not appear.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range reaches outside the torrent.</exception>
    public FileSpanEnumerable Map(long torrentOffset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(torrentOffset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(torrentOffset, TotalLength - length);
        return new FileSpanEnumerable(this, torrentOffset, length);
    }

    /// <summary>The first and the last piece that hold bytes of a file; null when the file is empty.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such file.</exception>
    public (PieceIndex First, PieceIndex Last)? PiecesOf(int fileIndex)
    {
        if ((uint)fileIndex >= (uint)_files.Length)
            throw new ArgumentOutOfRangeException(nameof(fileIndex), fileIndex, $"There are {_files.Length} files.");
        var file = _files[fileIndex];
        if (file.Length == 0)
            return null;
        return (new PieceIndex((int)(file.Offset / PieceLength)), new PieceIndex((int)((file.Offset + file.Length - 1) / PieceLength)));
    }

    /// <summary>The last file that starts at or before an offset. It may be empty or end there; the caller moves on.</summary>
    internal int FileAt(long torrentOffset)
    {
        var low = 0;
        var high = _files.Length - 1;
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            if (_files[middle].Offset <= torrentOffset)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }
}
