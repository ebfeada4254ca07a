using ActorTorrent.Engine.Coordination;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.Coordination;

/// <summary>
/// A picker and, beside it, the same books kept in the plainest way. Each number given to <see cref="Apply"/> is turned into one operation,
/// done to both; then every statement of the picker is compared.
/// </summary>
internal sealed class PiecePickerModel
{
    private readonly FileLayout _layout;
    private readonly PiecePickerOptions _options;
    private readonly Dictionary<int, ModelPeer> _peers = [];
    private readonly HashSet<(int Piece, int Block)> _received = [];
    private readonly bool[] _wanted;
    private readonly bool[] _verified;
    private readonly PieceRank[] _ranks;
    private readonly HashSet<int> _deadlines = [];

    // Exclusive pieces and their owners, −1 for nobody yet.
    private readonly Dictionary<int, int> _owners = [];
    private readonly List<PieceIndex> _discarded = [];
    private int _nextPeer;

    public PiecePickerModel(int pieces, int blocksPerPiece, int lastBytes, PiecePickerOptions options, int seed)
    {
        _options = options;
        _layout = LayoutOf(pieces, blocksPerPiece * FileLayout.BlockLength, lastBytes);
        Picker = new PiecePicker(_layout, options, new Random(seed));
        _wanted = new bool[_layout.PieceCount];
        _verified = new bool[_layout.PieceCount];
        Array.Fill(_wanted, true);
        _ranks = new PieceRank[_layout.PieceCount];
        Array.Fill(_ranks, PieceRank.Normal);
    }

    public PiecePicker Picker { get; }

    public static FileLayout LayoutOf(int pieces, int pieceLength, int lastBytes)
    {
        var length = ((long)(pieces - 1) * pieceLength) + Math.Clamp(lastBytes, 1, pieceLength);
        return new FileLayout([new TorrentFileEntry(0, ["file"], length, 0)], pieceLength);
    }

    public void Apply(int number)
    {
        var random = new Random(number);
        var peer = _peers.Count == 0 ? -1 : _peers.Keys.ElementAt(random.Next(_peers.Count));
        var kind = random.Next(100);
        if (peer < 0 || (kind < 6 && _peers.Count < 8))
            AddPeer(random);
        else if (kind < 10)
            Has(peer, random);
        else if (kind < 20)
            HasPiece(peer, random.Next(_layout.PieceCount));
        else if (kind < 23)
            Remove(peer);
        else if (kind < 50)
            Pick(peer, random.Next(1, 12));
        else if (kind < 75)
            Receive(peer, random);
        else if (kind < 79)
            ReceiveLate(peer, random);
        else if (kind < 82)
            ReceiveAny(peer, random);
        else if (kind < 85)
            ReturnAll(peer);
        else if (kind < 88)
            ReturnOne(peer, random);
        else if (kind < 94)
            Judge(random);
        else if (kind < 96)
            LosePiece(peer, random.Next(_layout.PieceCount));
        else if (kind < 97)
            Hurry(random);
        else
            Want(random);
        Compare();
    }

    /// <summary>Lets one peer that has everything bring the download to its end.</summary>
    public void Finish()
    {
        foreach (var peer in _peers.Keys.ToArray())
            Remove(peer);
        _wanted.AsSpan().Fill(true);
        _ranks.AsSpan().Fill(PieceRank.Normal);
        Picker.SetWanted(_ => true);
        var seed = _nextPeer++;
        _peers.Add(seed, new ModelPeer(_layout.PieceCount));
        Picker.AddPeer(seed);
        var all = new Bitfield(_layout.PieceCount);
        all.SetAll();
        Picker.PeerHas(seed, all);
        Array.Fill(_peers[seed].Has, true);
        for (var round = 0; !Picker.IsComplete; round++)
        {
            Assert.True(round <= _layout.PieceCount * 2, $"{Picker.PiecesLeft} pieces are left and nobody is asked for them.");
            Pick(seed, 7);
            foreach (var block in _peers[seed].Asked.ToArray())
                Receive(seed, block);
            foreach (var piece in WholePieces())
                Verify(piece);
            Compare();
        }
    }

