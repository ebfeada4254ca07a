using System.Numerics;

namespace ActorTorrent.Engine.Coordination;

/// <summary>
/// All pieces of a torrent sorted by how many peers have them, kept sorted in constant time a change. One array holds the pieces, bucket
/// after bucket; a second one where each piece stands; a third one where each bucket starts. A piece moves to the next bucket by changing
/// places with the last one of its own and shifting the border by one.
/// </summary>
/// <remarks>
/// Each availability has two buckets: the fresh pieces (wanted, not begun), then all others. Beginning a piece is therefore one step to
/// the next bucket, a peer more is two steps. Peers that have everything are not counted here: they change no order.
/// </remarks>
internal sealed class PieceRarity
{
    private readonly int[] _pieces;
    private readonly int[] _positions;
    private readonly int[] _buckets;

    // _starts[b] is where bucket b starts; beyond the last bucket in use every entry is the number of pieces.
    private int[] _starts;

    // Bit a: there is a fresh piece of availability a.
    private ulong[] _occupied;

    /// <summary>All pieces fresh and nobody's, shuffled so that ties are broken by lot from the start.</summary>
    public PieceRarity(int count, Random random)
    {
        _pieces = new int[count];
        _positions = new int[count];
        _buckets = new int[count];
        for (var i = 0; i < count; i++)
            _pieces[i] = i;
        random.Shuffle(_pieces);
        for (var i = 0; i < count; i++)
            _positions[_pieces[i]] = i;
        _starts = new int[8];
        Array.Fill(_starts, count);
        _starts[0] = 0;
        _occupied = new ulong[1];
        Mark(0);
    }

    /// <summary>How many peers have a piece.</summary>
    public int AvailabilityOf(int piece) => _buckets[piece] >> 1;

    public bool IsFresh(int piece) => (_buckets[piece] & 1) == 0;

    /// <summary>A peer more has the piece.</summary>
    public void Raise(int piece)
    {
        Up(piece);
        Up(piece);
    }

    /// <summary>A peer less has the piece.</summary>
    public void Lower(int piece)
    {
        Down(piece);
        Down(piece);
    }

    public void SetFresh(int piece, bool fresh)
    {
        if (IsFresh(piece) == fresh)
            return;
        if (fresh)
            Down(piece);
        else
            Up(piece);
    }

    /// <summary>The lowest availability from <paramref name="from"/> on that a fresh piece has, or −1.</summary>
    public int NextAvailability(int from)
    {
        var word = from >> 6;
        if (word >= _occupied.Length)
            return -1;
        var left = _occupied[word] & (ulong.MaxValue << (from & 63));
        while (left == 0)
        {
            if (++word >= _occupied.Length)
                return -1;
            left = _occupied[word];
        }
        return (word << 6) + BitOperations.TrailingZeroCount(left);
    }

    /// <summary>The fresh pieces of one availability.</summary>
    public ReadOnlySpan<int> FreshOf(int availability)
    {
        var bucket = availability << 1;
        return bucket + 1 < _starts.Length ? _pieces.AsSpan(_starts[bucket].._starts[bucket + 1]) : default;
    }

    private void Up(int piece)
    {
        var bucket = _buckets[piece];
        if (bucket + 2 >= _starts.Length)
            Grow();
        Exchange(piece, --_starts[bucket + 1]);
        _buckets[piece] = bucket + 1;
        Mark(bucket);
        Mark(bucket + 1);
    }

    private void Down(int piece)
    {
        var bucket = _buckets[piece];
        Exchange(piece, _starts[bucket]++);
        _buckets[piece] = bucket - 1;
        Mark(bucket);
        Mark(bucket - 1);
    }

    private void Exchange(int piece, int position)
    {
        var other = _pieces[position];
        var from = _positions[piece];
        _pieces[from] = other;
        _positions[other] = from;
        _pieces[position] = piece;
        _positions[piece] = position;
    }

    private void Mark(int bucket)
    {
        if ((bucket & 1) != 0)
            return;
        var availability = bucket >> 1;
        var mask = 1UL << (availability & 63);
        if (_starts[bucket + 1] > _starts[bucket])
            _occupied[availability >> 6] |= mask;
        else
            _occupied[availability >> 6] &= ~mask;
    }

    private void Grow()
    {
        var used = _starts.Length;
        Array.Resize(ref _starts, used * 2);
        Array.Fill(_starts, _pieces.Length, used, used);
        Array.Resize(ref _occupied, (_starts.Length >> 7) + 1);
    }
}
