using System.Text;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Tests.Support;
using FsCheck.Fluent;

namespace ActorTorrent.Wire.Tests.Peers;

public class MetadataMessageTests
{
    [Fact]
    public void Writes_what_the_extension_says()
    {
        Assert.Equal("d8:msg_typei0e5:piecei7ee", Encoding.ASCII.GetString(MetadataMessage.Request(7)));
        Assert.Equal("d8:msg_typei2e5:piecei0ee", Encoding.ASCII.GetString(MetadataMessage.Reject(0)));
        Assert.Equal("d8:msg_typei1e5:piecei0e10:total_sizei3eexyz", Encoding.ASCII.GetString(MetadataMessage.Bring("xyz"u8, 0)));
    }

    [Fact]
    public void Every_piece_of_a_whole_comes_back() => Properties.Hold(Properties.Bytes(1, 70_000), whole =>
    {
        var pieces = Enumerable.Range(0, MetadataMessage.PieceCount(whole.Length)).Select(piece => MetadataMessage.Parse(MetadataMessage.Bring(whole, piece))).ToList();
        Assert.All(pieces, (message, piece) =>
            Assert.Equal((MetadataMessageKind.Data, piece, (long)whole.Length, MetadataMessage.PieceSize(whole.Length, piece)), (message.Kind, message.Piece, message.TotalSize, message.Data.Length)));
        Assert.Equal(whole, pieces.SelectMany(message => message.Data.ToArray()));
    }, times: 30);

    [Theory]
    [InlineData("d<msg_type>i0e<piece>i3ee", MetadataMessageKind.Request, 3)]
    [InlineData("d<msg_type>i2e<piece>i3ee", MetadataMessageKind.Reject, 3)]
    [InlineData("d<extra>le<msg_type>i0e<piece>i3eetrailing", MetadataMessageKind.Request, 3)]
    [InlineData("d<msg_type>i9ee", MetadataMessageKind.Unknown, 0)]
    [InlineData("d<msg_type>i-1ee", MetadataMessageKind.Unknown, 0)]
    public void Reads_what_others_send(string payload, MetadataMessageKind kind, int piece)
    {
        var message = MetadataMessage.Parse(Bencoded.Of(payload));
        Assert.Equal((kind, piece), (message.Kind, message.Piece));
    }

    [Theory]
    [InlineData("", PeerWireError.MalformedMessage)]
    [InlineData("i1e", PeerWireError.MalformedMessage)]
    [InlineData("d<piece>i3ee", PeerWireError.MalformedMessage)]
    [InlineData("d<msg_type>i0ee", PeerWireError.MalformedMessage)]
    [InlineData("d<msg_type><0><piece>i3ee", PeerWireError.MalformedMessage)]
    [InlineData("d<msg_type>i0e<piece>i-1ee", PeerWireError.IndexOutOfRange)]
    [InlineData("d<msg_type>i0e<piece>i131072ee", PeerWireError.IndexOutOfRange)]
    [InlineData("d<msg_type>i0e<piece>i4294967296ee", PeerWireError.IndexOutOfRange)]
    [InlineData("d<msg_type>i1e<piece>i0eex", PeerWireError.MalformedMessage)]
    [InlineData("d<msg_type>i1e<piece>i0e<total_size>i5ee", PeerWireError.MalformedMessage)]
    public void Refuses_what_breaks_the_extension(string payload, PeerWireError error)
        => Assert.Equal(error, Assert.Throws<PeerWireException>(() => MetadataMessage.Parse(Bencoded.Of(payload))).Error);

    [Fact]
    public void Refuses_a_piece_that_is_too_long_and_a_head_that_is_too_deep()
    {
        byte[] message = [.. Bencoded.Of("d<msg_type>i1e<piece>i0e<total_size>i99999ee"), .. new byte[MetadataMessage.PieceLength + 1]];
        Assert.Throws<PeerWireException>(() => MetadataMessage.Parse(message));
        Assert.Throws<PeerWireException>(() => MetadataMessage.Parse(Bencoded.Of("d<a>" + new string('l', 5_000) + new string('e', 5_001))));
    }

    [Fact]
    public void Cut_off_or_changed_at_any_byte_it_is_read_or_refused()
    {
        var message = MetadataMessage.Bring(Encoding.ASCII.GetBytes(new string('m', 40)), 0);
        for (var at = 0; at < message.Length; at++)
        {
            ReadOrRefuse(message.AsMemory(0, at));
            for (var value = 0; value < 256; value++)
            {
                var changed = message.ToArray();
                changed[at] = (byte)value;
                ReadOrRefuse(changed);
            }
        }
    }

    [Fact]
    public void Random_bytes_are_read_or_refused() => Properties.Hold(Properties.Bytes(0, 300), bytes => ReadOrRefuse(bytes));

    private static void ReadOrRefuse(ReadOnlyMemory<byte> payload)
    {
        try
        {
            Assert.InRange(MetadataMessage.Parse(payload).Piece, 0, int.MaxValue / MetadataMessage.PieceLength);
        }
        catch (PeerWireException e)
        {
            Assert.True(e.Error is PeerWireError.MalformedMessage or PeerWireError.IndexOutOfRange);
        }
    }
}
