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
/// <see cref="FreshPieces.ProbeLimit"/> fresh pieces are tried in order of rarity; if it has none of those, its set is laid over the fresh pieces' (64
/// pieces a step) and the rarest of at most <see cref="FreshPieces.ProbeLimit"/> finds is taken; if there are none, the peer is not looked at again
/// until that changes. Open pieces with free blocks are walked, at most <see cref="PiecePickerOptions.MaxOpenPieces"/> of them as a rule.
/// </para>
/// </remarks>
internal sealed partial class PiecePicker
{
    // How many pieces with a deadline are looked at for a pick.
    private const int UrgentLimit = 64;

    // More peers than these that have not sent a block yet share what so many would be asked for, but each gets some blocks to prove itself by.
    private const int UnprovenCrowd = 64;
    private const int LeastUnproven = 2;

    private readonly FileLayout _layout;
    private readonly PiecePickerOptions _options;
    private readonly FreshPieces _fresh;
    private readonly PieceDeadlines _deadlines = new();
    private readonly PieceSet _wanted;
    private readonly PieceSet _needed;
    private readonly PieceRank[] _ranks;
    private readonly Dictionary<int, PiecePickerPeer> _peers = [];
    private readonly Dictionary<int, PieceInProgress> _open = [];
    private readonly Stack<PieceInProgress> _spare = [];
    private readonly List<PieceIndex> _discarded = [];

    // By rank, the open pieces that have free blocks and are not one peer's alone; the last one takes what is wanted no more.
    private readonly PieceQueue[] _partial = [new(), new(), new(), new(), new()];

    private int _seeds;
    private int _proven;
    private long _needState;
    private long _steps;
    private int _freeBlocks;

    /// <summary>Starts with everything wanted, nothing there and no peers.</summary>
    public PiecePicker(FileLayout layout, PiecePickerOptions options, Random random)
    {
        _layout = layout;
        _options = options.Validated();
        var count = layout.PieceCount;
        Have = new Bitfield(count);
        _fresh = new FreshPieces(count, _options.Order, random);
        _wanted = new PieceSet(count);
        _needed = new PieceSet(count);
        _ranks = new PieceRank[count];
        Array.Fill(_ranks, PieceRank.Normal);
        for (var piece = 0; piece < count; piece++)
        {
            _wanted.Add(piece);
            _needed.Add(piece);
        }
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
    public bool IsEndgame => PiecesLeft > 0 && _fresh.Count == 0 && _freeBlocks == 0;

    /// <summary>How many pieces are begun and without a verdict.</summary>
    public int OpenPieces => _open.Count;

    /// <summary>How many peers there are.</summary>
    public int Peers => _peers.Count;

    /// <summary>The sum of the blocks asked of peers and not received; a block asked of two counts twice.</summary>
    public long OutstandingBytes { get; private set; }

    /// <summary>Pieces and words looked at by picks so far: what the tests of the cost count.</summary>
    internal long Steps => _steps + _fresh.Steps;

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
        if (Have[piece])
            return;
        _deadlines.Set(piece.Value, at);
    }

    /// <summary>Whether any piece has to be there by some time.</summary>
    public bool HasDeadlines => _deadlines.Count > 0;

    /// <summary>Takes a deadline back, if there is one.</summary>
    public void ClearDeadline(PieceIndex piece) => _deadlines.Clear(piece.Value);

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
        if (!_fresh.Contains(piece.Value) || _open.Count >= _options.MaxOpenPieces || _options.Budget is { IsSpent: true } || blocks.IsEmpty || blocks.IsComplete)
            return false;
        var open = Open(piece.Value);
        foreach (var block in blocks)
            open.Receive(block.Value);
        _freeBlocks -= blocks.SetCount;
        QueueOf(open).AddLast(open);
        return true;
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

    private int AtMost(PiecePickerPeer peer, int count)
    {
        if (peer.IsProven)
            return count;
        // The pieces that they hold up take memory, and most of a crowd may never send anything.
        var unproven = Math.Max(UnprovenCrowd, _peers.Count - _proven);
        var most = Math.Max(Math.Min(LeastUnproven, _options.UnprovenBlocks), (long)_options.UnprovenBlocks * UnprovenCrowd / unproven);
        return (int)Math.Clamp(most - peer.Outstanding, 0, count);
    }

    /// <summary>Whether a piece was begun and is not verified yet.</summary>
    public bool IsOpen(PieceIndex piece) => _open.ContainsKey(piece.Value);

    /// <summary>Bytes of blocks received, of pieces that are not verified yet.</summary>
    public long UnverifiedBytes => _open.Values.Sum(piece =>
        Math.Min((long)piece.Received * FileLayout.BlockLength, _layout.PieceSize(new PieceIndex(piece.Index))));

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

    /// <summary>Whether all blocks of a piece are received and its verdict is awaited.</summary>
    public bool IsWhole(PieceIndex piece) => _open.TryGetValue(piece.Value, out var open) && open.IsWhole;

    /// <summary>Whether a piece has to come from one peer, and from which; −1 while none has taken it.</summary>
    public bool IsExclusive(PieceIndex piece, out int owner)
    {
        var exclusive = _open.TryGetValue(piece.Value, out var open) && open.IsExclusive;
        owner = exclusive ? open!.Owner : PieceInProgress.Nobody;
        return exclusive;
    }

    /// <summary>The end: what the open pieces had of the budget is given back. Nothing is picked after that.</summary>
    public void Leave()
    {
        foreach (var piece in _open.Keys)
            _options.Budget?.Return(_layout.PieceSize(new PieceIndex(piece)));
        _open.Clear();
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
        _deadlines.Clear(piece.Value);
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

    private void Book(PiecePickerPeer peer, PieceInProgress piece, int block, List<BlockRequest> into)
    {
        var request = BlockOf(piece, block);
        piece.Ask(block, peer.Number);
        peer.Outstanding++;
        OutstandingBytes += request.Length;
        into.Add(request);
    }

    private PieceInProgress Open(int index)
    {
        if (!_spare.TryPop(out var piece))
            piece = new PieceInProgress(_options.MaxRequestersPerBlock);
        piece.Begin(index, _ranks[index], _layout.BlockCount(new PieceIndex(index)));
        _open.Add(index, piece);
        _options.Budget?.Take(_layout.PieceSize(new PieceIndex(index)));
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
        _options.Budget?.Return(_layout.PieceSize(new PieceIndex(piece.Index)));
        SetFresh(piece.Index, _needed.Contains(piece.Index));
        if (_spare.Count < _options.MaxOpenPieces)
            _spare.Push(piece);
    }

    private bool MayOpen(PiecePickerPeer peer)
    {
        if (_open.Count > 0 && _options.Budget is { IsSpent: true })
            return false;
        if (_open.Count < _options.MaxOpenPieces)
            return true;
        if (peer.HasAll)
            return false;
        foreach (var index in _open.Keys)
        {
            _steps++;
            if (peer.Has(index))
                return false;
        }
        return true;
    }

    /// <summary>Notes that a piece is fresh or no longer so.</summary>
    private void SetFresh(int piece, bool fresh) => _fresh.SetRank(piece, fresh ? _ranks[piece] : PieceRank.Skip);

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
