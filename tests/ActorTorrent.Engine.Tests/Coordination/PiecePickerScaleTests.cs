using ActorTorrent.Engine.Coordination;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Tests.Support;

namespace ActorTorrent.Engine.Tests.Coordination;

/// <summary>What a pick costs at 100,000 pieces and 1,000 peers, counted in pieces and words looked at, not in time.</summary>
public sealed class PiecePickerScaleTests
{
    private const int Pieces = 100_000;
    private const int BlocksPerPiece = 16;
    private const int Words = (Pieces + 63) / 64;

    private readonly Random _random = new(7);
    private readonly PiecePicker _picker;
    private readonly List<BlockRequest> _picked = [];
    private readonly List<(int Peer, BlockRequest Block)> _cancels = [];
    private readonly List<PieceIndex> _whole = [];

    public PiecePickerScaleTests()
    {
        const int PieceLength = BlocksPerPiece * FileLayout.BlockLength;
        var layout = PiecePickerModel.LayoutOf(Pieces, PieceLength, PieceLength);
        _picker = new PiecePicker(layout, new PiecePickerOptions { MaxOpenPieces = 1024 }, _random);
    }

    [Fact]
    public void A_thousand_peers_pick_at_a_constant_cost()
    {
        // A fifth has everything, a fifth one piece, the rest anything between a little and almost all.
        for (var peer = 0; peer < 1000; peer++)
        {
            if (peer % 5 == 0)
                PiecePickerTests.AddSeed(_picker, peer);
            else if (peer % 5 == 1)
                AddPeer(peer, 0.00001);
            else
                AddPeer(peer, Math.Pow(_random.NextDouble(), 3));
        }
        var picks = 0;
        long most = 0;
        for (var round = 0; round < 20; round++)
        {
            for (var peer = 0; peer < 1000; peer++)
            {
                var before = _picker.Steps;
                Turn(peer, BlocksPerPiece);
                picks++;
                most = Math.Max(most, _picker.Steps - before);
            }
        }
        Assert.True(_picker.Have.SetCount > 10_000, $"Only {_picker.Have.SetCount} pieces came.");
        Assert.True(_picker.Steps / picks < 2 * FreshPieces.ProbeLimit, $"{_picker.Steps / picks} steps a pick on average.");
        Assert.True(most <= FreshPieces.ProbeLimit + Words + (2 * 1024) + Words, $"{most} steps for one pick.");
    }

    [Fact]
    public void A_peer_that_has_everything_is_served_at_once()
    {
        PiecePickerTests.AddSeed(_picker, 0);
        for (var peer = 1; peer < 50; peer++)
            AddPeer(peer, 0.5);
        for (var i = 0; i < 5_000; i++)
            Turn(0, BlocksPerPiece);
        Assert.Equal(5_000, _picker.Have.SetCount);
        Assert.True(_picker.Steps <= 10_000, $"{_picker.Steps} steps for 5,000 picks.");
    }

    [Fact]
    public void A_peer_without_anything_fresh_is_looked_at_once()
    {
        AddPeer(0, 0.3);
        _picker.AddPeer(1);
        for (var piece = 0; piece < 10; piece++)
            _picker.PeerHas(1, new PieceIndex(piece * 100));
        for (var i = 0; i < 20; i++)
            Turn(1, BlocksPerPiece);
        Assert.Equal(10, _picker.Have.SetCount);
        Assert.False(_picker.IsInteresting(1));
        var before = _picker.Steps;
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Equal(0, _picker.Pick(1, BlocksPerPiece, _picked));
            Assert.False(_picker.IsInteresting(1));
        }
        Assert.Equal(before, _picker.Steps);
    }

    [Fact]
    public void A_peer_that_lacks_the_rare_pieces_gets_its_own_rarest()
    {
        // Half of the pieces are nobody's, the other half is shared by all; of these peer 1 has a few, and one of them is the rarest.
        for (var piece = 0; piece < Pieces / 2; piece++)
            Have(0, piece);
        for (var piece = 0; piece < 60; piece++)
            Have(1, piece * 7);
        for (var piece = 0; piece < 60; piece++)
        {
            if (piece != 31)
                Have(2, piece * 7);
        }
        _picker.Pick(1, BlocksPerPiece, _picked);
        Assert.All(_picked, block => Assert.Equal(31 * 7, block.Piece.Value));
        Assert.True(_picker.Steps <= FreshPieces.ProbeLimit + Words, $"{_picker.Steps} steps.");
    }

    [Fact]
    public void A_pick_allocates_nothing_once_it_runs()
    {
        PiecePickerTests.AddSeed(_picker, 0);
        AddPeer(1, 0.4);
        Assert.Equal(0, Allocation.LeastOf(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                Turn(0, 64);
                Turn(1, 64);
            }
        }));
    }

    /// <summary>A peer picks, delivers all of it, and what is whole is verified.</summary>
    private void Turn(int peer, int count)
    {
        _picked.Clear();
        _whole.Clear();
        _picker.Pick(peer, count, _picked);
        foreach (var block in _picked)
        {
            // Assertions allocate, one of the tests counts that.
            if (_picker.BlockReceived(peer, block, _cancels) != BlockBooking.Accepted)
                Assert.Fail($"{block} was picked and not accepted.");
            if (_picker.IsWhole(block.Piece))
                _whole.Add(block.Piece);
        }
        foreach (var piece in _whole)
            _picker.PieceVerified(piece);
    }

    private void Have(int peer, int piece)
    {
        if (_picker.Peers <= peer)
            _picker.AddPeer(peer);
        _picker.PeerHas(peer, new PieceIndex(piece));
    }

    private void AddPeer(int peer, double density)
    {
        _picker.AddPeer(peer);
        var pieces = new Bitfield(Pieces);
        pieces.Set(new PieceIndex(_random.Next(Pieces)));
        // Runs rather than single bits: drawing a number a piece and a peer would take longer than the test.
        for (var piece = _random.Next(100); piece < Pieces; piece += 100)
        {
            for (var i = 0; i < (int)(density * 100) && piece + i < Pieces; i++)
                pieces.Set(new PieceIndex(piece + i));
        }
        _picker.PeerHas(peer, pieces);
    }
}
