using System.Numerics;

namespace ActorTorrent.Engine.Coordination;

/// <summary>
/// All pieces of a torrent sorted by how many peers have them, kept sorted in constant time a change. One array holds the pieces, bucket
/// after bucket; a second one where each piece stands; a third one where each bucket starts. A piece moves to the next bucket by changing
/// places with the last one of its own and shifting the border by one.
/// </summary>
/// <remarks>
/// Each availability has a bucket a rank for the fresh pieces (wanted, not begun), then one for all others. Any change is therefore a few
/// steps from bucket to bucket. Peers that have everything are not counted here: they change no order.
/// </remarks>
internal sealed class PieceRarity
{
    /// <summary>How many ranks fresh pieces have.</summary>
    public const int Ranks = (int)PieceRank.Skip;

    private const int Width = Ranks + 1;

    private readonly int[] _pieces;
    private readonly int[] _positions;
    private readonly int[] _buckets;

    // For each rank, bit a: there is a fresh piece of availability a.
    private readonly ulong[][] _occupied = new ulong[Ranks][];

    // _starts[b] is where bucket b starts; beyond the last bucket in use every entry is the number of pieces.
    private int[] _starts;

    /// <summary>All pieces fresh, of normal rank and nobody's, shuffled so that ties are broken by lot from the start.</summary>
    public PieceRarity(int count, Random random)
    {
        const int First = (int)PieceRank.Normal;
        _pieces = new int[count];
        _positions = new int[count];
        _buckets = new int[count];
        for (var i = 0; i < count; i++)
            _pieces[i] = i;
        random.Shuffle(_pieces);
        for (var i = 0; i < count; i++)
            _positions[_pieces[i]] = i;
        Array.Fill(_buckets, First);
        _starts = new int[4 * Width];
        Array.Fill(_starts, count, First + 1, _starts.Length - First - 1);
        for (var rank = 0; rank < Ranks; rank++)
            _occupied[rank] = new ulong[1];
        Mark(First);
    }

    /// <summary>How many peers have a piece.</summary>
    public int AvailabilityOf(int piece) => _buckets[piece] / Width;

    /// <summary>The rank under which a piece is fresh; <see cref="PieceRank.Skip"/> if it is not.</summary>
    public PieceRank RankOf(int piece) => (PieceRank)(_buckets[piece] % Width);

    /// <summary>A peer more has the piece.</summary>
    public void Raise(int piece) => Move(piece, _buckets[piece] + Width);

    /// <summary>A peer less has the piece.</summary>
    public void Lower(int piece) => Move(piece, _buckets[piece] - Width);

    /// <summary>Makes a piece fresh, of some rank, or no longer so: <see cref="PieceRank.Skip"/>.</summary>
    public void SetRank(int piece, PieceRank rank) => Move(piece, _buckets[piece] - (_buckets[piece] % Width) + (int)rank);

    /// <summary>The lowest availability from <paramref name="from"/> on that a fresh piece of a rank has, or −1.</summary>
    public int NextAvailability(PieceRank rank, int from)
    {
        var occupied = _occupied[(int)rank];
        var word = from >> 6;
        if (word >= occupied.Length)
            return -1;
        var left = occupied[word] & (ulong.MaxValue << (from & 63));
        while (left == 0)
        {
            if (++word >= occupied.Length)
                return -1;
            left = occupied[word];
        }
        return (word << 6) + BitOperations.TrailingZeroCount(left);
    }

    /// <summary>The fresh pieces of one rank and availability.</summary>
    public ReadOnlySpan<int> FreshOf(PieceRank rank, int availability)
    {
        var bucket = (availability * Width) + (int)rank;
        return bucket + 1 < _starts.Length ? _pieces.AsSpan(_starts[bucket].._starts[bucket + 1]) : default;
    }

    private void Move(int piece, int to)
    {
        var from = _buckets[piece];
        if (from == to)
            return;
        while (to + 1 >= _starts.Length)
            Grow();
        var position = _positions[piece];
        for (var bucket = from; bucket < to; bucket++)
            position = Exchange(position, --_starts[bucket + 1]);
        for (var bucket = from; bucket > to; bucket--)
            position = Exchange(position, _starts[bucket]++);
        _buckets[piece] = to;
        Mark(from);
        Mark(to);
    }

    private int Exchange(int from, int to)
    {
        if (from == to)
            return to;
        var (piece, other) = (_pieces[from], _pieces[to]);
        _pieces[from] = other;
        _positions[other] = from;
        _pieces[to] = piece;
        _positions[piece] = to;
        return to;
    }

    private void Mark(int bucket)
    {
        var (availability, rank) = Math.DivRem(bucket, Width);
        if (rank == Ranks)
            return;
        ref var word = ref _occupied[rank][availability >> 6];
        var mask = 1UL << (availability & 63);
        if (_starts[bucket + 1] > _starts[bucket])
            word |= mask;
        else
            word &= ~mask;
    }

    private void Grow()
    {
        var used = _starts.Length;
        Array.Resize(ref _starts, used * 2);
        Array.Fill(_starts, _pieces.Length, used, used);
        for (var rank = 0; rank < Ranks; rank++)
            Array.Resize(ref _occupied[rank], (_starts.Length / Width >> 6) + 1);
    }
}
