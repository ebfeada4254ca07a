using System.Net.Sockets;
using System.Text;
using ActorTorrent.Wire.Discovery;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Tests.Support;
using FsCheck.Fluent;

namespace ActorTorrent.Wire.Tests.Discovery;

public class LsdMessageTests
{
    private const string Hex = "6161616161616161616161616161616161616161";
    private static readonly InfoHash Hash = InfoHash.Parse(Hex);

    [Fact]
    public void It_is_written_as_bep_14_says()
    {
        Assert.Equal(
            $"BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\nPort: 6881\r\nInfohash: {Hex}\r\ncookie: c00c1e\r\n\r\n\r\n",
            Encoding.ASCII.GetString(new LsdMessage(6881, [Hash], "c00c1e").Write(AddressFamily.InterNetwork)));
        Assert.Contains(
            "Host: [ff15::efc0:988f]:6771\r\n",
            Encoding.ASCII.GetString(new LsdMessage(6881, [Hash], null).Write(AddressFamily.InterNetworkV6)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_round_trip_within_1400_bytes() => Properties.Hold(
        from hashes in WireCases.InfoHashes.NonEmptyListOf()
        from port in Gen.Choose(1, ushort.MaxValue)
        from cookie in Gen.Elements(null, "0", "deadbeef", new string('c', 64))
        from family in Gen.Elements(AddressFamily.InterNetwork, AddressFamily.InterNetworkV6)
        select (Message: new LsdMessage((ushort)port, [.. hashes.Distinct().Take(LsdMessage.MaxInfoHashes)], cookie), family),
        one =>
        {
            var datagram = one.Message.Write(one.family);
            Assert.True(datagram.Length <= LsdMessage.MaxLength);
            Assert.True(LsdMessage.TryRead(datagram, out var read));
            Assert.Equal(one.Message, read);
        });

    [Fact]
    public void Cut_at_any_byte_it_is_none_or_says_less()
    {
        InfoHash[] hashes = [Hash, InfoHash.Parse("00ff25202b41c3a97f80fe0a0d26233f3d2fe282")];
        var whole = new LsdMessage(6881, hashes, "cookie").Write(AddressFamily.InterNetwork);
        for (var length = 0; length < whole.Length; length++)
        {
            if (!LsdMessage.TryRead(whole.AsSpan(0, length), out var read))
                continue;
            Assert.Equal(6881, read.Port);
            Assert.Equal(hashes.Take(read.InfoHashes.Count), read.InfoHashes);
        }
    }

    [Fact]
    public void Any_bytes_are_read_or_refused() => Properties.Hold(
        Properties.Bytes(0, 300),
        bytes =>
        {
            LsdMessage.TryRead(bytes, out _);
            LsdMessage.TryRead([.. "BT-SEARCH * HTTP/1.1\r\n"u8, .. bytes], out _);
            LsdMessage.TryRead([.. "BT-SEARCH * HTTP/1.1\r\nPort: 1\r\nInfohash: "u8, .. bytes], out _);
        },
        times: 1000);

    [Theory]
    [InlineData("bt-search * HTTP/1.1|Port: 1|Infohash: H||")]
    [InlineData("BT-SEARCH * HTTP/1.1|Infohash: H||")]
    [InlineData("BT-SEARCH * HTTP/1.1|Port: 0|Infohash: H||")]
    [InlineData("BT-SEARCH * HTTP/1.1|Port: 65536|Infohash: H||")]
    [InlineData("BT-SEARCH * HTTP/1.1|Port: 1x|Infohash: H||")]
    [InlineData("BT-SEARCH * HTTP/1.1|Port: 1|Port: 2|Infohash: H||")]
    [InlineData("BT-SEARCH * HTTP/1.1|Port: 1||Infohash: H||")]
    [InlineData("BT-SEARCH * HTTP/1.1|Port: 1|Infohash: HH||")]
    [InlineData("BT-SEARCH * HTTP/1.1|Port: 1|Infohash: 616161616161616161616161616161616161616z||")]
    [InlineData("BT-SEARCH * HTTP/1.1|Port: 1|Infohash H||")]
    [InlineData("HTTP/1.1 200 OK|Port: 1|Infohash: H||")]
    public void Refuses(string text) => Assert.False(LsdMessage.TryRead(Bytes(text), out _));

    [Theory]
    [InlineData("BT-SEARCH * HTTP/1.1|Port: 1|Infohash: H||")]
    [InlineData("BT-SEARCH * HTTP/1.1|PORT:1|X-Other: thing|INFOHASH:   H  |infohash: H|COOKIE: 9||")]
    public void Takes(string text)
    {
        Assert.True(LsdMessage.TryRead(Bytes(text), out var message));
        Assert.Equal(1, message.Port);
        Assert.Equal([Hash], message.InfoHashes);
    }

    [Fact]
    public void Too_many_torrents_too_many_bytes_and_a_long_cookie_are_refused()
    {
        var hashes = Enumerable.Range(0, 21).Select(number => $"Infohash: {number:x40}|");
        Assert.False(LsdMessage.TryRead(Bytes($"BT-SEARCH * HTTP/1.1|Port: 1|{string.Concat(hashes)}||"), out _));
        Assert.True(LsdMessage.TryRead(Bytes($"BT-SEARCH * HTTP/1.1|Port: 1|{string.Concat(hashes.Take(20))}||"), out _));
        Assert.False(LsdMessage.TryRead(Bytes($"BT-SEARCH * HTTP/1.1|Port: 1|Infohash: H|X: {new string('x', 1400)}||"), out _));
        Assert.False(LsdMessage.TryRead(Bytes($"BT-SEARCH * HTTP/1.1|Port: 1|Infohash: H|cookie: {new string('x', 65)}||"), out _));
    }

    [Fact]
    public void What_cannot_be_told_is_not_written()
    {
        Assert.Throws<InvalidOperationException>(() => new LsdMessage(0, [Hash], null).Write(AddressFamily.InterNetwork));
        Assert.Throws<InvalidOperationException>(() => new LsdMessage(1, [], null).Write(AddressFamily.InterNetwork));
        Assert.Throws<InvalidOperationException>(() => new LsdMessage(1, Enumerable.Repeat(Hash, 21).ToArray(), null).Write(AddressFamily.InterNetwork));
        Assert.Throws<InvalidOperationException>(() => new LsdMessage(1, [Hash], "a\r\nb").Write(AddressFamily.InterNetwork));
    }

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(
        text.Replace("|", "\r\n", StringComparison.Ordinal).Replace("HH", Hex + "0", StringComparison.Ordinal).Replace(" H\r", $" {Hex}\r", StringComparison.Ordinal)
            .Replace(" H ", $" {Hex} ", StringComparison.Ordinal));
}
