using ActorTorrent.Engine.Coordination;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.Coordination;

public sealed class PiecePickerTests
{
    private readonly List<BlockRequest> _picked = [];
    private readonly List<(int Peer, BlockRequest Block)> _cancels = [];
    private readonly List<PieceIndex> _discarded = [];

    [Fact]
    public void The_rarest_piece_comes_first()
    {
        var picker = PickerOf(pieces: 20, seeds: [1, 2]);
        picker.AddPeer(3);
        for (var piece = 0; piece < 20; piece++)
        {
            if (piece != 13)
                picker.PeerHas(3, new PieceIndex(piece));
        }
        picker.Pick(1, 4, _picked);
        Assert.All(_picked, block => Assert.Equal(13, block.Piece.Value));
        Assert.Equal(2, picker.Availability(new PieceIndex(13)));
        Assert.Equal(3, picker.Availability(new PieceIndex(12)));
    }

    [Fact]
    public void Ties_are_broken_by_lot()
    {
        var firsts = new HashSet<int>();
        for (var seed = 0; seed < 50; seed++)
        {
            var picker = PickerOf(pieces: 10, seeds: [1], seed: seed);
            _picked.Clear();
            picker.Pick(1, 1, _picked);
            firsts.Add(_picked[0].Piece.Value);
        }
        Assert.True(firsts.Count > 5, $"Fifty draws began with only {firsts.Count} of ten pieces.");
    }

    [Fact]
    public void The_same_seed_picks_the_same_blocks()
    {
        var other = new List<BlockRequest>();
        PickerOf(pieces: 50, seeds: [1]).Pick(1, 60, _picked);
        PickerOf(pieces: 50, seeds: [1]).Pick(1, 60, other);
        Assert.Equal(_picked, other);
    }

