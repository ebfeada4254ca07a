using System.Net;
using ActorTorrent.Engine.Peers;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Tests.Peers;

public class AllowedFastTests
{
    private static readonly InfoHash Hash = InfoHash.Parse(new string('a', 40));

    [Theory]
    [InlineData(7, new[] { 1059, 431, 808, 1217, 287, 376, 1188 })]
    [InlineData(9, new[] { 1059, 431, 808, 1217, 287, 376, 1188, 353, 508 })]
    public void Is_the_set_of_the_document(int count, int[] expected)
    {
        var set = AllowedFast.SetOf(IPAddress.Parse("80.4.4.200"), Hash, 1313, count);
        Assert.Equal(expected, set.Select(piece => piece.Value));
    }

    [Theory]
    [InlineData("80.4.4.200", "80.4.4.1", true)]
    [InlineData("80.4.4.200", "80.4.5.200", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::9", true)]
    [InlineData("2001:db8:1::1", "2001:db8:2::1", false)]
    public void Is_the_same_within_a_network(string one, string other, bool isSame)
    {
        var first = AllowedFast.SetOf(IPAddress.Parse(one), Hash, 100_000);
        var second = AllowedFast.SetOf(IPAddress.Parse(other), Hash, 100_000);
        Assert.Equal(isSame, first.SequenceEqual(second));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(1000)]
    public void Holds_no_piece_twice_and_none_outside(int pieceCount)
    {
        var set = AllowedFast.SetOf(IPAddress.Parse("1.2.3.4"), Hash, pieceCount);
        Assert.Equal(Math.Min(pieceCount, AllowedFast.Count), set.Distinct().Count());
        Assert.All(set, piece => Assert.InRange(piece.Value, 0, pieceCount - 1));
    }
}
