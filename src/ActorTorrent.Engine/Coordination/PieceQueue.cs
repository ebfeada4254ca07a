namespace ActorTorrent.Engine.Coordination;

/// <summary>Open pieces in the order in which they are to be finished: linked through the pieces themselves, so that any leaves at once.</summary>
internal sealed class PieceQueue
{
    private PieceInProgress? _last;

    public PieceInProgress? First { get; private set; }

    /// <summary>Puts a piece to the front, unless it is queued already.</summary>
    public void AddFirst(PieceInProgress piece)
    {
        if (piece.IsQueued)
            return;
        piece.IsQueued = true;
        piece.Next = First;
        if (First is null)
            _last = piece;
        else
            First.Previous = piece;
        First = piece;
    }

    /// <summary>Puts a piece to the end, unless it is queued already.</summary>
    public void AddLast(PieceInProgress piece)
    {
        if (piece.IsQueued)
            return;
        piece.IsQueued = true;
        piece.Previous = _last;
        if (_last is null)
            First = piece;
        else
            _last.Next = piece;
        _last = piece;
    }

    /// <summary>Takes a piece out, if it is in.</summary>
    public void Remove(PieceInProgress piece)
    {
        if (!piece.IsQueued)
            return;
        piece.IsQueued = false;
        if (piece.Previous is null)
            First = piece.Next;
        else
            piece.Previous.Next = piece.Next;
        if (piece.Next is null)
            _last = piece.Previous;
        else
            piece.Next.Previous = piece.Previous;
        piece.Previous = null;
        piece.Next = null;
    }
}