    private void AddPeer(Random random)
    {
        var peer = _nextPeer++;
        _peers.Add(peer, new ModelPeer(_layout.PieceCount));
        Picker.AddPeer(peer);
        Has(peer, random);
    }

    private void Has(int peer, Random random)
    {
        var density = random.Next(4) switch { 0 => 0.0, 1 => 1.0, 2 => 0.2, _ => 0.7 };
        var pieces = new Bitfield(_layout.PieceCount);
        for (var piece = 0; piece < _layout.PieceCount; piece++)
        {
            _peers[peer].Has[piece] = random.NextDouble() < density;
            if (_peers[peer].Has[piece])
                pieces.Set(new PieceIndex(piece));
        }
        Picker.PeerHas(peer, pieces);
        foreach (var (piece, owner) in _owners.ToArray())
        {
            if (owner == peer && !_peers[peer].Has[piece])
                Disown(peer, piece);
        }
    }

    private void HasPiece(int peer, int piece)
    {
        _peers[peer].Has[piece] = true;
        Picker.PeerHas(peer, new PieceIndex(piece));
    }

    private void LosePiece(int peer, int piece)
    {
        var had = _peers[peer].Has[piece];
        var asked = _peers[peer].Asked.Where(block => block.Piece.Value == piece).ToArray();
        Assert.Equal(had ? asked.Length : 0, Picker.PeerLost(peer, new PieceIndex(piece)));
        Assert.Equal(0, Picker.PeerLost(peer, new PieceIndex(piece)));
        _peers[peer].Has[piece] = false;
        if (!had)
            return;
        if (_owners.GetValueOrDefault(piece, -1) == peer)
            Disown(peer, piece);
        foreach (var block in asked)
        {
            if (_peers[peer].Asked.Contains(block))
                _peers[peer].GiveBack(block);
        }
    }

    private void Hurry(Random random)
    {
        var piece = random.Next(_layout.PieceCount);
        if (random.Next(3) == 0)
        {
            Picker.ClearDeadline(new PieceIndex(piece));
            _deadlines.Remove(piece);
            return;
        }
        Picker.SetDeadline(new PieceIndex(piece), TimeSpan.FromSeconds(random.Next(100)));
        _deadlines.Add(piece);
    }

    private void Remove(int peer)
    {
        var asked = _peers[peer].Asked.Count;
        GiveBack(peer);
        _peers.Remove(peer);
        Assert.Equal(asked, Picker.RemovePeer(peer));
    }

    private void ReturnAll(int peer)
    {
        var asked = _peers[peer].Asked.Count;
        GiveBack(peer);
        Assert.Equal(asked, Picker.ReturnAll(peer));
    }

    private void ReturnOne(int peer, Random random)
    {
        if (_peers[peer].Asked.Count == 0)
            return;
        var block = _peers[peer].Asked.ElementAt(random.Next(_peers[peer].Asked.Count));
        Assert.True(Picker.Return(peer, block));
        Assert.False(Picker.Return(peer, block));
        if (_owners.GetValueOrDefault(block.Piece.Value, -1) == peer)
            Disown(peer, block.Piece.Value);
        else
            _peers[peer].GiveBack(block);
    }

    private void GiveBack(int peer)
    {
        foreach (var (piece, owner) in _owners.ToArray())
        {
            if (owner == peer)
                Disown(peer, piece);
        }
        foreach (var block in _peers[peer].Asked.ToArray())
            _peers[peer].GiveBack(block);
    }

    private void Disown(int peer, int piece)
    {
        if (IsWhole(piece))
            return;
        foreach (var block in _peers[peer].Asked.Where(block => block.Piece.Value == piece).ToArray())
            _peers[peer].GiveBack(block);
        if (_received.RemoveWhere(block => block.Piece == piece) > 0)
            _discarded.Add(new PieceIndex(piece));
        _owners[piece] = -1;
    }

