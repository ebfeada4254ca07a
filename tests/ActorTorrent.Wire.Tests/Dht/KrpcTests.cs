using System.Net;
using System.Text;
using ActorTorrent.Wire.Dht;
using ActorTorrent.Wire.Tests.Support;
using FsCheck.Fluent;

namespace ActorTorrent.Wire.Tests.Dht;

public class KrpcTests
{
    private const string Id = "<abcdefghij0123456789>";
    private const string Target = "<mnopqrstuvwxyz123456>";

    [Fact]
    public void Round_trips() => Properties.Hold(KrpcCases.Messages, message =>
    {
        var bytes = Write(message);
        AssertEqual(message, KrpcReader.Read(bytes));
        Assert.Equal(bytes, Write(KrpcReader.Read(bytes)));
    });

    [Fact]
    public void What_is_cut_short_is_refused_at_every_byte() => Properties.Hold(
        KrpcCases.Messages,
        message =>
        {
            var bytes = Write(message);
            for (var length = 0; length < bytes.Length; length++)
                Assert.Throws<KrpcException>(() => KrpcReader.Read(bytes.AsMemory(0, length)));
        },
        times: 60);

    [Fact]
    public void What_is_altered_is_read_or_refused_and_nothing_else() => Properties.Hold(
        from message in KrpcCases.Messages
        from changes in Gen.Zip(Gen.Choose(0, 1 << 20), Gen.Choose(0, 255)).ArrayOf(4)
        select (message, changes),
        test =>
        {
            var bytes = Write(test.message);
            foreach (var (at, value) in test.changes)
                bytes[at % bytes.Length] = (byte)value;
            try
            {
                var read = KrpcReader.Read(bytes);
                Assert.InRange(read.TransactionId.Length, 1, KrpcMessage.MaxTransactionId);
                Assert.InRange(read.Token.Length, 0, KrpcMessage.MaxToken);
            }
            catch (KrpcException)
            {
                // Refused.
            }
        },
        times: 2000);

    [Fact]
    public void A_destination_that_is_too_short_is_told_at_every_length() => Properties.Hold(
        KrpcCases.Messages,
        message =>
        {
            var bytes = Write(message);
            for (var length = 0; length < bytes.Length; length++)
                Assert.ThrowsAny<ArgumentException>(() => KrpcWriter.Write(message, new byte[length]));
        },
        times: 20);

    [Fact]
    public void Writes_the_examples_of_BEP_5()
    {
        var id = new NodeId("abcdefghij0123456789"u8);
        var target = new NodeId("mnopqrstuvwxyz123456"u8);
        Check("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe", KrpcMessage.Ping(id));
        Check(
            "d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz123456e1:q9:find_node1:t2:aa1:y1:qe", KrpcMessage.FindNode(id, target));
        Check(
            "d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz123456e1:q9:get_peers1:t2:aa1:y1:qe",
            KrpcMessage.GetPeers(id, target.ToInfoHash()));
        Check(
            "d1:ad2:id20:abcdefghij012345678912:implied_porti1e9:info_hash20:mnopqrstuvwxyz1234564:porti6881e5:token8:aoeusnthe1:q13:announce_peer1:t2:aa1:y1:qe",
            KrpcMessage.AnnouncePeer(id, target.ToInfoHash(), 6881, "aoeusnth"u8.ToArray()) with { IsImpliedPort = true });
        Check("d1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re", KrpcMessage.Response(target));
        Check(
            "d1:rd2:id20:abcdefghij01234567895:token8:aoeusnth6:valuesl6:axje.u6:idhtnmee1:t2:aa1:y1:re",
            KrpcMessage.Response(id) with
            {
                Token = "aoeusnth"u8.ToArray(),
                Peers = [IPEndPoint.Parse("97.120.106.101:11893"), IPEndPoint.Parse("105.100.104.116:28269")],
            });
        Check("d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee", KrpcMessage.Error(KrpcErrorCode.Generic, "A Generic Error Ocurred"));

        static void Check(string text, KrpcMessage message)
        {
            message = message with { TransactionId = "aa"u8.ToArray() };
            Assert.Equal(text, Encoding.Latin1.GetString(Write(message)));
            AssertEqual(message, KrpcReader.Read(Encoding.Latin1.GetBytes(text)));
        }
    }

