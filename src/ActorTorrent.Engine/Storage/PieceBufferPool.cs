using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Lends the buffers that pieces are put together in, all of one piece length. What was returned last is lent first: its
/// memory is still warm, and pages that were never needed are never touched. Safe for use from several threads.
/// </summary>
/// <param name="pieceLength">Bytes of a full piece.</param>
/// <param name="kept">Returned buffers that are kept for reuse.</param>
/// <param name="loans">Counts those of all pools together; null when nobody does.</param>
internal sealed class PieceBufferPool(int pieceLength, int kept, LoanCount? loans = null)
{
    private readonly Lock _gate = new();
    private readonly Stack<PieceBuffer> _free = new();
    private int _rented;

    /// <summary>Bytes of a full piece.</summary>
    public int PieceLength { get; } = pieceLength;

    /// <summary>Buffers out on loan now.</summary>
    public int Rented
    {
        get
        {
            lock (_gate)
                return _rented;
        }
    }

    /// <summary>Buffers made so far; the rest was reuse.</summary>
    public int Made { get; private set; }

    /// <summary>Lends an empty buffer for a piece of the given size, with one reference.</summary>
    public PieceBuffer Rent(PieceIndex piece, int size)
    {
        PieceBuffer? buffer;
        loans?.Lend();
        lock (_gate)
        {
            _rented++;
            if (!_free.TryPop(out buffer))
                Made++;
        }
        buffer ??= new PieceBuffer(this);
        buffer.Begin(piece, size);
        return buffer;
    }

    /// <summary>Lets go of the buffers that are kept.</summary>
    public void Trim()
    {
        lock (_gate)
        {
            while (_free.TryPop(out var buffer))
                buffer.Dispose();
        }
    }

    internal void Return(PieceBuffer buffer)
    {
        loans?.Return();
        lock (_gate)
        {
            _rented--;
            if (_free.Count < kept)
                _free.Push(buffer);
            else
                buffer.Dispose();
        }
    }
}
