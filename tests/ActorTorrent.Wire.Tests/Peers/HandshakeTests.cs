using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Wire.Tests.Peers;

public class HandshakeTests
{
    private static readonly InfoHash Hash = InfoHash.Parse("0102030405060708090a0b0c0d0e0f1011121314");

    private static Gen<Handshake> Handshakes =>
        from hash in WireCases.InfoHashes
        from id in WireCases.PeerIds
        from bits in Gen.Choose(0, 7)
        select new Handshake(hash, id, (PeerCapabilities)bits);

    [Fact]
    public void Round_trips() => Properties.Hold(Handshakes, handshake =>
    {
        var bytes = Write(handshake);
        Assert.Equal(handshake, Handshake.Read(bytes));
        Assert.Equal(HandshakeVerdict.Ok, HandshakeCheck.Examine(bytes, handshake.InfoHash));
    });

    [Fact]
    public void Stands_in_bytes_as_the_document_says()
    {
        var bytes = Write(new Handshake(Hash, new PeerId("-AT0100-abcdefghijkl"u8), PeerCapabilities.Dht | PeerCapabilities.Fast | PeerCapabilities.Extended));
        Assert.Equal(
            "13426974546f7272656e742070726f746f636f6c0000000000100005" + Hash + Convert.ToHexStringLower("-AT0100-abcdefghijkl"u8),
            Convert.ToHexStringLower(bytes));
    }

    [Theory]
    [InlineData(5, 0x10, PeerCapabilities.Extended)]
    [InlineData(7, 0x01, PeerCapabilities.Dht)]
    [InlineData(7, 0x04, PeerCapabilities.Fast)]
    [InlineData(0, 0x80, PeerCapabilities.None)]
    public void Reserved_bits_are_read(int index, byte bit, PeerCapabilities expected)
    {
        var bytes = Write(new Handshake(Hash, default, PeerCapabilities.None));
        bytes[20 + index] |= bit;
        Assert.Equal(expected, Handshake.Read(bytes).Capabilities);
    }

    [Fact]
    public void What_is_written_clears_what_was_there()
    {
        var bytes = new byte[70];
        Array.Fill(bytes, (byte)0xFF);
        new Handshake(Hash, default, PeerCapabilities.None).Write(bytes);
        Assert.Equal(new byte[8], bytes[20..28]);
        Assert.Equal([0xFF, 0xFF], bytes[68..]);
    }

    [Fact]
    public void Every_prefix_of_a_right_one_is_incomplete()
    {
        var bytes = Write(new Handshake(Hash, default, PeerCapabilities.None));
        for (var length = 0; length < 68; length++)
            Assert.Equal(HandshakeVerdict.Incomplete, HandshakeCheck.Examine(bytes.AsSpan(0, length), Hash));
        Assert.Equal(HandshakeVerdict.Ok, HandshakeCheck.Examine(bytes, Hash));
        Assert.Equal(HandshakeVerdict.Ok, HandshakeCheck.Examine([.. bytes, 1, 2, 3], Hash));
    }

    [Fact]
    public void Any_wrong_byte_is_proof_as_soon_as_it_is_there()
    {
        var right = Write(new Handshake(Hash, default, PeerCapabilities.None));
        for (var wrong = 0; wrong < 68; wrong++)
        {
            var bytes = right.ToArray();
            bytes[wrong] ^= 0x20;
            for (var length = 0; length <= 68; length++)
            {
                var expected = (wrong, length) switch
                {
                    ( < 20, _) when length > wrong => HandshakeVerdict.WrongProtocol,
                    ( >= 28 and < 48, _) when length > wrong => HandshakeVerdict.WrongInfoHash,
                    (_, < 68) => HandshakeVerdict.Incomplete,
                    _ => HandshakeVerdict.Ok,
                };
                Assert.Equal(expected, HandshakeCheck.Examine(bytes.AsSpan(0, length), Hash));
            }
        }
    }

    [Fact]
    public void The_protocol_comes_before_the_info_hash()
    {
        var bytes = new byte[68];
        Assert.Equal(HandshakeVerdict.WrongProtocol, HandshakeCheck.Examine(bytes, Hash));
        Handshake.Protocol.CopyTo(bytes);
        Assert.Equal(HandshakeVerdict.WrongInfoHash, HandshakeCheck.Examine(bytes, Hash));
        Assert.Equal(HandshakeVerdict.Ok, HandshakeCheck.Examine(bytes, null));
    }

    [Fact]
    public void Wrong_lengths_and_protocols_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Handshake.Read(new byte[67]));
        Assert.Throws<ArgumentException>(() => new Handshake(Hash, default, PeerCapabilities.None).Write(new byte[67]));
        Assert.Equal(PeerWireError.MalformedMessage, Assert.Throws<PeerWireException>(() => Handshake.Read(new byte[68])).Error);
    }

    private static byte[] Write(Handshake handshake)
    {
        var bytes = new byte[Handshake.Length];
        handshake.Write(bytes);
        return bytes;
    }
}