    [Fact]
    public void Reads_what_libtorrent_sends()
    {
        var read = KrpcReader.Read(Bencoded.Of(
            $"d<a>d<id>{Id}<target>{Target}<want>l<n4><n6>ee<q><find_node><ro>i1e<t><xy><v><LT\u0002\u0000><y><q>e"));
        Assert.Equal(KrpcMethod.FindNode, read.Method);
        Assert.Equal(KrpcWant.V4 | KrpcWant.V6, read.Want);
        Assert.True(read.IsReadOnly);
        Assert.Equal("LT\u0002\u0000"u8, read.Version.Span);

        read = KrpcReader.Read(Bencoded.Of($"d<ip><\u007f\u0000\u0000\u0001\u001a\u00e1><r>d<id>{Id}<p>i6881e<token><1234>e<t><xy><y><r>e"));
        Assert.Equal(IPEndPoint.Parse("127.0.0.1:6881"), read.ExternalEndPoint);
        Assert.Equal("1234"u8, read.Token.Span);
        Assert.Empty(read.Nodes);
    }

    [Fact]
    public void An_unknown_method_is_told_apart_whatever_its_arguments()
    {
        Assert.Equal(KrpcMethod.Unknown, KrpcReader.Read(Bencoded.Of("d<q><vote><t><xy><y><q>e")).Method);
        Assert.Equal(KrpcMethod.Unknown, KrpcReader.Read(Bencoded.Of("d<a>le<q><sample_infohashes><t><xy><y><q>e")).Method);
    }

    [Theory]
    [InlineData("", KrpcFault.NotBencode)]
    [InlineData("le", KrpcFault.NotBencode)]
    [InlineData("d<t><aa><y><r>", KrpcFault.NotBencode)]
    [InlineData("d<t><aa><t><aa>e", KrpcFault.NotBencode)]
    [InlineData("d<t>9999999999999:<y><q>e", KrpcFault.NotBencode)]
    [InlineData("de", KrpcFault.BadField)]
    [InlineData("d<y><q>e", KrpcFault.BadField)]
    [InlineData("d<t><aa>e", KrpcFault.BadField)]
    [InlineData("d<t>i1e<y><q>e", KrpcFault.BadField)]
    [InlineData("d<t><><y><q>e", KrpcFault.TooLongField)]
    [InlineData("d<t><aa><y><x>e", KrpcFault.BadField)]
    [InlineData("d<t><aa><y><qq>e", KrpcFault.BadField)]
    [InlineData("d<t><aa><y><q>e", KrpcFault.BadField)]
    [InlineData("d<q><ping><t><aa><y><q>e", KrpcFault.BadField)]
    [InlineData("d<a>de<q><ping><t><aa><y><q>e", KrpcFault.BadField)]
    [InlineData("d<a>d<id><short>e<q><ping><t><aa><y><q>e", KrpcFault.BadField)]
    [InlineData("d<a>d<id>" + Id + "e<q><find_node><t><aa><y><q>e", KrpcFault.BadField)]
    [InlineData("d<a>d<id>" + Id + "<info_hash>" + Id + "<port>i0e<token><x>e<q><announce_peer><t><aa><y><q>e", KrpcFault.BadField)]
    [InlineData("d<a>d<id>" + Id + "<info_hash>" + Id + "<port>i65536e<token><x>e<q><announce_peer><t><aa><y><q>e", KrpcFault.BadField)]
    [InlineData("d<a>d<id>" + Id + "<info_hash>" + Id + "<port>i80ee<q><announce_peer><t><aa><y><q>e", KrpcFault.BadField)]
    [InlineData("d<r>le<t><aa><y><r>e", KrpcFault.BadField)]
    [InlineData("d<r>d<id>" + Id + "<nodes><12345>e<t><aa><y><r>e", KrpcFault.WrongListSize)]
    [InlineData("d<r>d<id>" + Id + "<nodes6><12345678901234567890123456>e<t><aa><y><r>e", KrpcFault.WrongListSize)]
    [InlineData("d<r>d<id>" + Id + "<values>l<12345>ee<t><aa><y><r>e", KrpcFault.WrongListSize)]
    [InlineData("d<r>d<id>" + Id + "<values>li1eee<t><aa><y><r>e", KrpcFault.BadField)]
    [InlineData("d<r>d<id>" + Id + "<values><123456>e<t><aa><y><r>e", KrpcFault.BadField)]
    [InlineData("d<e>le<t><aa><y><e>e", KrpcFault.BadField)]
    [InlineData("d<e>l<x>i1ee<t><aa><y><e>e", KrpcFault.BadField)]
    public void Malformed_messages_are_refused_for_what_they_are(string text, KrpcFault fault) =>
        Assert.Equal(fault, Assert.Throws<KrpcException>(() => KrpcReader.Read(Bencoded.Of(text))).Fault);

