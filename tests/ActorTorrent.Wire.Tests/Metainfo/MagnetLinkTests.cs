using System.Text;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Wire.Tests.Metainfo;

public class MagnetLinkTests
{
    private const string Hex = "c12fe1c06bba254a9dc9f519b335aa7c1367a88a";
    private const string Base32 = "YEX6DQDLXISUVHOJ6UM3GNNKPQJWPKEK";

    private static readonly InfoHash Hash = InfoHash.Parse(Hex);

    private static Gen<string> Links =>
        from hash in WireCases.InfoHashes
        from name in Gen.Elements("", "&dn=a%20b+c", "&dn=%E2%82%AC", "&dn=%zz%")
        from trackers in Gen.Elements("&tr=http%3A%2F%2Ft.example%3A80%2Fannounce", "&tr.1=udp://u.example:6969", "&tr=nonsense").ArrayOf()
        from peers in Gen.Elements("&x.pe=1.2.3.4:5", "&x.pe=[2001:db8::1]:6881", "&x.pe=host.example:1").ArrayOf()
        from selection in Gen.Elements("", "&so=0", "&so=1,3-5,9")
        select $"magnet:?xt=urn:btih:{hash}{name}{string.Concat(trackers)}{string.Concat(peers)}{selection}&xl=12345";

    [Theory]
    [InlineData($"magnet:?xt=urn:btih:{Hex}")]
    [InlineData("magnet:?xt=urn:btih:C12FE1C06BBA254A9DC9F519B335AA7C1367A88A")]
    [InlineData($"MAGNET:?XT=URN:BTIH:{Base32}")]
    [InlineData("magnet:?xt=urn:btih:yex6dqdlxisuvhoj6um3gnnkpqjwpkek&dn=x")]
    [InlineData($"magnet:?xt=urn%3Abtih%3A{Hex}")]
    [InlineData($"  magnet:?dn=first&amp;xt=urn:btih:{Hex}\n")]
    [InlineData($"magnet:?xt.1=urn:btih:{Hex}&xt.2=urn:sha1:YNCKHTQCWBTRNJIV4WNAE52SJUQCZO5C")]
    [InlineData($"magnet:?xt=urn:btih:{Hex}&xt=urn:btih:{Base32}")]
    [InlineData(Hex)]
    [InlineData(Base32)]
    public void Takes_every_form_of_an_info_hash(string link)
    {
        Assert.True(MagnetLink.IsMeant(link));
        Assert.Equal(Hash, MagnetLink.Parse(link).InfoHash);
    }

    [Fact]
    public void Reads_every_part()
    {
        var link = MagnetLink.Parse(
            $"magnet:?xt=urn:btih:{Hex}&dn=A+name%2C+here&xl=1048576&tr=udp%3A%2F%2Ftracker.example%3A1337&tr=http://t.example/announce%3Fk%3Da%26b"
            + "&tr=udp%3A%2F%2Ftracker.example%3A1337&tr=wss://no.example&ws=https://w.example/f&x.pe=10.0.0.1:6881&x.pe=%5B::1%5D:7000&x.pe=nowhere&so=0,2,4-6&x=y&zz");
        Assert.Equal("A name, here", link.Name);
        Assert.Equal(1048576, link.Length);
        Assert.Equal([new Uri("udp://tracker.example:1337"), new Uri("http://t.example/announce?k=a&b")], link.Trackers);
        Assert.Equal([new Uri("https://w.example/f")], link.WebSeeds);
        Assert.Equal([new MagnetPeer("10.0.0.1", 6881), new MagnetPeer("::1", 7000)], link.Peers);
        Assert.Equal([(0, 0), (2, 2), (4, 6)], link.Selection);
        Assert.Equal([true, false, true, false, true, true, true, false], Enumerable.Range(0, 8).Select(link.IsSelected));
        Assert.Equal(["wss://no.example", "nowhere"], link.Ignored);
        Assert.False(link.IsHybrid);
    }

