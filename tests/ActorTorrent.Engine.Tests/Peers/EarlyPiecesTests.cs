using ActorTorrent.Engine.Peers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Peers;

public sealed class EarlyPiecesTests
{
    private const int MaxMetadata = 20 * 5_000;

    private readonly EarlyPieces _early = new(MaxMetadata);

    [Fact]
    public void Bitfield_and_haves_come_out_as_they_were_told() => Prop.ForAll(
        (from count in Gen.Choose(1, 3_000)
         from told in Gen.Choose(0, count - 1).ArrayOf()
         from later in Gen.Choose(0, count - 1).ArrayOf()
         select (count, told, later)).ToArbitrary(),
        x =>
        {
            var early = new EarlyPieces(MaxMetadata);
            var expected = new Bitfield(x.count);
            foreach (var piece in x.told)
                expected.Set(new PieceIndex(piece));
            early.Take(PeerMessage.Bitfield(expected.ToBytes()));
            foreach (var piece in x.later)
                Assert.Equal(expected.Set(new PieceIndex(piece)), early.Take(PeerMessage.Have(new PieceIndex(piece))));
            Assert.Equal(expected, early.Resolve(x.count));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void Haves_one_after_the_other_do_not_copy_everything_each_time()
    {
        const int Count = 1_000_000;
        var early = new EarlyPieces(20 * Count);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var piece = 0; piece < Count; piece += 8)
            Assert.True(early.Take(PeerMessage.Have(new PieceIndex(piece))));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, Count / 8, 8 * Count);
    }

    [Fact]
    public void All_is_all()
    {
        Assert.True(_early.Take(PeerMessage.HaveAll));
        Assert.False(_early.Take(PeerMessage.HaveAll));
        Assert.True(_early.Resolve(77).IsComplete);
    }

    [Fact]
    public void A_have_is_taken_back()
    {
        _early.Take(PeerMessage.Have(new PieceIndex(9)));
        Assert.True(_early.Clear(new PieceIndex(9)));
        Assert.False(_early.Clear(new PieceIndex(9)));
        Assert.False(_early.Clear(new PieceIndex(int.MaxValue)));
        Assert.True(_early.Resolve(10).IsEmpty);
    }

    [Fact]
    public void What_no_torrent_fits_is_refused_at_once()
    {
        Assert.Equal(PeerWireError.IndexOutOfRange, Error(() => _early.Take(PeerMessage.Have(new PieceIndex(5_000)))));
        Assert.Equal(PeerWireError.BadBitfield, Error(() => _early.Take(PeerMessage.Bitfield(new byte[626]))));
        _early.Take(PeerMessage.Bitfield(new byte[625]));
        Assert.Equal(PeerWireError.BadBitfield, Error(() => _early.Take(PeerMessage.Bitfield(new byte[625]))));
    }

    [Fact]
    public void What_the_torrent_does_not_fit_is_refused_in_the_end()
    {
        _early.Take(PeerMessage.Bitfield(new byte[] { 0, 1 }));
        Assert.Equal(PeerWireError.BadBitfield, Error(() => _early.Resolve(8)));
        Assert.Equal(PeerWireError.IndexOutOfRange, Error(() => _early.Resolve(15)));
        Assert.Equal(1, _early.Resolve(16).SetCount);
    }

    [Fact]
    public void Allowed_fast_pieces_are_bounded()
    {
        for (var i = 0; i < 100; i++)
            _early.Take(PeerMessage.AllowedFast(new PieceIndex(i)));
        Assert.Equal(32, _early.AllowedFast(1000).Count());
        Assert.Equal(10, _early.AllowedFast(10).Count());
    }

    private static PeerWireError Error(Action action) => Assert.Throws<PeerWireException>(action).Error;
}
