using System.Text;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Tests.Support;

namespace ActorTorrent.Wire.Tests.Peers;

public class PeerClientTests
{
    [Theory]
    [InlineData("-TR4040-", "Transmission 4.0.4")]
    [InlineData("-TR3000-", "Transmission 3.00")]
    [InlineData("-TR2940-", "Transmission 2.94")]
    [InlineData("-TR300Z-", "Transmission 3.00+")]
    [InlineData("-TR410B-", "Transmission 4.1.0 beta")]
    [InlineData("-TR0072-", "Transmission 0.72")]
    [InlineData("-TR0006-", "Transmission 0.6")]
    [InlineData("-lt0D80-", "libTorrent (Rakshasa) 0.13.8")]
    [InlineData("-LT2080-", "libtorrent (Rasterbar) 2.0.8")]
    [InlineData("-LT20B0-", "libtorrent (Rasterbar) 2.0.11")]
    [InlineData("-qB4650-", "qBittorrent 4.6.5")]
    [InlineData("-qB5000-", "qBittorrent 5.0.0")]
    [InlineData("-DE211s-", "Deluge 2.1.1")]
    [InlineData("-DE13F0-", "Deluge 1.3.15")]
    [InlineData("-UT355W-", "µTorrent 3.5.5")]
    [InlineData("-UM1870-", "µTorrent for Mac 1.8.7")]
    [InlineData("-AT0100-", "ActorTorrent 0.1.0")]
    [InlineData("-AZ5750-", "Vuze 5.7.5.0")]
    [InlineData("-BI3500-", "BiglyBT 3.5.0.0")]
    [InlineData("-BC0207-", "BitComet 2.07")]
    [InlineData("-KT5110-", "KTorrent 5.1.1")]
    [InlineData("-WW0102-", "WebTorrent 1.02")]
    [InlineData("-XL0012-", "Xunlei 0.0.1.2")]
    [InlineData("-MO3000-", "MonoTorrent 3.0.0")]
    [InlineData("-GT0003-", "anacrolix/torrent 0.0.0.3")]
    [InlineData("-FD51R\u0001-", "unknown client (-FD51R\\x01-)")]
    [InlineData("-ML2.7.2-", "MLDonkey 2.7.2")]
    [InlineData("-BOWA0C-", "Bits on Wheels A0C")]
    [InlineData("A2-1-36-0-", "aria2 1.36.0")]
    [InlineData("A2-1-8-0-", "aria2 1.8.0")]
    [InlineData("M7-2-0--", "Mainline 7.2.0")]
    [InlineData("M4-20-8-", "Mainline 4.20.8")]
    [InlineData("Q1-10-0-", "Queen Bee 1.10.0")]
    [InlineData("Mbrst1-1-3", "Burst! 1.1.3")]
    [InlineData("S58B-----", "Shadow's client 5.8.11")]
    [InlineData("T03I-----", "BitTornado 0.3.18")]
    [InlineData("A310--001", "unknown client (A310--00)")]
    [InlineData("A310-----", "ABC 3.1.0")]
    [InlineData("R34------", "Tribler 3.4")]
    [InlineData("XBT022--", "XBT 0.2.2")]
    [InlineData("XBT054d-", "XBT 0.5.4 (debug)")]
    [InlineData("OP7685", "Opera (build 7685)")]
    [InlineData("exbc\u0000\u0038LORD", "BitLord 0.56")]
    [InlineData("exbc\u0000\u0038----", "BitComet 0.56")]
    [InlineData("TIX0192-", "Tixati 1.92")]
    [InlineData("DNA010203", "BitTorrent DNA 1.2.3")]
    [InlineData("Plus152", "Plus! 1.5.2")]
    [InlineData("turbobt4.0.0", "TurboBT 4.0.0")]
    [InlineData("346-----", "TorrentTopia")]
    [InlineData("AZ2500BT", "BitTyrant")]
    [InlineData("-G3g3rmz    ", "G3 Torrent")]
    [InlineData("-ZZ1234-", "unknown client (-ZZ1234-)")]
    [InlineData("-TR40*0-", "unknown client (-TR40*0-)")]
    [InlineData("", "unknown client (........)")]
    public void Names_the_program(string start, string expected)
    {
        var bytes = Encoding.Latin1.GetBytes(start.PadRight(20, '.'));
        Assert.Equal(expected, PeerClient.Describe(new PeerId(bytes)));
    }

    [Fact]
    public void Any_bytes_give_text() => Properties.Hold(
        Properties.Bytes(20),
        bytes => Assert.DoesNotContain(PeerClient.Describe(new PeerId(bytes)), char.IsControl),
        2000);

    [Fact]
    public void Zeros_give_text() => Assert.StartsWith("unknown client", PeerClient.Describe(default), StringComparison.Ordinal);
}
