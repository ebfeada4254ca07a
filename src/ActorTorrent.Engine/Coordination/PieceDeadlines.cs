namespace ActorTorrent.Engine.Coordination;

/// <summary>The pieces that have to be there by some time, sorted by it; of equal times the lower piece comes first.</summary>
internal sealed class PieceDeadlines
{
    private readonly List<(TimeSpan At, int Piece)> _entries = [];

    public int Count => _entries.Count;

    /// <summary>The piece at a place in the order.</summary>
    public int this[int place] => _entries[place].Piece;

    /// <summary>Sets or changes a piece's time.</summary>
    public void Set(int piece, TimeSpan at)
    {
        Clear(piece);
        var place = _entries.BinarySearch((at, piece));
        _entries.Insert(place < 0 ? ~place : place, (at, piece));
    }

    /// <summary>Takes a piece out, if it is among them.</summary>
    public void Clear(int piece)
    {
        for (var place = 0; place < _entries.Count; place++)
        {
            if (_entries[place].Piece != piece)
                continue;
            _entries.RemoveAt(place);
            return;
        }
    }
}
