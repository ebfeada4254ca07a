using System.Collections;
using System.Numerics;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Wire.Peers;

/// <summary>
/// Which pieces someone has. On the wire a bit a piece, the high bit of the first byte being piece 0, spare bits at the end zero (BEP 3);
/// in memory 64 pieces a word, with a running count. Not safe for use from several threads at once. Enumerates the pieces that are set,
/// in order.
/// </summary>
public sealed class Bitfield : IEnumerable<PieceIndex>
{
    private readonly ulong[] _words;

    /// <summary>Makes a bitfield with nothing set.</summary>
    /// <param name="count">The number of pieces, 0 or more.</param>
    public Bitfield(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Count = count;
        _words = new ulong[(int)(((long)count + 63) / 64)];
    }

    private Bitfield(Bitfield other)
    {
        Count = other.Count;
        SetCount = other.SetCount;
        _words = [.. other._words];
    }

    /// <summary>The number of pieces, set or not.</summary>
    public int Count { get; }

    /// <summary>The number of pieces that are set.</summary>
    public int SetCount { get; private set; }

    /// <summary>Whether every piece is set.</summary>
    public bool IsComplete => SetCount == Count;

    /// <summary>Whether no piece is set.</summary>
    public bool IsEmpty => SetCount == 0;

    /// <summary>The size on the wire in bytes.</summary>
    public int ByteLength => ByteLengthOf(Count);

    /// <summary>Whether a piece is set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such piece.</exception>
    public bool this[PieceIndex piece]
    {
        get
        {
            Check(piece);
            return (_words[piece.Value >> 6] & MaskOf(piece)) != 0;
        }
    }

    /// <summary>Reads the wire form.</summary>
    /// <param name="bytes">The body of a bitfield message.</param>
    /// <param name="count">The number of pieces.</param>
    /// <exception cref="PeerWireException">
    /// <see cref="PeerWireError.BadBitfield"/>: the length does not fit the count, or a spare bit is set.
    /// </exception>
    public static Bitfield FromBytes(ReadOnlySpan<byte> bytes, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        // Before memory is taken: the count may be a claim.
        if (bytes.Length != ByteLengthOf(count))
        {
            throw new PeerWireException(
                PeerWireError.BadBitfield,
                $"A bitfield of {bytes.Length} bytes; {count} pieces take {ByteLengthOf(count)}.");
        }
        var result = new Bitfield(count);
        if (count % 8 != 0 && (bytes[^1] & (0xFF >> (count % 8))) != 0)
            throw new PeerWireException(PeerWireError.BadBitfield, $"A bitfield with bits set past the last of {count} pieces.");
        var set = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            // The first piece of a byte is its high bit; of a word, the high bit too.
            result._words[i >> 3] |= (ulong)bytes[i] << (56 - (8 * (i & 7)));
            set += BitOperations.PopCount(bytes[i]);
        }
        result.SetCount = set;
        return result;
    }

    /// <summary>Sets a piece; returns whether that changed anything.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such piece.</exception>
    public bool Set(PieceIndex piece)
    {
        Check(piece);
        ref var word = ref _words[piece.Value >> 6];
        var mask = MaskOf(piece);
        if ((word & mask) != 0)
            return false;
        word |= mask;
        SetCount++;
        return true;
    }

    /// <summary>Clears a piece; returns whether that changed anything.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such piece.</exception>
    public bool Clear(PieceIndex piece)
    {
        Check(piece);
        ref var word = ref _words[piece.Value >> 6];
        var mask = MaskOf(piece);
        if ((word & mask) == 0)
            return false;
        word &= ~mask;
        SetCount--;
        return true;
    }

    /// <summary>Sets every piece.</summary>
    public void SetAll()
    {
        Array.Fill(_words, ulong.MaxValue);
        if (Count % 64 != 0)
            _words[^1] = ulong.MaxValue << (64 - (Count % 64));
        SetCount = Count;
    }

    /// <summary>Clears every piece.</summary>
    public void ClearAll()
    {
        Array.Clear(_words);
        SetCount = 0;
    }

    /// <summary>Whether something is set here that is not set there: what decides interest.</summary>
    /// <exception cref="ArgumentException">The other one has another number of pieces.</exception>
    public bool HasAnyNotIn(Bitfield other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Count != Count)
            throw new ArgumentException($"The other bitfield has {other.Count} pieces, this one {Count}.", nameof(other));
        for (var i = 0; i < _words.Length; i++)
        {
            if ((_words[i] & ~other._words[i]) != 0)
                return true;
        }
        return false;
    }

    /// <summary>The wire form: a new array of <see cref="ByteLength"/> bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[ByteLength];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(_words[i >> 3] >> (56 - (8 * (i & 7))));
        return bytes;
    }

    /// <summary>A copy that shares nothing.</summary>
    public Bitfield Clone() => new(this);

    /// <summary>Walks the pieces that are set, in order, without allocating. Do not change the bitfield meanwhile.</summary>
    public Enumerator GetEnumerator() => new(_words);

    IEnumerator<PieceIndex> IEnumerable<PieceIndex>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>How many set pieces of how many.</summary>
    public override string ToString() => FormattableString.Invariant($"{SetCount} of {Count}");

    internal static int ByteLengthOf(int count) => (int)(((long)count + 7) / 8);

    private static ulong MaskOf(PieceIndex piece) => 0x8000_0000_0000_0000UL >> (piece.Value & 63);

    private void Check(PieceIndex piece)
    {
        if ((uint)piece.Value >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(piece), piece.Value, $"There are {Count} pieces.");
    }

    /// <summary>Walks the pieces that are set.</summary>
    public struct Enumerator : IEnumerator<PieceIndex>
    {
        private readonly ulong[] _words;
        private int _word;
        private ulong _left;

        internal Enumerator(ulong[] words)
        {
            _words = words;
            _word = -1;
        }

        /// <inheritdoc/>
        public PieceIndex Current { get; private set; }

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext()
        {
            while (_left == 0)
            {
                if (_word + 1 >= _words.Length)
                    return false;
                _left = _words[++_word];
            }
            var bit = BitOperations.LeadingZeroCount(_left);
            _left &= ~(0x8000_0000_0000_0000UL >> bit);
            Current = new PieceIndex((_word << 6) + bit);
            return true;
        }

        /// <inheritdoc/>
        public void Reset()
        {
            _word = -1;
            _left = 0;
            Current = default;
        }

        /// <summary>Holds nothing.</summary>
        public readonly void Dispose()
        {
        }
    }
}
