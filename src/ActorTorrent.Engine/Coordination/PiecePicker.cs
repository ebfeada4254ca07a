using System.Numerics;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Coordination;

/// <summary>
/// Says which blocks to ask of which peer, and keeps the books of what was asked, received and verified. One owner, the coordinator; not
/// safe for use from several threads. A peer is a number of 0 or more that is never used twice.
/// </summary>
/// <remarks>
/// <para>
/// A piece is <i>fresh</i> (wanted, not begun), <i>open</i> (begun, up to its verdict) or neither. Only open pieces have a state a block.
/// Messages of a peer that was removed may still be on their way: methods that take an unknown peer's number do nothing.
/// </para>
/// <para>
/// The cost of a pick, apart from the blocks it hands out: constant for a peer that has everything. For any other peer at most
/// <see cref="ProbeLimit"/> fresh pieces are tried in order of rarity; if it has none of those, its set is laid over the fresh pieces' (64
/// pieces a step) and the rarest of at most <see cref="ProbeLimit"/> finds is taken; if there are none, the peer is not looked at again
/// until that changes. Open pieces with free blocks are walked, at most <see cref="PiecePickerOptions.MaxOpenPieces"/> of them as a rule.
/// </para>
/// </remarks>
internal sealed class PiecePicker
{
    /// <summary>How many fresh pieces are looked at one by one for a peer.</summary>
    public const int ProbeLimit = 64;

    private readonly FileLayout _layout;
    private readonly PiecePickerOptions _options;
    private readonly Random _random;
    private readonly PieceRarity _rarity;
    private readonly PieceSet _wanted;
    private readonly PieceSet _needed;
    private readonly PieceRank[] _ranks;
    private readonly PieceSet _fresh;
    private readonly PieceSet[] _freshOf = new PieceSet[PieceRarity.Ranks];
    private readonly int[] _freshCounts = new int[PieceRarity.Ranks];
    private readonly long[] _freshStates = new long[PieceRarity.Ranks];
    private readonly Dictionary<int, PiecePickerPeer> _peers = [];
    private readonly Dictionary<int, PieceInProgress> _open = [];
    private readonly Stack<PieceInProgress> _spare = [];
    private readonly List<PieceIndex> _discarded = [];

    // By rank, the open pieces that have free blocks and are not one peer's alone; the last one takes what is wanted no more.
    private readonly PieceQueue[] _partial = [new(), new(), new(), new(), new()];

    // Sorted by time.
    private readonly List<(TimeSpan At, int Piece)> _deadlines = [];

    private int _seeds;
    private int _proven;
    private int _freshCount;
    private long _needState;
    private int _freeBlocks;

    /// <summary>Starts with everything wanted, nothing there and no peers.</summary>
    public PiecePicker(FileLayout layout, PiecePickerOptions options, Random random)
    {
        _layout = layout;
        _options = options.Validated();
        _random = random;
        var count = layout.PieceCount;
        Have = new Bitfield(count);
        _rarity = new PieceRarity(count, random);
        _wanted = new PieceSet(count);
        _needed = new PieceSet(count);
        _fresh = new PieceSet(count);
        _ranks = new PieceRank[count];
        Array.Fill(_ranks, PieceRank.Normal);
        for (var rank = 0; rank < PieceRarity.Ranks; rank++)
            _freshOf[rank] = new PieceSet(count);
        for (var piece = 0; piece < count; piece++)
        {
            _wanted.Add(piece);
            _needed.Add(piece);
            _fresh.Add(piece);
            _freshOf[(int)PieceRank.Normal].Add(piece);
        }
        _freshCount = count;
        _freshCounts[(int)PieceRank.Normal] = count;
        PiecesLeft = count;
        BytesLeft = layout.TotalLength;
    }

    /// <summary>The verified pieces, wanted or not. Others read it, only the picker writes it.</summary>
    public Bitfield Have { get; private set; }

    /// <summary>How many wanted pieces are not verified yet.</summary>
    public int PiecesLeft { get; private set; }

    /// <summary>The size of the wanted pieces that are not verified yet.</summary>
    public long BytesLeft { get; private set; }

    /// <summary>Whether every wanted piece is verified.</summary>
    public bool IsComplete => PiecesLeft == 0;

    /// <summary>Whether every block of every wanted piece is received or asked of someone.</summary>
    public bool IsEndgame => PiecesLeft > 0 && _freshCount == 0 && _freeBlocks == 0;

