using ActorTorrent.Engine.Coordination;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Coordination;

/// <summary>Who is banned for corrupt data: the liars, all that were found out, and nobody else.</summary>
public sealed class SmartBanTests
{
    private static readonly PiecePickerOptions Options = new();

    [Fact]
    public void Random_liars_among_honest_peers_are_banned_and_no_honest_peer_ever()
        => Prop.ForAll(
            Gen.Choose(0, int.MaxValue - 2).ToArbitrary(),
            static seed =>
            {
                var swarm = new SmartBanSwarm(seed);
                swarm.Run();
                Assert.True(swarm.IsComplete, "the download does not complete");
                Assert.Subset(swarm.Liars, swarm.Banned);
                // Once every piece is verified, whoever spoiled one that failed is proven.
                Assert.Equal(swarm.Guilty.Order(), swarm.Banned.Order());
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    [Fact]
    public void A_peer_on_parole_gets_whole_pieces_to_itself()
    {
        var picker = Picker(pieces: 4, out _);
        Pick(picker, peer: 1, count: 1);
        picker.SetParole(2, isOnParole: true);

        var alone = Pick(picker, peer: 2, count: 6);

        // Not of the piece that the other has begun, and nobody helps with these.
        Assert.Equal(2, alone.Select(static block => block.Piece).Distinct().Count());
        Assert.All(alone, block => Assert.True(picker.IsExclusive(block.Piece, out var owner) && owner == 2));
        Assert.All(Pick(picker, peer: 1, count: 100), block => Assert.DoesNotContain(block.Piece, alone.Select(static one => one.Piece)));
    }

    [Fact]
    public void On_parole_and_alone_it_helps_with_what_is_left()
    {
        var picker = Picker(pieces: 1, out _);
        var begun = Pick(picker, peer: 1, count: 2);
        picker.BlockReceived(1, begun[0], []);
        picker.ReturnAll(1);
        picker.SetParole(2, isOnParole: true);

        Assert.Equal(3, Pick(picker, peer: 2, count: 10).Count);
    }

    [Fact]
    public void Off_parole_it_is_like_any_other()
    {
        var picker = Picker(pieces: 2, out _);
        Pick(picker, peer: 1, count: 1);
        picker.SetParole(2, isOnParole: true);
        picker.SetParole(2, isOnParole: false);

        Assert.Contains(Pick(picker, peer: 2, count: 8), block => !picker.IsExclusive(block.Piece, out _));
    }

    private static PiecePicker Picker(int pieces, out FileLayout layout)
    {
        layout = PiecePickerModel.LayoutOf(pieces, 4 * FileLayout.BlockLength, 4 * FileLayout.BlockLength);
        var picker = new PiecePicker(layout, Options, new Random(1));
        foreach (var peer in new[] { 1, 2 })
        {
            var all = new Bitfield(pieces);
            all.SetAll();
            picker.AddPeer(peer);
            picker.PeerHas(peer, all);
        }
        return picker;
    }

    private static List<BlockRequest> Pick(PiecePicker picker, int peer, int count)
    {
        var blocks = new List<BlockRequest>();
        picker.Pick(peer, count, blocks);
        return blocks;
    }
}
