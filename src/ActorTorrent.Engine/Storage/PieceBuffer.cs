using ActorTorrent.Engine.Hashing;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// The slot in which one piece is put together: its memory, which blocks are there and from whom. Ref-counted, because a disk
/// worker may still hash and write it when its storage stops; all else is for one thread at a time.
/// </summary>
internal sealed class PieceBuffer : IDisposable
{
    /// <summary>Stands for who sent a block in an earlier run, which nobody knows.</summary>
    public const int Unknown = -1;

    private const int Empty = int.MinValue;

    private readonly PieceBufferPool _pool;
    private readonly PieceMemory _memory;
    private readonly int[] _contributors;
    private readonly bool[] _isKept;
    private int _filled;
    private int _references;

    internal PieceBuffer(PieceBufferPool pool, PieceMemory memory)
    {
        _pool = pool;
        // Not cleared and not touched: blocks fill it.
        _memory = memory;
        _contributors = new int[BlocksIn(pool.PieceLength)];
        _isKept = new bool[_contributors.Length];
    }

    /// <summary>How often it was lent: tells this use of it from later ones.</summary>
    public int Use { get; private set; }

    /// <summary>The piece.</summary>
    public PieceIndex Piece { get; private set; }

    /// <summary>Its size in bytes.</summary>
    public int Size { get; private set; }

    /// <summary>How many blocks it has.</summary>
    public int BlockCount { get; private set; }

    /// <summary>Whether every block is there.</summary>
    public bool IsFull => _filled == BlockCount;

    /// <summary>The piece's bytes; only those of filled blocks mean anything.</summary>
    public ReadOnlySpan<byte> Bytes => _memory.Bytes[..Size];

    /// <summary>The piece's bytes for hashing, as long as the caller holds a reference.</summary>
    public unsafe HashInput HashInput => new(_memory.Start, Size);

    /// <summary>Copies a block into its place. False when it is not a block of the piece or its place is filled.</summary>
    public bool TryStore(int offset, ReadOnlySpan<byte> data, int peer)
    {
        var (block, remainder) = Math.DivRem(offset, FileLayout.BlockLength);
        if (remainder != 0 || (uint)block >= (uint)BlockCount || data.Length != SizeOf(block) || _contributors[block] != Empty)
            return false;
        data.CopyTo(_memory.Bytes[offset..]);
        _contributors[block] = peer;
        _filled++;
        return true;
    }

    /// <summary>The bytes of a block.</summary>
    public ReadOnlySpan<byte> Block(int block) => _memory.Bytes.Slice(block * FileLayout.BlockLength, SizeOf(block));

    /// <summary>Who sent a block; only for filled ones.</summary>
    public int ContributorOf(int block) => _contributors[block];

    /// <summary>Whether a block is there that came in an earlier run.</summary>
    public bool HasUnknown => _contributors.AsSpan(0, BlockCount).Contains(Unknown);

    /// <summary>Everyone known who sent a block, each once.</summary>
    public IReadOnlyCollection<int> Contributors()
    {
        var peers = new HashSet<int>();
        for (var block = 0; block < BlockCount; block++)
        {
            if (_contributors[block] is not (Empty or Unknown))
                peers.Add(_contributors[block]);
        }
        return peers;
    }

    /// <summary>The blocks that are there.</summary>
    public Bitfield Filled() => Those(block => _contributors[block] != Empty);

    /// <summary>The blocks that are there and lie on disk, too.</summary>
    public Bitfield Kept() => Those(block => _isKept[block]);

    /// <summary>Notes that blocks lie on disk.</summary>
    public void Keep(Bitfield blocks)
    {
        foreach (var block in blocks)
            _isKept[block.Value] = true;
    }

    /// <summary>Notes that what lay on disk may not be there any more.</summary>
    public void KeepNone() => Array.Clear(_isKept);

    /// <summary>Adds a holder. Only legal while the caller itself holds a reference.</summary>
    public void AddReference() => Interlocked.Increment(ref _references);

    /// <summary>Lets go of one reference; the last one returns the buffer to its pool.</summary>
    /// <exception cref="InvalidOperationException">More releases than references.</exception>
    public void Release()
    {
        var left = Interlocked.Decrement(ref _references);
        if (left < 0)
            throw new InvalidOperationException("A piece buffer was released more often than it was referenced.");
        if (left == 0)
            _pool.Return(this);
    }

    /// <summary>For the pool alone.</summary>
    public void Dispose() => _memory.Dispose();

    internal void Begin(PieceIndex piece, int size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, _memory.Length);
        Use++;
        Piece = piece;
        Size = size;
        BlockCount = BlocksIn(size);
        _filled = 0;
        _contributors.AsSpan().Fill(Empty);
        KeepNone();
        _references = 1;
    }

    private Bitfield Those(Func<int, bool> isOne)
    {
        var blocks = new Bitfield(BlockCount);
        for (var block = 0; block < BlockCount; block++)
        {
            if (isOne(block))
                blocks.Set(new PieceIndex(block));
        }
        return blocks;
    }

    private static int BlocksIn(int size) => (int)(((long)size + FileLayout.BlockLength - 1) / FileLayout.BlockLength);

    private int SizeOf(int block) => Math.Min(FileLayout.BlockLength, Size - (block * FileLayout.BlockLength));
}
