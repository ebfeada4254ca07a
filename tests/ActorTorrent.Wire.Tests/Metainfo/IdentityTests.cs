using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Tests.Support;

namespace ActorTorrent.Wire.Tests.Metainfo;

public class IdentityTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef01234567";

    [Fact]
    public void An_info_hash_round_trips() => Properties.Hold(Properties.Bytes(20), bytes =>
    {
        var hash = new InfoHash(bytes);
        Assert.Equal(bytes, hash.ToArray());
        Assert.Equal(Convert.ToHexStringLower(bytes), hash.ToString());
        Assert.Equal(hash, InfoHash.Parse(hash.ToString().ToUpperInvariant()));
        Assert.Equal(hash.GetHashCode(), new InfoHash(bytes).GetHashCode());
        bytes[19] ^= 1;
        Assert.NotEqual(hash, new InfoHash(bytes));
    });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcdef0123456")]
    [InlineData("0123456789abcdef0123456789abcdef012345678")]
    [InlineData("0123456789abcdef0123456789abcdef0123456g")]
    public void No_other_text_is_an_info_hash(string? text)
    {
        Assert.False(InfoHash.TryParse(text, out var hash));
        Assert.Equal(default, hash);
        if (text is not null)
            Assert.Throws<FormatException>(() => InfoHash.Parse(text));
    }

    [Fact]
    public void Wrong_lengths_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new InfoHash(new byte[19]));
        Assert.Throws<ArgumentException>(() => new InfoHash(new byte[21]));
        Assert.Throws<ArgumentException>(() => new PeerId(new byte[19]));
        Assert.Throws<ArgumentException>(() => InfoHash.Parse(Hex).CopyTo(new byte[19]));
        Assert.Throws<ArgumentException>(() => default(PeerId).CopyTo(new byte[19]));
    }

    [Fact]
    public void A_peer_id_round_trips() => Properties.Hold(Properties.Bytes(20), bytes =>
    {
        var id = new PeerId(bytes);
        Assert.Equal(bytes, id.ToArray());
        Assert.Equal(Convert.ToHexStringLower(bytes), id.ToHex());
        Assert.All(id.ToString(), letter => Assert.InRange(letter, ' ', '~'));
    });

    [Fact]
    public void What_is_not_printable_is_escaped() =>
        Assert.Equal(@"-TR4040-\x00\x7f\xff\x5cabcdefgh", new PeerId("-TR4040-\u0000\u007f"u8.ToArray().Append((byte)0xff).Concat("\\abcdefgh"u8.ToArray()).ToArray()).ToString());

    [Fact]
    public void Our_own_ids_are_told_by_their_prefix_and_differ()
    {
        var random = new Random(1);
        var ids = Enumerable.Range(0, 1000).Select(_ => PeerId.Create(random)).ToHashSet();
        Assert.Equal(1000, ids.Count);
        Assert.All(ids, id => Assert.StartsWith("-AT0100-", id.ToString(), StringComparison.Ordinal));
        Assert.Equal(PeerId.Create(new Random(7)), PeerId.Create(new Random(7)));
    }

    [Fact]
    public void Piece_indexes_are_ordered()
    {
        Assert.True(new PieceIndex(1) < new PieceIndex(2) && new PieceIndex(2) >= new PieceIndex(2));
        Assert.Equal("17", new PieceIndex(17).ToString());
    }
}