    /// <summary>How many pieces are begun and without a verdict.</summary>
    public int OpenPieces => _open.Count;

    /// <summary>How many peers there are.</summary>
    public int Peers => _peers.Count;

    /// <summary>The sum of the blocks asked of peers and not received; a block asked of two counts twice.</summary>
    public long OutstandingBytes { get; private set; }

    /// <summary>Pieces and words looked at by picks so far: what the tests of the cost count.</summary>
    internal long Steps { get; private set; }

    /// <summary>
    /// Sets how much each piece is wanted, at any time. An open piece that is no longer wanted is dropped, whatever was received of it
    /// discarded.
    /// </summary>
    /// <param name="rankOf">The rank of a piece.</param>
    /// <param name="cancels">Where the blocks are added that are asked of peers and not wanted any more; they are no longer waited for.</param>
    public void SetRanks(Func<PieceIndex, PieceRank> rankOf, List<(int Peer, BlockRequest Block)>? cancels = null)
    {
        for (var piece = 0; piece < _layout.PieceCount; piece++)
        {
            _ranks[piece] = rankOf(new PieceIndex(piece));
            if (_ranks[piece] != PieceRank.Skip)
                _wanted.Add(piece);
            else
                _wanted.Remove(piece);
        }
        foreach (var open in _open.Values)
        {
            var isQueued = open.IsQueued;
            Unqueue(open);
            open.Rank = _ranks[open.Index];
            if (isQueued)
                QueueOf(open).AddLast(open);
        }
        Reconsider(cancels);
    }

    /// <summary>Sets which pieces are wanted, all of them at normal rank; see <see cref="SetRanks"/>.</summary>
    public void SetWanted(Func<PieceIndex, bool> isWanted) => SetRanks(piece => isWanted(piece) ? PieceRank.Normal : PieceRank.Skip);

    /// <summary>
    /// Says when a piece has to be there: until it is verified, it comes before all pieces of a later time or none, whatever their rank.
    /// What is not wanted does not come for that.
    /// </summary>
    public void SetDeadline(PieceIndex piece, TimeSpan at)
    {
        Check(piece);
        ClearDeadline(piece);
        if (Have[piece])
            return;
        var place = _deadlines.BinarySearch((at, piece.Value));
        _deadlines.Insert(place < 0 ? ~place : place, (at, piece.Value));
    }

    /// <summary>Whether any piece has to be there by some time.</summary>
    public bool HasDeadlines => _deadlines.Count > 0;

    /// <summary>Takes a deadline back, if there is one.</summary>
    public void ClearDeadline(PieceIndex piece)
    {
        var place = _deadlines.FindIndex(entry => entry.Piece == piece.Value);
        if (place >= 0)
            _deadlines.RemoveAt(place);
    }

    /// <inheritdoc cref="SetWanted(Func{PieceIndex, bool})"/>
    public void SetWanted(Bitfield wanted)
    {
        CheckCount(wanted);
        SetWanted(piece => wanted[piece]);
    }

    /// <summary>Says what a check of the files found. Open pieces that are among it are closed.</summary>
    public void SetHave(Bitfield have)
    {
        CheckCount(have);
        Have = have.Clone();
        Reconsider();
    }

