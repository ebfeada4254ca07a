using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Tests.Support;
using FsCheck.Fluent;

namespace ActorTorrent.Wire.Tests.Peers;

public class BitfieldTests
{
    [Fact]
    public void Piece_0_is_the_high_bit_of_the_first_byte()
    {
        var field = new Bitfield(10);
        Assert.True(field.Set(new PieceIndex(0)));
        Assert.True(field.Set(new PieceIndex(9)));
        Assert.False(field.Set(new PieceIndex(9)));
        Assert.Equal([0b1000_0000, 0b0100_0000], field.ToBytes());
        Assert.Equal(2, field.SetCount);
        Assert.True(field.Clear(new PieceIndex(0)));
        Assert.False(field.Clear(new PieceIndex(0)));
        Assert.Equal([new PieceIndex(9)], field);
    }

    [Fact]
    public void Agrees_with_a_plain_set() => Properties.Hold(
        from count in Gen.Choose(1, 200)
        from steps in (from piece in Gen.Choose(0, count - 1) from set in Gen.Elements(true, false) select (piece, set)).ListOf()
        from others in Gen.Choose(0, count - 1).ListOf()
        select (count, steps, others),
        test =>
        {
            var (field, model) = (new Bitfield(test.count), new SortedSet<int>());
            foreach (var (piece, set) in test.steps)
                Assert.Equal(set ? model.Add(piece) : model.Remove(piece), set ? field.Set(new PieceIndex(piece)) : field.Clear(new PieceIndex(piece)));
            Assert.Equal(model, field.Select(piece => piece.Value));
            Assert.Equal(model.Count, field.SetCount);
            Assert.Equal(model.Count == test.count, field.IsComplete);
            Assert.Equal(model.Count == 0, field.IsEmpty);
            for (var piece = 0; piece < test.count; piece++)
                Assert.Equal(model.Contains(piece), field[new PieceIndex(piece)]);
            var read = Bitfield.FromBytes(field.ToBytes(), test.count);
            Assert.Equal(field, read);
            Assert.Equal(field.SetCount, read.SetCount);
            var other = new Bitfield(test.count);
            foreach (var piece in test.others)
                other.Set(new PieceIndex(piece));
            Assert.Equal(model.Except(test.others).Any(), field.HasAnyNotIn(other));
        });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1000)]
    public void All_set_is_complete_and_leaves_spare_bits_clear(int count)
    {
        var field = new Bitfield(count);
        field.SetAll();
        Assert.True(field.IsComplete);
        Assert.Equal(count, field.ToList().Count);
        Assert.Equal(count, Bitfield.FromBytes(field.ToBytes(), count).SetCount);
        field.ClearAll();
        Assert.True(field.IsEmpty);
        Assert.Empty(field);
    }

    [Theory]
    [InlineData(10, "ff")]
    [InlineData(10, "ffc000")]
    [InlineData(10, "ffe0")]
    [InlineData(10, "0001")]
    [InlineData(0, "00")]
    [InlineData(8, "")]
    public void Wrong_lengths_and_spare_bits_are_refused(int count, string hex) =>
        Assert.Equal(
            PeerWireError.BadBitfield,
            Assert.Throws<PeerWireException>(() => Bitfield.FromBytes(Convert.FromHexString(hex), count)).Error);

    [Fact]
    public void A_clone_goes_its_own_way()
    {
        var field = new Bitfield(70);
        field.Set(new PieceIndex(69));
        var clone = field.Clone();
        clone.Set(new PieceIndex(1));
        Assert.Equal(1, field.SetCount);
        Assert.Equal(2, clone.SetCount);
        Assert.True(clone.HasAnyNotIn(field));
        Assert.False(field.HasAnyNotIn(clone));
    }

    [Fact]
    public void Misuse_is_refused()
    {
        var field = new Bitfield(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => field[new PieceIndex(10)]);
        Assert.Throws<ArgumentOutOfRangeException>(() => field.Set(new PieceIndex(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Bitfield(-1));
        Assert.Throws<ArgumentException>(() => field.HasAnyNotIn(new Bitfield(11)));
    }
}