    [Fact]
    public void Deep_nesting_is_refused()
    {
        var bytes = new byte[KrpcMessage.MaxLength];
        bytes.AsSpan().Fill((byte)'l');
        bytes[0] = (byte)'d';
        Assert.Equal(KrpcFault.NotBencode, Assert.Throws<KrpcException>(() => KrpcReader.Read(bytes)).Fault);
        var nested = $"d<a>{string.Concat(Enumerable.Repeat("d<a>", 80))}i1e{new string('e', 80)}<q><ping><t><aa><y><q>e";
        Assert.Equal(KrpcFault.NotBencode, Assert.Throws<KrpcException>(() => KrpcReader.Read(Bencoded.Of(nested))).Fault);
    }

    [Fact]
    public void A_huge_token_is_refused()
    {
        var text = $"d<a>d<id>{Id}<info_hash>{Target}<port>i80e<token><{new string('x', KrpcMessage.MaxToken + 1)}>e<q><announce_peer><t><aa><y><q>e";
        Assert.Equal(KrpcFault.TooLongField, Assert.Throws<KrpcException>(() => KrpcReader.Read(Bencoded.Of(text))).Fault);
        text = $"d<r>d<id>{Id}<token><{new string('x', 3000)}>e<t><aa><y><r>e";
        Assert.Equal(KrpcFault.TooLongField, Assert.Throws<KrpcException>(() => KrpcReader.Read(Bencoded.Of(text))).Fault);
    }

    [Fact]
    public void A_huge_transaction_id_is_refused()
    {
        var text = $"d<a>d<id>{Id}e<q><ping><t><{new string('x', KrpcMessage.MaxTransactionId + 1)}><y><q>e";
        Assert.Equal(KrpcFault.TooLongField, Assert.Throws<KrpcException>(() => KrpcReader.Read(Bencoded.Of(text))).Fault);
    }

    [Fact]
    public void A_huge_datagram_is_refused_unread()
        => Assert.Equal(KrpcFault.TooLong, Assert.Throws<KrpcException>(() => KrpcReader.Read(new byte[KrpcMessage.MaxLength + 1])).Fault);

    [Fact]
    public void Of_long_lists_only_so_much_is_taken()
    {
        var text = $"d<r>d<id>{Id}<nodes><{new string('x', 100 * 26)}><values>l{string.Concat(Enumerable.Repeat("6:123456", 150))}ee<t><aa><y><r>e";
        var read = KrpcReader.Read(Bencoded.Of(text));
        Assert.Equal(KrpcMessage.MaxNodes, read.Nodes.Count);
        Assert.Equal(150, read.Peers.Count);
        text = $"d<r>d<id>{Id}<values>l{string.Concat(Enumerable.Repeat("6:123456", 300))}ee<t><aa><y><r>e";
        Assert.Equal(KrpcMessage.MaxPeers, KrpcReader.Read(Bencoded.Of(text)).Peers.Count);
    }

    [Theory]
    [InlineData("d<a>de<q><ping><t><aa><y><q>e", "aa")]
    [InlineData("d<a>d<id>" + Id + "e<q><get_peers><t><xyz><y><q>e", "xyz")]
    [InlineData("d<r>d<id><short>e<t><aa><y><r>e", "")]
    public void Who_asked_wrongly_can_be_told(string text, string transaction) =>
        Assert.Equal(
            transaction, Encoding.Latin1.GetString(Assert.Throws<KrpcException>(() => KrpcReader.Read(Bencoded.Of(text))).QueryId.Span));

    private static byte[] Write(KrpcMessage message)
    {
        var buffer = new byte[KrpcMessage.MaxLength];
        return buffer[..KrpcWriter.Write(message, buffer)];
    }

    private static void AssertEqual(KrpcMessage expected, KrpcMessage actual)
    {
        Assert.Equal(expected.TransactionId.ToArray(), actual.TransactionId.ToArray());
        Assert.Equal(expected.Token.ToArray(), actual.Token.ToArray());
        Assert.Equal(expected.Version.ToArray(), actual.Version.ToArray());
        Assert.Equal(expected.Nodes, actual.Nodes);
        Assert.Equal(expected.Nodes6, actual.Nodes6);
        Assert.Equal(expected.Peers, actual.Peers);
        Assert.Equal(
            expected with { TransactionId = default, Token = default, Version = default, Nodes = [], Nodes6 = [], Peers = [] },
            actual with { TransactionId = default, Token = default, Version = default, Nodes = [], Nodes6 = [], Peers = [] });
    }
}
