using ActorTorrent.Engine.Resume;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// An unfinished piece on its way to its place on disk: which blocks lie there and which are to be written. Holds the buffer, whose blocks
/// that are there do not change, until it is released.
/// </summary>
internal sealed class KeptPiece
{
    private readonly PieceBuffer _buffer;
    private readonly int _use;
    private readonly Bitfield _kept;
    private readonly Bitfield _filled;
    private bool _isWritten;

    /// <param name="buffer">The piece.</param>
    /// <param name="writes">Whether blocks that are not on disk yet are to be written.</param>
    public KeptPiece(PieceBuffer buffer, bool writes)
    {
        buffer.AddReference();
        _buffer = buffer;
        _use = buffer.Use;
        Piece = buffer.Piece;
        _kept = buffer.Kept();
        _filled = writes ? buffer.Filled() : _kept;
    }

    public PieceIndex Piece { get; }

    /// <summary>Whether there is anything to write.</summary>
    public bool IsNews => _filled.SetCount > _kept.SetCount;

    /// <summary>What lies on disk of it; null when nothing does.</summary>
    public UnfinishedPiece? OnDisk => (_isWritten ? _filled : _kept) is { IsEmpty: false } blocks ? new UnfinishedPiece(Piece, blocks) : null;

    /// <summary>Writes, by as few writes as there are runs of blocks.</summary>
    /// <param name="files">The files.</param>
    /// <param name="offset">The piece's place in the torrent.</param>
    public void Write(TorrentFiles files, long offset)
    {
        for (var block = 0; block < _filled.Count;)
        {
            if (!IsDue(block))
            {
                block++;
                continue;
            }
            var first = block;
            while (block < _filled.Count && IsDue(block))
                block++;
            var start = first * FileLayout.BlockLength;
            var end = Math.Min(block * FileLayout.BlockLength, _buffer.Size);
            files.Write(offset + start, _buffer.Bytes[start..end]);
        }
        _isWritten = true;
    }

    /// <summary>Lets go of the buffer; nothing can be written any more.</summary>
    public void Release() => _buffer.Release();

    /// <summary>For the buffer's owner, at last: notes what is on disk, if the buffer still holds that piece.</summary>
    public void Note()
    {
        if (_isWritten && _buffer.Use == _use)
            _buffer.Keep(_filled);
    }

    private bool IsDue(int block) => _filled[new PieceIndex(block)] && !_kept[new PieceIndex(block)];
}