    /// <summary>
    /// Opens a fresh piece of which some blocks, not all, are there already. False, and nothing changes, when the piece is not wanted, not
    /// fresh, or as many are open as may be.
    /// </summary>
    public bool TryRestore(PieceIndex piece, Bitfield blocks)
    {
        Check(piece);
        if (!_fresh.Contains(piece.Value) || _open.Count >= _options.MaxOpenPieces || blocks.IsEmpty || blocks.IsComplete)
            return false;
        var open = Open(piece.Value);
        foreach (var block in blocks)
            open.Receive(block.Value);
        _freeBlocks -= blocks.SetCount;
        QueueOf(open).AddLast(open);
        return true;
    }

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
                _rarity.Raise(piece.Value);
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
        _rarity.Raise(piece.Value);
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
                _rarity.Raise(other);
            }
            known.LookAgain();
        }
        known.Pieces!.Remove(piece.Value);
        _rarity.Lower(piece.Value);
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
        return _rarity.AvailabilityOf(piece.Value) + _seeds;
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
            Steps++;
            var both = has[known.InterestCursor] & needed[known.InterestCursor];
            if (both == 0)
                continue;
            known.Interesting = (known.InterestCursor << 6) + BitOperations.TrailingZeroCount(both);
            return true;
        }
        known.Interesting = -1;
        return false;
    }

    /// <summary>
    /// Picks blocks to ask of a peer and books them. In this order: exclusive pieces of its own; pieces with a deadline; then, rank by rank,
    /// the piece it worked on last, other open pieces, the oldest first, and fresh pieces; exclusive pieces that it is suspected to have
    /// spoiled; and, when nothing is free any more, blocks that another peer is asked for.
    /// </summary>
    /// <param name="peer">The peer.</param>
    /// <param name="count">How many blocks at most.</param>
    /// <param name="into">Where the blocks are added.</param>
    /// <returns>How many were added.</returns>
    public int Pick(int peer, int count, List<BlockRequest> into)
    {
        if (count <= 0 || PiecesLeft == 0 || !_peers.TryGetValue(peer, out var known))
            return 0;
        count = AtMost(known, count);
        var left = count;
        if (known.Owned is not null)
        {
            foreach (var piece in known.Owned)
                left -= Take(known, piece, left, into);
        }
        if (known.IsOnParole)
        {
            left -= TakeAlone(known, left, into);
            // When nothing is left that it could have to itself, it helps like any other rather than not at all.
            if (left < count || known.Outstanding > 0)
                return count - left;
        }
        if (left > 0 && _deadlines.Count > 0)
            left -= TakeUrgent(known, left, into);
        for (var rank = PieceRank.Edge; rank < PieceRank.Skip && left > 0; rank++)
            left -= TakeRanked(known, rank, left, into);
        for (var rank = PieceRank.Edge; rank < PieceRank.Skip && left > 0; rank++)
            left -= TakePartial(known, rank, left, into, lastResort: true);
        if (left > 0 && IsEndgame && _options.MaxRequestersPerBlock > 1 && (known.IsProven || _proven == 0 || _options.UnprovenBlocks == int.MaxValue))
            left -= Share(known, Math.Min(left, _options.EndgameBlocks - known.Outstanding), into);
        return count - left;
    }

    /// <summary>Picks blocks of certain pieces alone, as <see cref="Pick"/> does of all: of a peer that chokes us, its allowed fast ones (BEP 6).</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="pieces">The pieces.</param>
    /// <param name="count">How many blocks at most.</param>
    /// <param name="into">Where the blocks are added.</param>
    /// <returns>How many were added.</returns>
    public int PickOf(int peer, IReadOnlyList<PieceIndex> pieces, int count, List<BlockRequest> into)
    {
        if (PiecesLeft == 0 || !_peers.TryGetValue(peer, out var known))
            return 0;
        count = AtMost(known, count);
        var left = count;
        for (var i = 0; i < pieces.Count && left > 0; i++)
            left -= TakeOf(known, pieces[i].Value, left, into);
        return count - left;
    }

    /// <summary>Books a block that came in.</summary>
    /// <param name="peer">Who sent it.</param>
    /// <param name="block">Which block.</param>
    /// <param name="cancels">Where the other peers that the block was asked of are added; they are no longer waited for.</param>
    public BlockBooking BlockReceived(int peer, BlockRequest block, List<(int Peer, BlockRequest Block)> cancels)
    {
        if (!IsBlock(block) || !_peers.TryGetValue(peer, out var known))
            return BlockBooking.Unexpected;
        _open.TryGetValue(block.Piece.Value, out var piece);
        if (piece is null || !piece.IsAsked(block.Block, peer))
        {
            // Not asked of it now, but it may have been, and the block been under way when the request was taken back.
            if (!known.ForgetLate(block.Piece.Value, block.Block))
                return BlockBooking.Unexpected;
            if (!_needed.Contains(block.Piece.Value))
                return BlockBooking.Duplicate;
            if (piece is not null && (piece.IsReceived(block.Block) || (piece.IsExclusive && piece.Owner != peer)))
                return BlockBooking.Duplicate;
            if (piece is null)
            {
                piece = Open(block.Piece.Value);
                QueueOf(piece).AddLast(piece);
            }
        }
        for (var other = piece.RequesterOf(block.Block); other != PieceInProgress.Nobody; other = piece.RequesterOf(block.Block))
        {
            var asked = _peers[other];
            Unbook(asked, piece, block.Block);
            if (other == peer)
                continue;
            asked.RememberLate(block.Piece.Value, block.Block);
            cancels.Add((other, block));
        }
        piece.Receive(block.Block);
        if (!known.IsProven)
        {
            known.IsProven = true;
            _proven++;
        }
        _freeBlocks--;
        if (piece.Free == 0)
            Unqueue(piece);
        return BlockBooking.Accepted;
    }

    /// <summary>Whether a piece is among those that are wanted, there or not.</summary>
    public bool IsWanted(PieceIndex piece) => _ranks[piece.Value] != PieceRank.Skip;

    /// <summary>
    /// Puts a peer on parole, or takes it off: on parole it gets whole pieces to itself as far as there are any, so that one that fails proves
    /// who spoiled it.
    /// </summary>
    public void SetParole(int peer, bool isOnParole)
    {
        if (_peers.TryGetValue(peer, out var known))
            known.IsOnParole = isOnParole;
    }

    /// <summary>Whether a peer has sent a block that was asked of it.</summary>
    public bool IsProven(int peer) => _peers.TryGetValue(peer, out var known) && known.IsProven;

    private int AtMost(PiecePickerPeer peer, int count) =>
        peer.IsProven ? count : Math.Max(0, Math.Min(count, _options.UnprovenBlocks - peer.Outstanding));

    /// <summary>Whether a piece was begun and is not verified yet.</summary>
    public bool IsOpen(PieceIndex piece) => _open.ContainsKey(piece.Value);

    /// <summary>Whether a block was asked of a peer and may still arrive, even if the request was taken back since.</summary>
    public bool WasRequested(int peer, BlockRequest block) =>
        IsBlock(block)
        && _peers.TryGetValue(peer, out var known)
        && (IsBooked(known, block) || known.IsLate(block.Piece.Value, block.Block));

    /// <summary>Whether a block is asked of a peer now.</summary>
    public bool IsRequested(int peer, BlockRequest block) =>
        IsBlock(block) && _peers.TryGetValue(peer, out var known) && IsBooked(known, block);

    /// <summary>How many pieces a peer has.</summary>
    public int PiecesOf(int peer) => _peers.TryGetValue(peer, out var known) ? known.HasAll ? _layout.PieceCount : known.Pieces?.Count() ?? 0 : 0;

    /// <summary>How many blocks are asked of a peer.</summary>
    public int Outstanding(int peer) => _peers.TryGetValue(peer, out var known) ? known.Outstanding : 0;

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

    /// <summary>Whether all blocks of a piece are received and its verdict is awaited.</summary>
    public bool IsWhole(PieceIndex piece) => _open.TryGetValue(piece.Value, out var open) && open.IsWhole;

    /// <summary>Whether a piece has to come from one peer, and from which; −1 while none has taken it.</summary>
    public bool IsExclusive(PieceIndex piece, out int owner)
    {
        var exclusive = _open.TryGetValue(piece.Value, out var open) && open.IsExclusive;
        owner = exclusive ? open!.Owner : PieceInProgress.Nobody;
        return exclusive;
    }

    /// <summary>A piece is verified: we have it.</summary>
    public void PieceVerified(PieceIndex piece)
    {
        Check(piece);
        if (Have.Set(piece) && _needed.Remove(piece.Value))
        {
            PiecesLeft--;
            BytesLeft -= _layout.PieceSize(piece);
        }
        if (_deadlines.Count > 0)
            ClearDeadline(piece);
        if (_open.TryGetValue(piece.Value, out var open))
            Close(open, discard: false);
        else
            SetFresh(piece.Value, false);
    }

    /// <summary>A piece failed its check: all of its blocks are free again.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="exclusive">Whether it now has to come whole from one peer, so that another failure proves who is to blame.</param>
    /// <param name="suspects">Peers that may have spoiled it: an exclusive piece goes to them only if they have nothing else to do.</param>
    public void PieceFailed(PieceIndex piece, bool exclusive, IReadOnlyCollection<int>? suspects = null)
    {
        Check(piece);
        if (_open.TryGetValue(piece.Value, out var open))
            Close(open, discard: false);
        if (!exclusive || !_fresh.Contains(piece.Value))
            return;
        open = Open(piece.Value);
        open.IsExclusive = true;
        if (suspects is not null)
        {
            foreach (var suspect in suspects)
                open.AddSuspect(suspect);
        }
        QueueOf(open).AddFirst(open);
    }

    private static bool IsLastResort(PiecePickerPeer peer, PieceInProgress piece) => piece.IsExclusive && piece.IsSuspect(peer.Number);

    private static bool IsBookable(PieceInProgress piece) => piece.Free > 0 && (!piece.IsExclusive || piece.Owner == PieceInProgress.Nobody);

    private bool IsBooked(PiecePickerPeer peer, BlockRequest block) =>
        _open.TryGetValue(block.Piece.Value, out var piece) && piece.IsAsked(block.Block, peer.Number);

    private bool IsBlock(BlockRequest block) =>
        (uint)block.Piece.Value < (uint)_layout.PieceCount
        && block.Offset >= 0
        && block.Offset % FileLayout.BlockLength == 0
        && block.Block < _layout.BlockCount(block.Piece)
        && block.Length == _layout.BlockSize(block.Piece, block.Block);

    private BlockRequest BlockOf(PieceInProgress piece, int block)
    {
        var index = new PieceIndex(piece.Index);
        return new BlockRequest(index, block * FileLayout.BlockLength, _layout.BlockSize(index, block));
    }

    private PieceQueue QueueOf(PieceInProgress piece) => _partial[(int)piece.Rank];

    private void Unqueue(PieceInProgress piece) => QueueOf(piece).Remove(piece);

    /// <summary>Books blocks of the pieces that have a deadline, the first one first; only so many are looked at.</summary>
    private int TakeUrgent(PiecePickerPeer peer, int count, List<BlockRequest> into)
    {
        var left = count;
        for (var i = 0; i < _deadlines.Count && i < ProbeLimit && left > 0; i++)
            left -= TakeOf(peer, _deadlines[i].Piece, left, into);
        return count - left;
    }

    private int TakeOf(PiecePickerPeer peer, int index, int count, List<BlockRequest> into)
    {
        Steps++;
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
        while (left > 0 && _freshCounts[(int)rank] > 0 && MayOpen(peer))
        {
            var index = _options.Order == PieceOrder.Sequential ? FirstFresh(peer, rank) : RarestFresh(peer, rank);
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
            Steps++;
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
                Steps++;
                next = piece.Next;
                if (piece.IsExclusive && peer.Has(piece.Index))
                    left -= Take(peer, piece, left, into);
            }
            while (left > 0 && _freshCounts[(int)rank] > 0 && MayOpen(peer))
            {
                var index = _options.Order == PieceOrder.Sequential ? FirstFresh(peer, rank) : RarestFresh(peer, rank);
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
            Steps++;
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

    private void Book(PiecePickerPeer peer, PieceInProgress piece, int block, List<BlockRequest> into)
    {
        var request = BlockOf(piece, block);
        piece.Ask(block, peer.Number);
        peer.Outstanding++;
        OutstandingBytes += request.Length;
        into.Add(request);
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

    private PieceInProgress Open(int index)
    {
        if (!_spare.TryPop(out var piece))
            piece = new PieceInProgress(_options.MaxRequestersPerBlock);
        piece.Begin(index, _ranks[index], _layout.BlockCount(new PieceIndex(index)));
        _open.Add(index, piece);
        _freeBlocks += piece.BlockCount;
        SetFresh(index, false);
        return piece;
    }

    private void CloseIfUntouched(PieceInProgress piece)
    {
        if (piece.IsUntouched && !piece.IsExclusive)
            Close(piece, discard: false);
    }

    /// <summary>Drops the state of an open piece; it is fresh again if it is needed.</summary>
    private void Close(PieceInProgress piece, bool discard, List<(int Peer, BlockRequest Block)>? cancels = null)
    {
        if (piece.Free + piece.Received < piece.BlockCount)
        {
            for (var block = 0; block < piece.BlockCount; block++)
            {
                for (var other = piece.RequesterOf(block); other != PieceInProgress.Nobody; other = piece.RequesterOf(block))
                {
                    GiveBack(_peers[other], piece, block);
                    cancels?.Add((other, BlockOf(piece, block)));
                }
            }
        }
        if (discard && piece.Received > 0)
            _discarded.Add(new PieceIndex(piece.Index));
        if (piece.Owner != PieceInProgress.Nobody && _peers.TryGetValue(piece.Owner, out var owner))
            owner.Owned?.Remove(piece);
        _freeBlocks -= piece.Free;
        Unqueue(piece);
        _open.Remove(piece.Index);
        SetFresh(piece.Index, _needed.Contains(piece.Index));
        if (_spare.Count < _options.MaxOpenPieces)
            _spare.Push(piece);
    }

    private bool MayOpen(PiecePickerPeer peer)
    {
        if (_open.Count < _options.MaxOpenPieces)
            return true;
        if (peer.HasAll)
            return false;
        foreach (var index in _open.Keys)
        {
            Steps++;
            if (peer.Has(index))
                return false;
        }
        return true;
    }

    private int RarestFresh(PiecePickerPeer peer, PieceRank rank)
    {
        if (!peer.HasAll && (peer.Pieces is null || peer.Marks.NoFreshAt[(int)rank] == _freshStates[(int)rank]))
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
        peer.Marks.NoFreshAt[(int)rank] = _freshStates[(int)rank];
        return -1;
    }

    /// <summary>The rarest of some fresh pieces that the peer has, found in its own set from a random place on.</summary>
    private int RarestSampled(PiecePickerPeer peer, PieceRank rank)
    {
        var has = peer.Pieces!.Words;
        var fresh = _freshOf[(int)rank].Words;
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
            peer.Marks.NoFreshAt[(int)rank] = _freshStates[(int)rank];
        return best;
    }

    /// <summary>The first fresh piece of a rank that the peer has. A word is passed once as long as fresh pieces only become fewer.</summary>
    private int FirstFresh(PiecePickerPeer peer, PieceRank rank)
    {
        if (!peer.HasAll && peer.Pieces is null)
            return -1;
        ref var cursor = ref peer.Marks.FreshCursor[(int)rank];
        if (peer.Marks.FreshCursorAt[(int)rank] != _freshStates[(int)rank])
        {
            peer.Marks.FreshCursorAt[(int)rank] = _freshStates[(int)rank];
            cursor = 0;
        }
        var fresh = _freshOf[(int)rank].Words;
        for (; cursor < fresh.Length; cursor++)
        {
            Steps++;
            var both = peer.HasAll ? fresh[cursor] : fresh[cursor] & peer.Pieces!.Words[cursor];
            if (both != 0)
                return (cursor << 6) + BitOperations.TrailingZeroCount(both);
        }
        return -1;
    }

    /// <summary>Notes that a piece is fresh or no longer so; more fresh ones end every peer's having nothing to begin.</summary>
    private void SetFresh(int piece, bool fresh)
    {
        var before = _rarity.RankOf(piece);
        var after = fresh ? _ranks[piece] : PieceRank.Skip;
        if (before == after)
            return;
        _rarity.SetRank(piece, after);
        if (before != PieceRank.Skip)
        {
            _fresh.Remove(piece);
            _freshOf[(int)before].Remove(piece);
            _freshCounts[(int)before]--;
            _freshCount--;
        }
        if (after != PieceRank.Skip)
        {
            _fresh.Add(piece);
            _freshOf[(int)after].Add(piece);
            _freshCounts[(int)after]++;
            _freshStates[(int)after]++;
            _freshCount++;
        }
    }

    /// <summary>Works out anew what is needed, after what is wanted or had changed as a whole.</summary>
    private void Reconsider(List<(int Peer, BlockRequest Block)>? cancels = null)
    {
        PiecesLeft = 0;
        BytesLeft = 0;
        for (var piece = 0; piece < _layout.PieceCount; piece++)
        {
            var index = new PieceIndex(piece);
            if (_wanted.Contains(piece) && !Have[index])
            {
                _needed.Add(piece);
                PiecesLeft++;
                BytesLeft += _layout.PieceSize(index);
            }
            else
            {
                _needed.Remove(piece);
            }
        }
        _needState++;
        foreach (var open in _open.Values.ToArray())
        {
            // One that is whole gets its verdict anyway: it costs nothing more.
            if (!_needed.Contains(open.Index) && (Have[new PieceIndex(open.Index)] || !open.IsWhole))
                Close(open, discard: true, cancels);
        }
        for (var piece = 0; piece < _layout.PieceCount; piece++)
            SetFresh(piece, _needed.Contains(piece) && !_open.ContainsKey(piece));
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
                _rarity.Lower((word << 6) + BitOperations.TrailingZeroCount(rest));
        }
        peer.Pieces = null;
    }

    private void CheckCount(Bitfield pieces)
    {
        if (pieces.Count != _layout.PieceCount)
            throw new ArgumentException($"A bitfield of {pieces.Count} pieces; the torrent has {_layout.PieceCount}.", nameof(pieces));
    }

    private void Check(PieceIndex piece)
    {
        if ((uint)piece.Value >= (uint)_layout.PieceCount)
            throw new ArgumentOutOfRangeException(nameof(piece), piece.Value, $"There are {_layout.PieceCount} pieces.");
    }
}
