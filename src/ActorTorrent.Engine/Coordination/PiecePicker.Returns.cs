using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Coordination;

/// <content>Taking back what was asked of peers.</content>
internal sealed partial class PiecePicker
{
    /// <summary>
    /// Takes back all that is asked of a peer: it choked us, failed or stalls. What it sends nevertheless is still welcome. An exclusive
    /// piece that was its own goes to another; see <see cref="TakeDiscarded"/>. Returns how many blocks are free again.
    /// </summary>
    public int ReturnAll(int peer) => _peers.TryGetValue(peer, out var known) ? ReturnAll(known) : 0;

    /// <summary>
    /// Takes one request back: it was rejected or cancelled. If the piece was the peer's alone, all of that piece is taken from it; see
    /// <see cref="TakeDiscarded"/>. Returns whether the block was asked of the peer.
    /// </summary>
    public bool Return(int peer, BlockRequest block)
    {
        if (!IsRequested(peer, block))
            return false;
        var known = _peers[peer];
        var piece = _open[block.Piece.Value];
        if (piece.Owner == peer)
            Disown(known, piece);
        else
            GiveBack(known, piece, block.Block);
        CloseIfUntouched(piece);
        return true;
    }

    /// <summary>
    /// Moves the pieces to <paramref name="into"/> whose received blocks are void since the last call: exclusive ones whose peer fell out,
    /// and ones no longer wanted. Storage has to forget their blocks before it is given new ones. Ask after <see cref="Return"/>,
    /// <see cref="ReturnAll(int)"/>, <see cref="RemovePeer"/>, <see cref="SetWanted(Bitfield)"/> and a second bitfield of a peer.
    /// </summary>
    public int TakeDiscarded(List<PieceIndex> into)
    {
        var count = _discarded.Count;
        into.AddRange(_discarded);
        _discarded.Clear();
        return count;
    }

    private void Unbook(PiecePickerPeer peer, PieceInProgress piece, int block)
    {
        piece.TakeBack(block, peer.Number);
        peer.Outstanding--;
        OutstandingBytes -= _layout.BlockSize(new PieceIndex(piece.Index), block);
        if (piece.IsFree(block))
            _freeBlocks++;
    }

    private void GiveBack(PiecePickerPeer peer, PieceInProgress piece, int block)
    {
        Unbook(peer, piece, block);
        peer.RememberLate(piece.Index, block);
        if (IsBookable(piece))
            QueueOf(piece).AddFirst(piece);
    }

    private int GiveBackAll(PiecePickerPeer peer, PieceInProgress piece)
    {
        var returned = 0;
        for (var block = 0; block < piece.BlockCount; block++)
        {
            if (!piece.IsAsked(block, peer.Number))
                continue;
            GiveBack(peer, piece, block);
            returned++;
        }
        return returned;
    }

    private int ReturnAll(PiecePickerPeer peer)
    {
        var returned = 0;
        for (var i = (peer.Owned?.Count ?? 0) - 1; i >= 0; i--)
            returned += Disown(peer, peer.Owned![i]);
        if (peer.Outstanding == 0)
            return returned;

        // Closing a piece changes the dictionary: collect first. Rare (a choke, a fault), hence no list a peer of the pieces it works on.
        List<PieceInProgress>? untouched = null;
        foreach (var piece in _open.Values)
        {
            if (piece.Free + piece.Received == piece.BlockCount)
                continue;
            returned += GiveBackAll(peer, piece);
            if (piece.IsUntouched)
                (untouched ??= []).Add(piece);
            if (peer.Outstanding == 0)
                break;
        }
        if (untouched is not null)
        {
            foreach (var piece in untouched)
                CloseIfUntouched(piece);
        }
        return returned;
    }

    /// <summary>Takes an exclusive piece from its one peer. What came of it is void, unless it came whole.</summary>
    private int Disown(PiecePickerPeer peer, PieceInProgress piece)
    {
        peer.Owned?.Remove(piece);
        if (piece.IsWhole)
            return 0;
        var returned = GiveBackAll(peer, piece);
        if (piece.Received > 0)
        {
            _discarded.Add(new PieceIndex(piece.Index));
            _freeBlocks += piece.Received;
            piece.FreeAll();
        }
        piece.Owner = PieceInProgress.Nobody;
        piece.AddSuspect(peer.Number);
        QueueOf(piece).AddFirst(piece);
        return returned;
    }
}