    private void Pick(int peer, int count)
    {
        var openBefore = OpenPieces().ToHashSet();
        var picked = new List<BlockRequest>();
        Assert.Equal(Picker.Pick(peer, count, picked), picked.Count);
        Assert.True(picked.Count <= count, "More blocks than asked for.");
        var me = _peers[peer];
        var shared = false;
        foreach (var block in picked)
        {
            var piece = block.Piece.Value;
            var requesters = Requesters(block);
            Assert.Equal(new BlockRequest(block.Piece, block.Block * FileLayout.BlockLength, _layout.BlockSize(block.Piece, block.Block)), block);
            Assert.True(me.Has[piece], $"{peer} does not have {block}.");
            Assert.True(IsNeeded(piece) && !_received.Contains((piece, block.Block)), $"{block} is not needed.");
            Assert.DoesNotContain(peer, requesters);
            if (requesters.Count > 0)
            {
                shared = true;
                Assert.True(requesters.Count < _options.MaxRequestersPerBlock, $"{block} is asked of {requesters.Count} already.");
                Assert.False(_owners.ContainsKey(piece), $"{block} belongs to one peer.");
            }
            else if (_owners.TryGetValue(piece, out var owner))
            {
                Assert.True(owner == -1 || owner == peer, $"{block} is {owner}'s, not {peer}'s.");
                _owners[piece] = peer;
            }
            me.Asked.Add(block);
        }
        Assert.True(!shared || FreeBlocks().Count == 0, "A block was asked of a second peer while others were asked of none.");
        CompareRanks(me, picked, openBefore);
        if (picked.Count == count)
            return;

        // It was given less than it could take: then there must be nothing for it.
        var isFull = openBefore.Union(OpenPieces()).Count() >= _options.MaxOpenPieces && OpenPieces().Any(piece => me.Has[piece]);
        foreach (var (piece, block) in FreeBlocks())
        {
            var isAnothers = _owners.TryGetValue(piece, out var owner) && owner != -1 && owner != peer;
            var isHeldBack = isFull && !openBefore.Contains(piece);
            Assert.True(!me.Has[piece] || isAnothers || isHeldBack, $"{peer} was free and had {piece}/{block}, which nobody is asked for.");
        }
    }

    /// <summary>Nothing was picked while something of a higher rank was to be had; pieces of one peer's alone and deadlines apart.</summary>
    private void CompareRanks(ModelPeer me, List<BlockRequest> picked, HashSet<int> openBefore)
    {
        var ordinary = picked.Where(block => !_owners.ContainsKey(block.Piece.Value) && !_deadlines.Contains(block.Piece.Value)).ToArray();
        if (ordinary.Length == 0 || openBefore.Union(OpenPieces()).Count() >= _options.MaxOpenPieces)
            return;
        var lowest = ordinary.Max(block => _ranks[block.Piece.Value]);
        foreach (var (piece, block) in FreeBlocks())
        {
            Assert.True(
                !me.Has[piece] || _owners.ContainsKey(piece) || _ranks[piece] >= lowest,
                $"{piece}/{block} of rank {_ranks[piece]} was left for one of rank {lowest}.");
        }
    }

    private void Receive(int peer, Random random)
    {
        if (_peers[peer].Asked.Count > 0)
            Receive(peer, _peers[peer].Asked.ElementAt(random.Next(_peers[peer].Asked.Count)));
    }

    private void Receive(int peer, BlockRequest block)
    {
        var cancels = new List<(int, BlockRequest)>();
        Assert.Equal(BlockBooking.Accepted, Picker.BlockReceived(peer, block, cancels));
        Accept(peer, block, cancels);
    }

    private void ReceiveLate(int peer, Random random)
    {
        var me = _peers[peer];
        if (me.Late.Count == 0)
            return;
        var block = me.Late[random.Next(me.Late.Count)];
        if (me.Asked.Contains(block))
        {
            Receive(peer, block);
            return;
        }
        Assert.True(Picker.WasRequested(peer, block));
        me.Late.Remove(block);
        var piece = block.Piece.Value;
        var isUseless = !IsNeeded(piece)
            || _received.Contains((piece, block.Block))
            || (_owners.TryGetValue(piece, out var owner) && owner != peer);
        var cancels = new List<(int, BlockRequest)>();
        Assert.Equal(isUseless ? BlockBooking.Duplicate : BlockBooking.Accepted, Picker.BlockReceived(peer, block, cancels));
        if (isUseless)
            Assert.Empty(cancels);
        else
            Accept(peer, block, cancels);
    }