    [Fact]
    public void Sequential_order_begins_pieces_from_the_first_on()
    {
        var picker = PickerOf(pieces: 5, seeds: [1], options: new PiecePickerOptions { Order = PieceOrder.Sequential });
        picker.Pick(1, 12, _picked);
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2], _picked.Select(block => block.Piece.Value));
    }

    [Fact]
    public void A_begun_piece_is_finished_before_another_is_begun()
    {
        var picker = PickerOf(pieces: 10, seeds: [1, 2]);
        picker.Pick(1, 2, _picked);
        picker.Pick(2, 2, _picked);
        Assert.Single(_picked.Select(block => block.Piece).Distinct());
        Assert.Equal([0, 1, 2, 3], _picked.Select(block => block.Block));
    }

    [Fact]
    public void Returned_blocks_are_picked_again_before_anything_else()
    {
        var picker = PickerOf(pieces: 10, seeds: [1, 2, 3]);
        picker.Pick(1, 4, _picked);
        picker.BlockReceived(1, _picked[0], _cancels);
        picker.Pick(2, 4, []);
        var lost = _picked.Skip(1).ToList();
        Assert.Equal(3, picker.ReturnAll(1));
        Assert.Equal(0, picker.Outstanding(1));
        _picked.Clear();
        picker.Pick(3, 3, _picked);
        Assert.Equal(lost, _picked);
    }

    [Fact]
    public void A_departed_peer_leaves_neither_blocks_nor_availability()
    {
        var picker = PickerOf(pieces: 4, seeds: [1]);
        picker.AddPeer(2);
        picker.PeerHas(2, new PieceIndex(0));
        Assert.Equal(4, picker.Pick(2, 100, _picked));
        Assert.Equal(4, picker.RemovePeer(2));
        Assert.Equal(0, picker.RemovePeer(2));
        Assert.Equal(1, picker.Availability(new PieceIndex(0)));
        Assert.Equal(0, picker.OutstandingBytes);
        Assert.Equal(0, picker.OpenPieces);
        Assert.Equal(16, picker.Pick(1, 100, []));
    }

    [Fact]
    public void A_block_that_comes_after_its_request_was_taken_back_still_counts()
    {
        var picker = PickerOf(pieces: 1, seeds: [1, 2]);
        picker.Pick(1, 4, _picked);
        picker.ReturnAll(1);
        var block = _picked[2];
        Assert.True(picker.WasRequested(1, block));
        Assert.False(picker.IsRequested(1, block));
        Assert.Equal(BlockBooking.Accepted, picker.BlockReceived(1, block, _cancels));
        Assert.Equal(BlockBooking.Unexpected, picker.BlockReceived(1, block, _cancels));
        _picked.Clear();
        picker.Pick(2, 100, _picked);
        Assert.Equal([0, 1, 3], _picked.Select(other => other.Block));
    }

    [Fact]
    public void A_late_block_relieves_the_peer_that_was_asked_instead()
    {
        var picker = PickerOf(pieces: 1, seeds: [1, 2]);
        picker.Pick(1, 1, _picked);
        picker.ReturnAll(1);
        picker.Pick(2, 1, []);
        Assert.Equal(BlockBooking.Accepted, picker.BlockReceived(1, _picked[0], _cancels));
        Assert.Equal([(2, _picked[0])], _cancels);
        Assert.Equal(0, picker.Outstanding(2));
        Assert.Equal(BlockBooking.Duplicate, picker.BlockReceived(2, _picked[0], _cancels));
    }

    [Fact]
    public void A_block_that_nobody_asked_for_is_unexpected()
    {
        var picker = PickerOf(pieces: 2, seeds: [1]);
        Assert.Equal(
            BlockBooking.Unexpected,
            picker.BlockReceived(1, new BlockRequest(new PieceIndex(1), 0, FileLayout.BlockLength), _cancels));
        Assert.Equal(0, picker.OpenPieces);
    }

    [Fact]
    public void The_endgame_asks_two_peers_and_no_third()
    {
        var picker = PickerOf(pieces: 1, seeds: [1, 2, 3]);
        Assert.Equal(4, picker.Pick(1, 100, _picked));
        Assert.True(picker.IsEndgame);
        Assert.Equal(0, picker.Pick(1, 100, []));
        Assert.Equal(4, picker.Pick(2, 100, []));
        Assert.Equal(0, picker.Pick(3, 100, []));
        Assert.Equal(8L * FileLayout.BlockLength, picker.OutstandingBytes);
        Assert.Equal(BlockBooking.Accepted, picker.BlockReceived(2, _picked[3], _cancels));
        Assert.Equal([(1, _picked[3])], _cancels);
        Assert.Equal(3, picker.Outstanding(1));
        Assert.Equal(BlockBooking.Duplicate, picker.BlockReceived(1, _picked[3], _cancels));
    }

    [Fact]
    public void A_block_is_not_asked_twice_while_others_are_free()
    {
        var picker = PickerOf(pieces: 2, seeds: [1]);
        picker.AddPeer(2);
        picker.Pick(1, 4, _picked);
        picker.PeerHas(2, _picked[0].Piece);
        Assert.Equal(0, picker.Pick(2, 100, []));
        Assert.False(picker.IsEndgame);
    }

    [Fact]
    public void A_failed_piece_comes_whole_from_one_peer_and_from_no_suspect_first()
    {
        var picker = PickerOf(pieces: 3, seeds: [1, 2, 3]);
        var piece = Fail(picker, peer: 1, suspects: [1]);
        _picked.Clear();

        // The suspect has other work; the next one takes all of the piece; nobody shares it, not even in the endgame.
        picker.Pick(1, 4, _picked);
        Assert.All(_picked, block => Assert.NotEqual(piece, block.Piece));
        _picked.Clear();
        picker.Pick(2, 2, _picked);
        Assert.All(_picked, block => Assert.Equal(piece, block.Piece));
        Assert.True(picker.IsExclusive(piece, out var owner));
        Assert.Equal(2, owner);
        _picked.Clear();
        picker.Pick(3, 100, _picked);
        Assert.All(_picked, block => Assert.NotEqual(piece, block.Piece));
    }

    [Fact]
    public void A_suspect_gets_the_exclusive_piece_when_nothing_else_is_left()
    {
        var picker = PickerOf(pieces: 1, seeds: [1]);
        var piece = Fail(picker, peer: 1, suspects: [1]);
        _picked.Clear();
        Assert.Equal(4, picker.Pick(1, 100, _picked));
        Assert.All(_picked, block => Assert.Equal(piece, block.Piece));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void An_owner_that_falls_out_voids_what_it_sent_of_an_exclusive_piece(int how)
    {
        var picker = PickerOf(pieces: 1, seeds: [1, 2]);
        var piece = Fail(picker, peer: 1, suspects: []);
        _picked.Clear();
        picker.Pick(1, 3, _picked);
        picker.BlockReceived(1, _picked[0], _cancels);
        var returned = how switch
        {
            0 => picker.RemovePeer(1),
            1 => picker.ReturnAll(1),
            _ => picker.Return(1, _picked[1]) ? 2 : 0,
        };
        Assert.Equal(2, returned);
        Assert.Equal(1, picker.TakeDiscarded(_discarded));
        Assert.Equal([piece], _discarded);
        Assert.Equal(0, picker.TakeDiscarded(_discarded));

        // What comes from it now would mix two sources.
        Assert.NotEqual(BlockBooking.Accepted, picker.BlockReceived(1, _picked[2], _cancels));
        Assert.Equal(4, picker.Pick(2, 100, []));
        Assert.True(picker.IsExclusive(piece, out var owner));
        Assert.Equal(2, owner);
    }

    [Fact]
    public void An_owner_that_leaves_after_its_last_block_is_still_judged_by_it()
    {
        var picker = PickerOf(pieces: 1, seeds: [1, 2]);
        var piece = Fail(picker, peer: 1, suspects: []);
        _picked.Clear();
        picker.Pick(1, 4, _picked);
        foreach (var block in _picked)
            picker.BlockReceived(1, block, _cancels);
        picker.RemovePeer(1);
        Assert.Equal(0, picker.TakeDiscarded(_discarded));
        Assert.True(picker.IsWhole(piece));
        Assert.Equal(0, picker.Pick(2, 100, []));
        picker.PieceVerified(piece);
        Assert.True(picker.IsComplete);
        Assert.Equal(0, picker.BytesLeft);
    }

    [Fact]
    public void Open_pieces_are_bounded_but_a_peer_that_has_none_of_them_may_begin_one()
    {
        var picker = PickerOf(pieces: 10, seeds: [1], options: new PiecePickerOptions { MaxOpenPieces = 2 });
        Assert.Equal(8, picker.Pick(1, 100, _picked));
        Assert.Equal(2, picker.OpenPieces);
        picker.AddPeer(2);
        var others = Enumerable.Range(0, 10).Select(piece => new PieceIndex(piece)).Except(_picked.Select(block => block.Piece)).ToArray();
        foreach (var piece in others)
            picker.PeerHas(2, piece);
        Assert.Equal(4, picker.Pick(2, 100, []));
        Assert.Equal(3, picker.OpenPieces);
        Assert.Equal(0, picker.Pick(2, 100, []));
    }

    [Fact]
    public void What_is_not_wanted_is_not_picked_and_not_counted()
    {
        var picker = PickerOf(pieces: 4, seeds: [1]);
        picker.Pick(1, 4, _picked);
        var begun = _picked[0].Piece;
        picker.BlockReceived(1, _picked[0], _cancels);
        picker.SetWanted(piece => piece != begun && piece.Value != 3);
        Assert.Equal(1, picker.TakeDiscarded(_discarded));
        Assert.Equal(0, picker.Outstanding(1));
        var wanted = Enumerable.Range(0, 4).Where(piece => piece != begun.Value && piece != 3).ToArray();
        Assert.Equal(wanted.Length, picker.PiecesLeft);
        _picked.Clear();
        picker.Pick(1, 100, _picked);
        Assert.Equal(wanted, _picked.Select(block => block.Piece.Value).Distinct().Order());
    }

    [Fact]
    public void What_the_check_found_is_neither_picked_nor_interesting()
    {
        var picker = PickerOf(pieces: 4, seeds: []);
        picker.AddPeer(1);
        picker.PeerHas(1, new PieceIndex(2));
        Assert.True(picker.IsInteresting(1));
        var have = new Bitfield(4);
        have.Set(new PieceIndex(2));
        picker.SetHave(have);
        Assert.False(picker.IsInteresting(1));
        Assert.Equal(3, picker.PiecesLeft);
        Assert.Equal(0, picker.Pick(1, 100, []));
        picker.PeerHas(1, new PieceIndex(0));
        Assert.True(picker.IsInteresting(1));
        Assert.Equal(4, picker.Pick(1, 100, []));
    }

    [Fact]
    public void A_second_bitfield_replaces_the_first_one()
    {
        var picker = PickerOf(pieces: 3, seeds: [1]);
        picker.PeerHas(1, new Bitfield(3));
        Assert.Equal(0, picker.Availability(new PieceIndex(0)));
        Assert.False(picker.IsInteresting(1));
        picker.PeerHas(1, new PieceIndex(1));
        picker.PeerHas(1, new PieceIndex(1));
        Assert.Equal(1, picker.Availability(new PieceIndex(1)));
    }

    [Fact]
    public void The_last_block_of_the_last_piece_has_its_own_length()
    {
        var layout = PiecePickerModel.LayoutOf(pieces: 2, pieceLength: 2 * FileLayout.BlockLength, lastBytes: FileLayout.BlockLength + 5);
        var picker = new PiecePicker(layout, new PiecePickerOptions { Order = PieceOrder.Sequential }, new Random(1));
        AddSeed(picker, 1);
        picker.Pick(1, 100, _picked);
        Assert.Equal([16384, 16384, 16384, 5], _picked.Select(block => block.Length));
        Assert.Equal(layout.TotalLength, picker.OutstandingBytes);
    }

    [Fact]
    public void An_unknown_peer_changes_nothing()
    {
        var picker = PickerOf(pieces: 2, seeds: []);
        picker.PeerHas(7, new PieceIndex(0));
        Assert.Equal(0, picker.Availability(new PieceIndex(0)));
        Assert.Equal(0, picker.Pick(7, 5, _picked));
        Assert.Equal(0, picker.ReturnAll(7));
        Assert.False(picker.IsInteresting(7));
        Assert.Equal(0, picker.RemovePeer(7));
    }

    [Fact]
    public void A_torrent_without_pieces_is_complete()
    {
        var layout = new FileLayout([new TorrentFileEntry(0, ["empty"], 0, 0)], FileLayout.BlockLength);
        var picker = new PiecePicker(layout, new PiecePickerOptions(), new Random(1));
        Assert.True(picker.IsComplete);
        picker.AddPeer(1);
        picker.PeerHas(1, new Bitfield(0));
        Assert.False(picker.IsInteresting(1));
        Assert.Equal(0, picker.Pick(1, 5, _picked));
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PiecePickerOptions { MaxOpenPieces = 0 }.Validated());
        Assert.Throws<ArgumentOutOfRangeException>(() => new PiecePickerOptions { MaxRequestersPerBlock = 0 }.Validated());
    }

    [Fact]
    public void Blocks_of_an_earlier_run_are_not_asked_for()
    {
        var picker = PickerOf(pieces: 3, seeds: [1]);
        Assert.True(picker.TryRestore(new PieceIndex(1), Blocks(0, 2)));
        Assert.False(picker.TryRestore(new PieceIndex(1), Blocks(1)));
        Assert.False(picker.TryRestore(new PieceIndex(2), Blocks()));
        Assert.False(picker.TryRestore(new PieceIndex(2), Blocks(0, 1, 2, 3)));
        picker.SetWanted(piece => piece.Value != 2);
        Assert.False(picker.TryRestore(new PieceIndex(2), Blocks(3)));
        Assert.Equal(6, picker.Pick(1, 100, _picked));
        Assert.True(picker.IsEndgame);
        var rest = _picked.Where(block => block.Piece.Value == 1).ToArray();
        Assert.Equal([1, 3], rest.Select(block => block.Block));
        foreach (var block in rest)
            Assert.Equal(BlockBooking.Accepted, picker.BlockReceived(1, block, _cancels));
        Assert.True(picker.IsWhole(new PieceIndex(1)));
        picker.PieceFailed(new PieceIndex(1), exclusive: true, []);
        _picked.Clear();
        Assert.Equal(4, picker.Pick(1, 100, _picked));

        static Bitfield Blocks(params int[] set)
        {
            var blocks = new Bitfield(4);
            foreach (var block in set)
                blocks.Set(new PieceIndex(block));
            return blocks;
        }
    }

    [Fact]
    public void No_more_unfinished_pieces_are_taken_up_than_may_be_open()
    {
        var picker = PickerOf(pieces: 5, seeds: [1], options: new PiecePickerOptions { MaxOpenPieces = 2 });
        var blocks = new Bitfield(4);
        blocks.Set(new PieceIndex(0));
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(piece => picker.TryRestore(new PieceIndex(piece), blocks)));
    }

    [Fact]
    public void Indexes_outside_the_torrent_are_refused()
    {
        var picker = PickerOf(pieces: 2, seeds: [1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => picker.PeerHas(1, new PieceIndex(2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => picker.PieceVerified(new PieceIndex(-1)));
        Assert.Throws<ArgumentException>(() => picker.PeerHas(1, new Bitfield(3)));
        Assert.Throws<ArgumentException>(() => picker.AddPeer(1));
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(64, 8)]
    [InlineData(128, 4)]
    [InlineData(1_000, 2)]
    public void A_crowd_that_has_sent_nothing_yet_shares_what_a_few_are_asked_for(int peers, int blocks)
    {
        var picker = PickerOf(pieces: 1_000, seeds: [.. Enumerable.Range(1, peers)], options: new PiecePickerOptions { UnprovenBlocks = 8 });
        Assert.Equal(blocks, picker.Pick(1, 100, _picked));
        Assert.Equal(0, picker.Pick(1, 100, []));
        picker.BlockReceived(1, _picked[0], _cancels);
        Assert.Equal(100, picker.Pick(1, 100, []));
    }

    internal static void AddSeed(PiecePicker picker, int peer)
    {
        picker.AddPeer(peer);
        var all = new Bitfield(picker.Have.Count);
        all.SetAll();
        picker.PeerHas(peer, all);
    }

    private static PiecePicker PickerOf(int pieces, int[] seeds, PiecePickerOptions? options = null, int seed = 1)
    {
        const int PieceLength = 4 * FileLayout.BlockLength;
        var layout = PiecePickerModel.LayoutOf(pieces, PieceLength, PieceLength);
        var picker = new PiecePicker(layout, options ?? new PiecePickerOptions(), new Random(seed));
        foreach (var peer in seeds)
            AddSeed(picker, peer);
        return picker;
    }

    private PieceIndex Fail(PiecePicker picker, int peer, int[] suspects)
    {
        picker.Pick(peer, 4, _picked);
        foreach (var block in _picked)
            picker.BlockReceived(peer, block, _cancels);
        var piece = _picked[0].Piece;
        Assert.True(picker.IsWhole(piece));
        picker.PieceFailed(piece, exclusive: true, suspects);
        Assert.False(picker.IsWhole(piece));
        return piece;
    }
}
