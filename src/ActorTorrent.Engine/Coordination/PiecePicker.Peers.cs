using System.Numerics;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Coordination;

/// <content>The peers and what they have.</content>
internal sealed partial class PiecePicker
{
    /// <summary>Adds a peer of which nothing is known.</summary>
    /// <exception cref="ArgumentException">There is such a peer already, or the number is below 0.</exception>
    public void AddPeer(int peer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(peer);
        _peers.Add(peer, new PiecePickerPeer(peer));
    }

    /// <summary>
    /// Says which pieces a peer has, in place of what was known; a copy is kept. An exclusive piece of its own that it no longer has goes to
    /// another.
    /// </summary>
    public void PeerHas(int peer, Bitfield pieces)
    {
        CheckCount(pieces);
        if (!_peers.TryGetValue(peer, out var known))
            return;
        Withdraw(known);
        if (pieces.IsComplete && pieces.Count > 0)
        {
            known.HasAll = true;
            _seeds++;
        }
        else if (!pieces.IsEmpty)
        {
            known.Pieces = new PieceSet(_layout.PieceCount);
            foreach (var piece in pieces)
            {
                known.Pieces.Add(piece.Value);
                _fresh.Raise(piece.Value);
            }
        }
        known.LookAgain();
        for (var i = (known.Owned?.Count ?? 0) - 1; i >= 0; i--)
        {
            if (!known.Has(known.Owned![i].Index))
                Disown(known, known.Owned[i]);
        }
    }

    /// <summary>Says that a peer has a piece; saying it again changes nothing.</summary>
    public void PeerHas(int peer, PieceIndex piece)
    {
        Check(piece);
        if (!_peers.TryGetValue(peer, out var known) || known.HasAll)
            return;
        known.Pieces ??= new PieceSet(_layout.PieceCount);
        if (!known.Pieces.Add(piece.Value))
            return;
        _fresh.Raise(piece.Value);
        if (_fresh.Contains(piece.Value))
        {
            known.FreshAdded((int)_ranks[piece.Value], piece.Value);
        }
        if (_needed.Contains(piece.Value))
            known.InterestCursor = Math.Min(known.InterestCursor, piece.Value >> 6);
    }

    /// <summary>
    /// Says that a peer no longer has a piece (BEP 54); what was asked of it of that piece is free again. Returns how many blocks that were.
    /// See <see cref="TakeDiscarded"/>.
    /// </summary>
    public int PeerLost(int peer, PieceIndex piece)
    {
        Check(piece);
        if (!_peers.TryGetValue(peer, out var known) || !known.Has(piece.Value))
            return 0;
        if (known.HasAll)
        {
            known.HasAll = false;
            _seeds--;
            known.Pieces = new PieceSet(_layout.PieceCount);
            for (var other = 0; other < _layout.PieceCount; other++)
            {
                known.Pieces.Add(other);
                _fresh.Raise(other);
            }
            known.LookAgain();
        }
        known.Pieces!.Remove(piece.Value);
        _fresh.Lower(piece.Value);
        if (known.Interesting == piece.Value)
            known.Interesting = -1;
        if (!_open.TryGetValue(piece.Value, out var open))
            return 0;
        var returned = open.Owner == peer ? Disown(known, open) : GiveBackAll(known, open);
        CloseIfUntouched(open);
        return returned;
    }

    /// <summary>Forgets a peer: what it has counts no more, what was asked of it is free again. Returns how many blocks that were.</summary>
    public int RemovePeer(int peer)
    {
        if (!_peers.TryGetValue(peer, out var known))
            return 0;
        var returned = ReturnAll(known);
        Withdraw(known);
        if (known.IsProven)
            _proven--;
        _peers.Remove(peer);
        return returned;
    }

    /// <summary>How many peers have a piece.</summary>
    public int Availability(PieceIndex piece)
    {
        Check(piece);
        return _fresh.AvailabilityOf(piece.Value) + _seeds;
    }

    /// <summary>Whether a peer has a wanted piece that is not verified. Each word of its set is passed once as long as needs only shrink.</summary>
    public bool IsInteresting(int peer)
    {
        if (!_peers.TryGetValue(peer, out var known))
            return false;
        if (known.HasAll)
            return PiecesLeft > 0;
        if (known.Pieces is null || PiecesLeft == 0)
            return false;
        if (known.Interesting >= 0 && _needed.Contains(known.Interesting))
            return true;
        if (known.InterestAt != _needState)
        {
            known.InterestAt = _needState;
            known.InterestCursor = 0;
        }
        var has = known.Pieces.Words;
        var needed = _needed.Words;
        for (; known.InterestCursor < has.Length; known.InterestCursor++)
        {
            _steps++;
            var both = has[known.InterestCursor] & needed[known.InterestCursor];
            if (both == 0)
                continue;
            known.Interesting = (known.InterestCursor << 6) + BitOperations.TrailingZeroCount(both);
            return true;
        }
        known.Interesting = -1;
        return false;
    }

    private void Withdraw(PiecePickerPeer peer)
    {
        if (peer.HasAll)
        {
            peer.HasAll = false;
            _seeds--;
        }
        if (peer.Pieces is null)
            return;
        var words = peer.Pieces.Words;
        for (var word = 0; word < words.Length; word++)
        {
            for (var rest = words[word]; rest != 0; rest &= rest - 1)
                _fresh.Lower((word << 6) + BitOperations.TrailingZeroCount(rest));
        }
        peer.Pieces = null;
    }
}