    private void ReceiveAny(int peer, Random random)
    {
        var piece = new PieceIndex(random.Next(_layout.PieceCount));
        var number = random.Next(_layout.BlockCount(piece));
        var block = new BlockRequest(piece, number * FileLayout.BlockLength, _layout.BlockSize(piece, number));
        var cancels = new List<(int, BlockRequest)>();
        if (!_peers[peer].Asked.Contains(block) && !_peers[peer].Late.Contains(block))
            Assert.Equal(BlockBooking.Unexpected, Picker.BlockReceived(peer, block, cancels));
        Assert.Equal(BlockBooking.Unexpected, Picker.BlockReceived(peer, block with { Length = block.Length + 1 }, cancels));
        Assert.Equal(BlockBooking.Unexpected, Picker.BlockReceived(peer, block with { Offset = block.Offset + 1 }, cancels));
        Assert.Equal(BlockBooking.Unexpected, Picker.BlockReceived(peer, block with { Offset = -1 }, cancels));
        Assert.Equal(BlockBooking.Unexpected, Picker.BlockReceived(peer, block with { Piece = new PieceIndex(_layout.PieceCount) }, cancels));
        Assert.Equal(BlockBooking.Unexpected, Picker.BlockReceived(_nextPeer, block, cancels));
        Assert.Empty(cancels);
    }

    private void Accept(int peer, BlockRequest block, List<(int Peer, BlockRequest Block)> cancels)
    {
        var others = Requesters(block).Where(other => other != peer).Order().ToArray();
        Assert.Equal(others.Select(other => (other, block)), cancels.Order(Comparer<(int Peer, BlockRequest)>.Create((x, y) => x.Peer - y.Peer)));
        _peers[peer].Asked.Remove(block);
        foreach (var other in others)
            _peers[other].GiveBack(block);
        _received.Add((block.Piece.Value, block.Block));
    }

    private void Judge(Random random)
    {
        var whole = WholePieces();
        if (whole.Count == 0)
            return;
        var piece = whole[random.Next(whole.Count)];
        if (random.Next(2) == 0)
        {
            Verify(piece);
            return;
        }
        var isExclusive = random.Next(2) == 0;
        Picker.PieceFailed(new PieceIndex(piece), isExclusive, [.. _peers.Keys.Where(_ => random.Next(3) == 0)]);
        _received.RemoveWhere(block => block.Piece == piece);
        _owners.Remove(piece);
        if (isExclusive && _wanted[piece])
            _owners.Add(piece, -1);
    }

    private void Verify(int piece)
    {
        Picker.PieceVerified(new PieceIndex(piece));
        _verified[piece] = true;
        _owners.Remove(piece);
        _received.RemoveWhere(block => block.Piece == piece);
    }

    private void Want(Random random)
    {
        for (var piece = 0; piece < _wanted.Length; piece++)
        {
            _ranks[piece] = (PieceRank)random.Next((int)PieceRank.Skip + 1);
            _wanted[piece] = _ranks[piece] != PieceRank.Skip;
        }
        Picker.SetRanks(piece => _ranks[piece.Value]);
        foreach (var piece in OpenPieces().Where(piece => !_wanted[piece] && !IsWhole(piece)).ToArray())
        {
            foreach (var peer in _peers.Values)
            {
                foreach (var block in peer.Asked.Where(block => block.Piece.Value == piece).ToArray())
                    peer.GiveBack(block);
            }
            if (_received.RemoveWhere(block => block.Piece == piece) > 0)
                _discarded.Add(new PieceIndex(piece));
            _owners.Remove(piece);
        }
    }

