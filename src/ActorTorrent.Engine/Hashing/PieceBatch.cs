using System.Buffers;

namespace ActorTorrent.Engine.Hashing;

/// <summary>
/// Takes pieces that are read one after the other, whole, and hashes them as soon as there are as many as are hashed side by side. Its
/// memory is of the shared pool. For one thread.
/// </summary>
/// <param name="pieceLength">Bytes of a full piece.</param>
/// <param name="hashed">Hears of each piece's number and SHA-1.</param>
internal sealed unsafe class PieceBatch(int pieceLength, PieceBatch.Hashed hashed) : IDisposable
{
    private const int MostMemory = 16 << 20;

    private readonly int[] _pieces = new int[WidthFor(pieceLength)];
    private readonly int[] _sizes = new int[WidthFor(pieceLength)];
    private byte[]? _memory;
    private int _count;

    /// <param name="piece">Its number.</param>
    /// <param name="sha1">Its SHA-1.</param>
    public delegate void Hashed(int piece, ReadOnlySpan<byte> sha1);

    /// <summary>Whether pieces are hashed faster so than each as it is read. Large ones would need too much memory.</summary>
    public static bool Helps(int pieceLength) => WidthFor(pieceLength) >= Sha1Compression.Lanes;

    /// <summary>How many pieces to look at in a row: about as many bytes as wanted, and no fewer pieces than fill a batch.</summary>
    public static int PiecesFor(int bytes, int pieceLength) => Math.Max(bytes / pieceLength, Helps(pieceLength) ? WidthFor(pieceLength) : 1);

    /// <summary>Where the next piece is to be read to; <see cref="Add"/> takes it, otherwise it is forgotten.</summary>
    public Span<byte> Next(int size)
    {
        _memory ??= ArrayPool<byte>.Shared.Rent(_pieces.Length * pieceLength);
        return _memory.AsSpan(_count * pieceLength, size);
    }

    /// <summary>Takes the piece that was read to <see cref="Next"/>.</summary>
    public void Add(int piece, int size)
    {
        _pieces[_count] = piece;
        _sizes[_count] = size;
        _count++;
        if (_count == _pieces.Length)
            HashAll();
    }

    /// <summary>Hashes what is left.</summary>
    public void HashAll()
    {
        Span<byte> sums = stackalloc byte[Sha1Group.HashLength * _count];
        var inputs = stackalloc HashInput[_count];
        fixed (byte* memory = _memory)
        {
            for (var i = 0; i < _count; i++)
                inputs[i] = new HashInput(memory + ((nint)i * pieceLength), _sizes[i]);
            Sha1Group.HashData(new ReadOnlySpan<HashInput>(inputs, _count), sums);
        }
        for (var i = 0; i < _count; i++)
            hashed(_pieces[i], sums.Slice(i * Sha1Group.HashLength, Sha1Group.HashLength));
        _count = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_memory is { } memory)
            ArrayPool<byte>.Shared.Return(memory);
        _memory = null;
    }

    private static int WidthFor(int pieceLength) => Sha1Group.WidthFor(MostMemory, pieceLength);
}