    [Theory]
    [InlineData("", "starts with")]
    [InlineData("http://x", "starts with")]
    [InlineData("magnet:?dn=x", "names no torrent")]
    [InlineData("magnet:", "names no torrent")]
    [InlineData("magnet:?xt=urn:btih:123", "no info hash")]
    [InlineData($"magnet:?xt=urn:btih:{Hex}0", "no info hash")]
    [InlineData("magnet:?xt=urn:btih:YEX6DQDLXISUVHOJ6UM3GNNKPQJWPKE1", "no info hash")]
    [InlineData($"magnet:?xt=urn:btih:{Hex}&xt=urn:btih:0000000000000000000000000000000000000000", "two torrents")]
    [InlineData("magnet:?xt=urn:btmh:1220caf1e1c30e81cb361b9ee167c4aa64228a7fa4fa9f6105232b28ad099f3a302e", "v2-only")]
    [InlineData($"magnet:?xt=urn:btih:{Hex}&so=1-", "so:")]
    [InlineData($"magnet:?xt=urn:btih:{Hex}&so=5-3", "so:")]
    [InlineData($"magnet:?xt=urn:btih:{Hex}&so=99999999999", "so:")]
    [InlineData($"magnet:?xt=urn:btih:{Hex}&so=all", "so:")]
    public void Refuses_what_names_no_torrent_or_other_files(string link, string why)
        => Assert.Contains(why, Assert.Throws<MagnetFormatException>(() => MagnetLink.Parse(link)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_hybrid_is_taken_by_its_first_half()
    {
        var link = MagnetLink.Parse($"magnet:?xt=urn:btmh:1220caf1e1c30e81cb361b9ee167c4aa64228a7fa4fa9f6105232b28ad099f3a302e&xt=urn:btih:{Hex}");
        Assert.Equal((Hash, true), (link.InfoHash, link.IsHybrid));
    }

    [Theory]
    [InlineData("file.torrent")]
    [InlineData("127.0.0.1:6881")]
    [InlineData("c12fe1c06bba254a9dc9f519b335aa7c1367a88")]
    [InlineData("abcdefghijklmnopqrstuvwxyz234561")]
    public void Other_texts_are_not_meant_as_links(string text) => Assert.False(MagnetLink.IsMeant(text));

    [Fact]
    public void What_it_holds_is_bounded()
    {
        var many = string.Concat(Enumerable.Range(1, 900).Select(n => $"&tr=http://t{n}.x/&x.pe=1.2.3.4:{n}&ws=http://w{n}.x/"));
        var link = MagnetLink.Parse($"magnet:?xt=urn:btih:{Hex}{many}");
        Assert.Equal((MagnetLink.MaxAddresses, MagnetLink.MaxAddresses, MagnetLink.MaxAddresses), (link.Trackers.Count, link.Peers.Count, link.WebSeeds.Count));
        Assert.Throws<MagnetFormatException>(() => MagnetLink.Parse($"magnet:?xt=urn:btih:{Hex}&dn={new string('x', MagnetLink.MaxLength)}"));
        var ranges = string.Join(',', Enumerable.Range(0, MagnetLink.MaxSelections + 1));
        Assert.Throws<MagnetFormatException>(() => MagnetLink.Parse($"magnet:?xt=urn:btih:{Hex}&so={ranges}"));
    }

    [Fact]
    public void Its_text_reads_as_the_same_link() => Properties.Hold(Links, text =>
    {
        var link = MagnetLink.Parse(text);
        var again = MagnetLink.Parse(link.ToString());
        Assert.Equal((link.InfoHash, link.Name, link.Length), (again.InfoHash, again.Name, again.Length));
        Assert.Equal(link.Trackers, again.Trackers);
        Assert.Equal(link.Peers, again.Peers);
        Assert.Equal(link.Selection, again.Selection);
    });

    [Fact]
    public void Cut_off_or_changed_anywhere_it_is_read_or_refused() => Properties.Hold(
        from link in Links
        from at in Gen.Choose(0, link.Length - 1)
        from letter in Gen.Choose(0, 255)
        select (link, at, (char)letter),
        x =>
        {
            ReadOrRefuse(x.link[..x.at]);
            ReadOrRefuse($"{x.link[..x.at]}{x.Item3}{x.link[(x.at + 1)..]}");
        });

    [Fact]
    public void Any_text_is_read_or_refused() => Properties.Hold(
        Properties.Bytes(0, 300), bytes => ReadOrRefuse("magnet:?xt=urn:btih:" + Hex + "&" + Encoding.Latin1.GetString(bytes)));

    private static void ReadOrRefuse(string text)
    {
        try
        {
            _ = MagnetLink.Parse(text).ToString();
        }
        catch (MagnetFormatException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }
}
