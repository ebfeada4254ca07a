using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Lends the buffers that pieces are put together in, all of one piece length. What was returned last is lent first: its
/// memory is still warm, and pages that were never needed are never touched. Safe for use from several threads.
/// </summary>
/// <remarks>
/// Once a pool has lent some megabytes, its torrent comes fast, and further buffers lie in large pages, which are taken whole.
/// </remarks>
/// <param name="pieceLength">Bytes of a full piece.</param>
/// <param name="kept">Returned buffers that are kept for reuse.</param>
/// <param name="loans">Counts those of all pools together; null when nobody does.</param>
internal sealed class PieceBufferPool(int pieceLength, int kept, LoanCount? loans = null)
{
    // Of small pages; only as much of them is taken as is touched.
    private const long LeastBytes = 8 << 20;

    private readonly Lock _gate = new();
    private readonly Stack<PieceBuffer> _free = new();
    private HugeRegion? _region;
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
                buffer = new PieceBuffer(this, NewMemory());
        }
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
            _region?.Release();
            _region = null;
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

    private PieceMemory NewMemory()
    {
        var isFast = (long)Made * PieceLength >= LeastBytes && HugeRegion.IsSupported;
        Made++;
        if (!isFast)
            return new PieceMemory(PieceLength);
        if (_region?.TryTake(PieceLength) is { } next)
            return next;
        _region?.Release();
        _region = new HugeRegion(PieceLength);
        return _region.TryTake(PieceLength)!;
    }
}
