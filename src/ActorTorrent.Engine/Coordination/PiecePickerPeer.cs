namespace ActorTorrent.Engine.Coordination;

/// <summary>What a <see cref="PiecePicker"/> knows about one peer. A peer that has everything takes no room for its pieces.</summary>
internal sealed class PiecePickerPeer(int number)
{
    // Twice the deepest request queue in use; an older request that was taken back counts as never made.
    private const int MaxLate = 1024;

    // Made when they are first needed: of a peer that nothing is asked of there are none.
    private List<(int Piece, int Block)>? _late;
    private PiecePickerMarks? _marks;
    private int _oldestLate;

    public int Number { get; } = number;

    /// <summary>The pieces it has; null for none, or for all when <see cref="HasAll"/> is set.</summary>
    public PieceSet? Pieces { get; set; }

    /// <summary>Whether it said at once that it has everything.</summary>
    public bool HasAll { get; set; }

    /// <summary>How many blocks are asked of it.</summary>
    public int Outstanding { get; set; }

    /// <summary>The piece that blocks were last asked of it from, or −1.</summary>
    public int Current { get; set; } = -1;

    /// <summary>Whether it has sent a block that was asked of it.</summary>
    public bool IsProven { get; set; }

    /// <summary>Whether it is suspected of spoiling pieces: it gets whole ones to itself, so that the next one that fails proves it.</summary>
    public bool IsOnParole { get; set; }

    /// <summary>The exclusive pieces that it alone is to give; null for none.</summary>
    public List<PieceInProgress>? Owned { get; private set; }

    /// <summary>What picks found of its fresh pieces.</summary>
    public PiecePickerMarks Marks => _marks ??= new PiecePickerMarks();

    /// <summary>A piece that it had and we needed when last looked, or −1.</summary>
    public int Interesting { get; set; } = -1;

    /// <summary>The word of the set before which nothing interesting is left.</summary>
    public int InterestCursor { get; set; }

    /// <summary>The state of the torrent's needs, counted, that <see cref="InterestCursor"/> goes by.</summary>
    public long InterestAt { get; set; }

    /// <summary>It alone is to give the piece.</summary>
    public void Own(PieceInProgress piece) => (Owned ??= []).Add(piece);

    /// <summary>One more piece of it is fresh.</summary>
    public void FreshAdded(int rank, int piece)
    {
        if (_marks is null)
            return;
        _marks.NoFreshAt[rank] = -1;
        _marks.FreshCursor[rank] = Math.Min(_marks.FreshCursor[rank], piece >> 6);
    }

    /// <summary>Forgets what was found about its pieces.</summary>
    public void LookAgain()
    {
        _marks?.Clear();
        Interesting = -1;
        InterestCursor = 0;
    }

    public bool Has(int piece) => HasAll || (Pieces is not null && Pieces.Contains(piece));

    /// <summary>Notes that a request was taken back, though the block may still arrive.</summary>
    public void RememberLate(int piece, int block)
    {
        _late ??= [];
        if (_late.Count < MaxLate)
        {
            _late.Add((piece, block));
            return;
        }
        _late[_oldestLate] = (piece, block);
        _oldestLate = (_oldestLate + 1) % MaxLate;
    }

    public bool IsLate(int piece, int block) => _late is not null && _late.Contains((piece, block));

    /// <summary>Forgets a request that was taken back; returns whether there was one.</summary>
    public bool ForgetLate(int piece, int block)
    {
        var index = _late?.IndexOf((piece, block)) ?? -1;
        if (index < 0)
            return false;
        // The order of the rest does not matter: once full, which of the old ones goes first is no one's concern.
        _late![index] = _late[^1];
        _late.RemoveAt(_late.Count - 1);
        return true;
    }
}