    private void Compare()
    {
        var discarded = new List<PieceIndex>();
        Picker.TakeDiscarded(discarded);
        Assert.Equal(_discarded.Order(), discarded.Order());
        _discarded.Clear();

        var needed = Enumerable.Range(0, _layout.PieceCount).Where(IsNeeded).ToArray();
        Assert.Equal(needed.Length, Picker.PiecesLeft);
        Assert.Equal(needed.Sum(piece => (long)_layout.PieceSize(new PieceIndex(piece))), Picker.BytesLeft);
        Assert.Equal(needed.Length == 0, Picker.IsComplete);
        Assert.Equal(OpenPieces().Order(), Enumerable.Range(0, _layout.PieceCount).Where(piece => IsOpen(piece)));
        Assert.Equal(OpenPieces().Count(), Picker.OpenPieces);
        Assert.Equal(needed.Length > 0 && FreeBlocks().Count == 0, Picker.IsEndgame);
        for (var piece = 0; piece < _layout.PieceCount; piece++)
        {
            var index = new PieceIndex(piece);
            Assert.Equal(_peers.Values.Count(peer => peer.Has[piece]), Picker.Availability(index));
            Assert.Equal(_verified[piece], Picker.Have[index]);
            Assert.Equal(IsWhole(piece), Picker.IsWhole(index));
            Assert.Equal(_owners.TryGetValue(piece, out var owner), Picker.IsExclusive(index, out var pickersOwner));
            Assert.Equal(_owners.ContainsKey(piece) && IsKnown(owner) ? owner : -1, IsKnown(pickersOwner) ? pickersOwner : -1);
        }
        foreach (var (number, peer) in _peers)
        {
            Assert.Equal(peer.Asked.Count, Picker.Outstanding(number));
            Assert.Equal(needed.Any(piece => peer.Has[piece]), Picker.IsInteresting(number));
            Assert.All(peer.Asked, block => Assert.True(Picker.IsRequested(number, block)));
        }
        Assert.Equal(_peers.Values.Sum(peer => peer.Asked.Sum(block => (long)block.Length)), Picker.OutstandingBytes);
    }

    private bool IsKnown(int peer) => _peers.ContainsKey(peer);

    private bool IsNeeded(int piece) => _wanted[piece] && !_verified[piece];

    private bool IsWhole(int piece) =>
        _received.Count(block => block.Piece == piece) == _layout.BlockCount(new PieceIndex(piece));

    private bool IsOpen(int piece) => _received.Any(block => block.Piece == piece)
        || _owners.ContainsKey(piece)
        || _peers.Values.Any(peer => peer.Asked.Any(block => block.Piece.Value == piece));

    private IEnumerable<int> OpenPieces() => Enumerable.Range(0, _layout.PieceCount).Where(IsOpen);

    private List<int> WholePieces() => [.. Enumerable.Range(0, _layout.PieceCount).Where(IsWhole)];

    private HashSet<int> Requesters(BlockRequest block) =>
        [.. _peers.Where(peer => peer.Value.Asked.Contains(block)).Select(peer => peer.Key)];

    private List<(int Piece, int Block)> FreeBlocks()
    {
        var asked = _peers.Values.SelectMany(peer => peer.Asked).Select(block => (block.Piece.Value, block.Block)).ToHashSet();
        var free = new List<(int, int)>();
        for (var piece = 0; piece < _layout.PieceCount; piece++)
        {
            if (!IsNeeded(piece))
                continue;
            for (var block = 0; block < _layout.BlockCount(new PieceIndex(piece)); block++)
            {
                if (!_received.Contains((piece, block)) && !asked.Contains((piece, block)))
                    free.Add((piece, block));
            }
        }
        return free;
    }

    private sealed class ModelPeer(int pieces)
    {
        public bool[] Has { get; } = new bool[pieces];

        public HashSet<BlockRequest> Asked { get; } = [];

        public List<BlockRequest> Late { get; } = [];

        public void GiveBack(BlockRequest block)
        {
            Asked.Remove(block);
            Late.Add(block);
        }
    }
}
