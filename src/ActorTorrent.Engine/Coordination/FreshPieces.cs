using System.Numerics;

namespace ActorTorrent.Engine.Coordination;

/// <summary>
/// The fresh pieces (wanted, not begun) by rank and rarity, how many peers have each piece, and which one a peer should begin next. What a
/// search costs is said at <see cref="PiecePicker"/>.
/// </summary>
internal sealed class FreshPieces
{
    /// <summary>How many fresh pieces are looked at one by one for a peer.</summary>
    public const int ProbeLimit = 64;

    private readonly PieceRarity _rarity;
    private readonly PieceOrder _order;
    private readonly Random _random;
    private readonly PieceSet[] _of = new PieceSet[PieceRarity.Ranks];
    private readonly int[] _counts = new int[PieceRarity.Ranks];

    // How often a rank got another fresh piece: what a peer was found not to have holds until then.
    private readonly long[] _states = new long[PieceRarity.Ranks];

    /// <summary>Starts with all pieces fresh, of normal rank and nobody's.</summary>
    public FreshPieces(int count, PieceOrder order, Random random)
    {
        _order = order;
        _random = random;
        _rarity = new PieceRarity(count, random);
        for (var rank = 0; rank < PieceRarity.Ranks; rank++)
            _of[rank] = new PieceSet(count);
        for (var piece = 0; piece < count; piece++)
            _of[(int)PieceRank.Normal].Add(piece);
        _counts[(int)PieceRank.Normal] = count;
        Count = count;
    }

    /// <summary>How many pieces are fresh.</summary>
    public int Count { get; private set; }

    /// <summary>Pieces and words looked at so far.</summary>
    public long Steps { get; private set; }

    /// <summary>How many pieces of a rank are fresh.</summary>
    public int CountOf(PieceRank rank) => _counts[(int)rank];

    /// <summary>Whether a piece is fresh.</summary>
    public bool Contains(int piece) => _rarity.RankOf(piece) != PieceRank.Skip;

    /// <summary>How many peers have a piece; those that have everything are not counted.</summary>
    public int AvailabilityOf(int piece) => _rarity.AvailabilityOf(piece);

    /// <summary>A peer more has the piece.</summary>
    public void Raise(int piece) => _rarity.Raise(piece);

    /// <summary>A peer less has the piece.</summary>
    public void Lower(int piece) => _rarity.Lower(piece);

    /// <summary>Makes a piece fresh under a rank, or with <see cref="PieceRank.Skip"/> no longer so.</summary>
    public void SetRank(int piece, PieceRank rank)
    {
        var before = _rarity.RankOf(piece);
        if (before == rank)
            return;
        _rarity.SetRank(piece, rank);
        if (before != PieceRank.Skip)
        {
            _of[(int)before].Remove(piece);
            _counts[(int)before]--;
            Count--;
        }
        if (rank != PieceRank.Skip)
        {
            _of[(int)rank].Add(piece);
            _counts[(int)rank]++;
            _states[(int)rank]++;
            Count++;
        }
    }

    /// <summary>The fresh piece of a rank that a peer should begin; −1 if it has none.</summary>
    public int Next(PiecePickerPeer peer, PieceRank rank) => _order == PieceOrder.Sequential ? First(peer, rank) : Rarest(peer, rank);

    private int Rarest(PiecePickerPeer peer, PieceRank rank)
    {
        if (!peer.HasAll && (peer.Pieces is null || peer.Marks.NoFreshAt[(int)rank] == _states[(int)rank]))
            return -1;
        var probes = ProbeLimit;
        for (var rarity = _rarity.NextAvailability(rank, 0); rarity >= 0; rarity = _rarity.NextAvailability(rank, rarity + 1))
        {
            var pieces = _rarity.FreshOf(rank, rarity);
            var at = _random.Next(pieces.Length);
            for (var i = 0; i < pieces.Length; i++)
            {
                Steps++;
                if (peer.Has(pieces[at]))
                    return pieces[at];
                if (--probes == 0)
                    return RarestSampled(peer, rank);
                if (++at == pieces.Length)
                    at = 0;
            }
        }
        peer.Marks.NoFreshAt[(int)rank] = _states[(int)rank];
        return -1;
    }

    /// <summary>The rarest of some fresh pieces that the peer has, found in its own set from a random place on.</summary>
    private int RarestSampled(PiecePickerPeer peer, PieceRank rank)
    {
        var has = peer.Pieces!.Words;
        var fresh = _of[(int)rank].Words;
        var best = -1;
        var found = 0;
        var start = _random.Next(has.Length);
        for (var i = 0; i < has.Length && found < ProbeLimit; i++)
        {
            Steps++;
            var word = start + i < has.Length ? start + i : start + i - has.Length;
            for (var both = has[word] & fresh[word]; both != 0; both &= both - 1)
            {
                var piece = (word << 6) + BitOperations.TrailingZeroCount(both);
                if (best < 0 || _rarity.AvailabilityOf(piece) < _rarity.AvailabilityOf(best))
                    best = piece;
                found++;
            }
        }
        if (best < 0)
            peer.Marks.NoFreshAt[(int)rank] = _states[(int)rank];
        return best;
    }

    /// <summary>The first fresh piece of a rank that the peer has. A word is passed once as long as fresh pieces only become fewer.</summary>
    private int First(PiecePickerPeer peer, PieceRank rank)
    {
        if (!peer.HasAll && peer.Pieces is null)
            return -1;
        ref var cursor = ref peer.Marks.FreshCursor[(int)rank];
        if (peer.Marks.FreshCursorAt[(int)rank] != _states[(int)rank])
        {
            peer.Marks.FreshCursorAt[(int)rank] = _states[(int)rank];
            cursor = 0;
        }
        var fresh = _of[(int)rank].Words;
        for (; cursor < fresh.Length; cursor++)
        {
            Steps++;
            var both = peer.HasAll ? fresh[cursor] : fresh[cursor] & peer.Pieces!.Words[cursor];
            if (both != 0)
                return (cursor << 6) + BitOperations.TrailingZeroCount(both);
        }
        return -1;
    }
}
