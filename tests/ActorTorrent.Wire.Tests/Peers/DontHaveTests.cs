using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Tests.Support;

namespace ActorTorrent.Wire.Tests.Peers;

public class DontHaveTests
{
    [Fact]
    public void Round_trips() => Properties.Hold(
        WireCases.Pieces, piece => Assert.Equal(piece, DontHave.Parse(DontHave.Encode(piece), WireCases.PieceCount)));

    [Fact]
    public void Stands_big_endian() => Assert.Equal([0, 0, 1, 2], DontHave.Encode(new PieceIndex(258)));

    [Theory]
    [InlineData("", PeerWireError.MalformedMessage)]
    [InlineData("000001", PeerWireError.MalformedMessage)]
    [InlineData("0000000100", PeerWireError.MalformedMessage)]
    [InlineData("000003eb", PeerWireError.IndexOutOfRange)]
    [InlineData("ffffffff", PeerWireError.IndexOutOfRange)]
    public void Refuses_what_names_no_piece(string payload, PeerWireError error) => Assert.Equal(
        error, Assert.Throws<PeerWireException>(() => DontHave.Parse(Convert.FromHexString(payload), WireCases.PieceCount)).Error);
}
