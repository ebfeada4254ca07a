using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Coordination;

/// <content>Where a pick takes its blocks from.</content>
internal sealed partial class PiecePicker
{
    /// <summary>Books blocks of the pieces that have a deadline, the first one first; only so many are looked at.</summary>
    private int TakeUrgent(PiecePickerPeer peer, int count, List<BlockRequest> into)
    {
        var left = count;
        for (var i = 0; i < _deadlines.Count && i < UrgentLimit && left > 0; i++)
            left -= TakeOf(peer, _deadlines[i], left, into);
        return count - left;
    }

    private int TakeOf(PiecePickerPeer peer, int index, int count, List<BlockRequest> into)
    {
        _steps++;
        if (!peer.Has(index))
            return 0;
        if (!_open.TryGetValue(index, out var piece))
        {
            if (!_fresh.Contains(index) || !MayOpen(peer))
                return 0;
            piece = Open(index);
            QueueOf(piece).AddLast(piece);
        }
        return piece.IsQueued && !IsLastResort(peer, piece) ? Take(peer, piece, count, into) : 0;
    }

    private int TakeRanked(PiecePickerPeer peer, PieceRank rank, int count, List<BlockRequest> into)
    {
        var left = count;
        if (_open.TryGetValue(peer.Current, out var current) && current.Rank == rank && current.IsQueued && !IsLastResort(peer, current)
            && peer.Has(current.Index))
        {
            left -= Take(peer, current, left, into);
        }
        if (left > 0)
            left -= TakePartial(peer, rank, left, into, lastResort: false);
        while (left > 0 && _fresh.CountOf(rank) > 0 && MayOpen(peer))
        {
            var index = _fresh.Next(peer, rank);
            if (index < 0)
                break;
            var piece = Open(index);
            QueueOf(piece).AddLast(piece);
            left -= Take(peer, piece, left, into);
        }
        return count - left;
    }

    private int TakePartial(PiecePickerPeer peer, PieceRank rank, int count, List<BlockRequest> into, bool lastResort)
    {
        var left = count;
        PieceInProgress? next;
        for (var piece = _partial[(int)rank].First; piece is not null && left > 0; piece = next)
        {
            _steps++;
            next = piece.Next;
            if (IsLastResort(peer, piece) == lastResort && peer.Has(piece.Index))
                left -= Take(peer, piece, left, into);
        }
        return count - left;
    }

    /// <summary>Books blocks of pieces that nobody else takes part in: fresh ones, and exclusive ones that nobody owns.</summary>
    private int TakeAlone(PiecePickerPeer peer, int count, List<BlockRequest> into)
    {
        var left = count;
        for (var rank = PieceRank.Edge; rank < PieceRank.Skip && left > 0; rank++)
        {
            PieceInProgress? next;
            for (var piece = _partial[(int)rank].First; piece is not null && left > 0; piece = next)
            {
                _steps++;
                next = piece.Next;
                if (piece.IsExclusive && peer.Has(piece.Index))
                    left -= Take(peer, piece, left, into);
            }
            while (left > 0 && _fresh.CountOf(rank) > 0 && MayOpen(peer))
            {
                var index = _fresh.Next(peer, rank);
                if (index < 0)
                    break;
                var piece = Open(index);
                piece.IsExclusive = true;
                QueueOf(piece).AddLast(piece);
                left -= Take(peer, piece, left, into);
            }
        }
        return count - left;
    }

    /// <summary>Books free blocks of a piece; the first to do so owns an exclusive one.</summary>
    private int Take(PiecePickerPeer peer, PieceInProgress piece, int count, List<BlockRequest> into)
    {
        var taken = 0;
        for (; taken < count; taken++)
        {
            var block = piece.NextFree();
            if (block < 0)
                break;
            Book(peer, piece, block, into);
            _freeBlocks--;
        }
        if (taken == 0)
            return 0;
        peer.Current = piece.Index;
        if (piece.IsExclusive && piece.Owner == PieceInProgress.Nobody)
        {
            piece.Owner = peer.Number;
            peer.Own(piece);
        }
        if (!IsBookable(piece))
            Unqueue(piece);
        return taken;
    }

    /// <summary>Books blocks that another peer is already asked for.</summary>
    private int Share(PiecePickerPeer peer, int count, List<BlockRequest> into)
    {
        if (count <= 0)
            return 0;
        var taken = 0;
        foreach (var piece in _open.Values)
        {
            _steps++;
            if (piece.Shareable == 0 || piece.IsExclusive || !peer.Has(piece.Index))
                continue;
            var block = piece.NextShareable(0, peer.Number);
            for (; block >= 0 && taken < count; taken++)
            {
                Book(peer, piece, block, into);
                block = piece.NextShareable(block + 1, peer.Number);
            }
            if (taken == count)
                break;
        }
        return taken;
    }
}
