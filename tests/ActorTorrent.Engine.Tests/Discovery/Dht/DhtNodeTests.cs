using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTorrent.Engine.Discovery.Dht;
using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Dht;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Tests.Discovery.Dht;

public sealed class DhtNodeTests : IDhtOutlet
{
    private static readonly DhtOptions Options = new();
    private static readonly IPEndPoint Stranger = IPEndPoint.Parse("20.1.2.3:4000");

    private readonly Random _random = new(9);
    private readonly List<(KrpcMessage Message, IPEndPoint To)> _sent = [];
    private readonly List<NodeId> _refreshes = [];
    private readonly DhtNode _node;
    private TimeSpan _now = TimeSpan.FromHours(1);

    public DhtNodeTests() => _node = Make(Options);

    void IDhtOutlet.Send(KrpcMessage message, IPEndPoint to)
    {
        var buffer = new byte[KrpcMessage.MaxLength];
        _sent.Add((KrpcReader.Read(buffer.AsMemory(0, KrpcWriter.Write(message, buffer))), to));
    }

    void IDhtOutlet.Refresh(DhtNode node, NodeId target) => _refreshes.Add(target);

    [Fact]
    public void Answers_a_ping_and_tells_the_asker_his_address()
    {
        Receive(KrpcMessage.Ping(Id()), Stranger);
        var (answer, to) = _sent[0];
        Assert.Equal((KrpcKind.Response, _node.Id, Stranger), (answer.Kind, answer.Id, to));
        Assert.Equal("aa"u8, answer.TransactionId.Span);
        Assert.Equal(Stranger, answer.ExternalEndPoint);
    }

    [Fact]
    public void A_stranger_is_in_the_table_only_once_he_has_answered()
    {
        var id = Id();
        Receive(KrpcMessage.Ping(id), Stranger);
        Assert.Equal(0, _node.Table.Count);
        var (ping, to) = _sent[1];
        Assert.Equal((KrpcMethod.Ping, Stranger), (ping.Method, to));
        Receive(KrpcMessage.Response(id) with { TransactionId = ping.TransactionId }, Stranger);
        Assert.Equal(id, Assert.Single(_node.Table.Nodes).Id);
    }

    [Fact]
    public void Made_up_senders_do_not_make_it_grow()
    {
        for (var i = 0; i < 20_000; i++)
            Receive(KrpcMessage.Ping(Id()), new IPEndPoint(new IPAddress([20, (byte)(i >> 8), (byte)i, 1]), 1 + _random.Next(60_000)));
        Assert.Equal(0, _node.Table.Count);
        Assert.InRange(_node.InFlight, 0, 16);
        Assert.InRange(_node.CountedAddresses, 0, AddressLimiter.MaxAddresses);
        _now += Options.QueryTimeout;
        _node.Tick(_now);
        Assert.Equal(0, _node.InFlight);
    }

    [Fact]
    public void A_read_only_asker_is_answered_and_not_taken_in()
    {
        Receive(KrpcMessage.Ping(Id()) with { IsReadOnly = true }, Stranger);
        Assert.Single(_sent);
        Assert.Equal(0, _node.InFlight);
    }

    [Fact]
    public void A_read_only_node_answers_nothing_and_says_so_when_it_asks()
    {
        var node = Make(Options with { ReadOnly = true });
        node.Receive(Bytes(KrpcMessage.Ping(Id())), Stranger, _now);
        node.Receive("d1:q4:ping1:t2:aa1:y1:qe"u8.ToArray(), Stranger, _now);
        Assert.Empty(_sent);
        node.Ask(Stranger, null, KrpcMessage.Ping(node.Id), null, _now);
        Assert.True(_sent[0].Message.IsReadOnly);
    }

    [Fact]
    public void A_peer_announced_with_its_token_is_handed_out()
    {
        var torrent = new InfoHash("01234567890123456789"u8);
        Receive(KrpcMessage.GetPeers(Id(), torrent), Stranger);
        var token = _sent[0].Message.Token;
        Receive(KrpcMessage.AnnouncePeer(Id(), torrent, 7000, token), Stranger);
        Receive(KrpcMessage.AnnouncePeer(Id(), torrent, 1, token) with { IsImpliedPort = true }, Stranger);
        _sent.Clear();
        Receive(KrpcMessage.GetPeers(Id(), torrent), IPEndPoint.Parse("30.1.1.1:1"));
        Assert.Equal(
            new[] { new IPEndPoint(Stranger.Address, 4000), new IPEndPoint(Stranger.Address, 7000) },
            _sent[0].Message.Peers.OrderBy(static peer => peer.Port));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345678")]
    [InlineData("0123456789012345678901234567890123456789")]
    public void A_token_that_we_did_not_give_announces_nothing(string token)
    {
        Receive(KrpcMessage.AnnouncePeer(Id(), default, 7000, Encoding.ASCII.GetBytes(token)), Stranger);
        Assert.Equal((int)KrpcErrorCode.Protocol, _sent[0].Message.ErrorCode);
        Assert.Equal((0, 1L), (_node.Store.Peers, _node.Counters.BadTokens));
    }

    [Fact]
    public void A_token_of_another_address_announces_nothing()
    {
        Receive(KrpcMessage.GetPeers(Id(), default), Stranger);
        Receive(KrpcMessage.AnnouncePeer(Id(), default, 7000, _sent[0].Message.Token), IPEndPoint.Parse("20.1.2.4:4000"));
        Assert.Equal(0, _node.Store.Peers);
    }

    [Fact]
    public void An_unknown_method_is_answered_with_204()
    {
        Receive("d1:q4:vote1:t2:aa1:y1:qe"u8.ToArray(), Stranger);
        Assert.Equal((int)KrpcErrorCode.MethodUnknown, _sent[0].Message.ErrorCode);
    }

    [Theory]
    [InlineData("d1:ade1:q4:ping1:t2:aa1:y1:qe", true)]
    [InlineData("d1:ad2:id20:abcdefghij01234567896:target3:xyze1:q9:find_node1:t2:aa1:y1:qe", true)]
    [InlineData("d1:rd2:id20:abcdefghij01234567895:nodes3:xyze1:t2:aa1:y1:re", false)]
    [InlineData("d1:rd2:id20:abcdefghij01234567896:nodes626:12345678901234567890123456e1:t2:aa1:y1:re", false)]
    [InlineData("d1:rd2:id20:abcdefghij01234567896:valuesl5:12345ee1:t2:aa1:y1:re", false)]
    [InlineData("llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll", false)]
    [InlineData("", false)]
    public void Malformed_messages_are_counted_and_queries_among_them_answered_with_203(string text, bool isAnswered)
    {
        Receive(Encoding.ASCII.GetBytes(text), Stranger);
        Assert.Equal(1, _node.Counters.Malformed);
        Assert.Equal(isAnswered ? 1 : 0, _sent.Count(static sent => sent.Message.ErrorCode == (int)KrpcErrorCode.Protocol));
        Assert.Equal((0, 0), (_node.Table.Count, _node.InFlight));
    }

    [Fact]
    public void Huge_tokens_deep_nesting_and_long_datagrams_leave_nothing_behind()
    {
        var token = new string('x', 1000);
        byte[][] all =
        [
            Encoding.ASCII.GetBytes($"d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz1234564:porti1e5:token1000:{token}e1:q13:announce_peer1:t2:aa1:y1:qe"),
            Encoding.ASCII.GetBytes(new string('d', 1400)),
            Encoding.ASCII.GetBytes($"d1:t1000:{token}1:y1:re"),
            new byte[KrpcMessage.MaxLength + 1],
        ];
        foreach (var datagram in all)
        {
            for (var i = 0; i < 1000; i++)
                _node.Receive(datagram, new IPEndPoint(new IPAddress([20, 3, (byte)(i >> 8), (byte)i]), 1), _now);
        }
        Assert.Equal(4000, _node.Counters.Malformed);
        Assert.Equal((0, 0, 0), (_node.Table.Count, _node.InFlight, _node.Store.Torrents));
    }

    [Fact]
    public void A_flooder_is_ignored_for_minutes_and_nobody_else_is()
    {
        for (var i = 0; i < 10_000; i++)
            Receive(KrpcMessage.Ping(Id()) with { IsReadOnly = true }, Stranger);
        Assert.Equal(Options.QueryBurst, _sent.Count);
        Assert.Equal(10_000 - Options.QueryBurst, _node.Counters.Ignored);
        Receive(KrpcMessage.Ping(Id()) with { IsReadOnly = true }, IPEndPoint.Parse("20.1.2.4:4000"));
        Assert.Equal(Options.QueryBurst + 1, _sent.Count);
        _now += Options.FloodPause;
        Receive(KrpcMessage.Ping(Id()) with { IsReadOnly = true }, Stranger);
        Assert.Equal(Options.QueryBurst + 2, _sent.Count);
    }

    [Fact]
    public void A_flood_from_everywhere_is_answered_at_a_bounded_rate()
    {
        for (var i = 0; i < 50_000; i++)
            Receive(KrpcMessage.Ping(Id()) with { IsReadOnly = true }, new IPEndPoint(new IPAddress([20, (byte)(i >> 16), (byte)(i >> 8), (byte)i]), 1));
        Assert.InRange(_sent.Count, 1, Options.AnswersPerSecond);
    }

    [Fact]
    public void Answers_with_a_wrong_transaction_id_change_nothing()
    {
        var asker = new RecordingAsker();
        _node.Ask(Stranger, null, KrpcMessage.Ping(_node.Id), asker, _now);
        foreach (var transaction in (byte[][])[[1, 2, 3, 4], [0], [1, 2, 3, 4, 5, 6, 7, 8]])
            Receive(KrpcMessage.Response(Id()) with { TransactionId = transaction }, Stranger);
        Assert.Equal((0, 0, 3L), (_node.Table.Count, asker.Answers.Count, _node.Counters.Unsolicited));
        Assert.Equal(1, _node.InFlight);
    }

    [Fact]
    public void An_answer_from_somewhere_else_changes_nothing()
    {
        var asker = new RecordingAsker();
        _node.Ask(Stranger, null, KrpcMessage.Ping(_node.Id), asker, _now);
        Receive(KrpcMessage.Response(Id()) with { TransactionId = _sent[0].Message.TransactionId }, IPEndPoint.Parse("20.1.2.3:4001"));
        Assert.Equal((0, 0, 1L), (_node.Table.Count, asker.Answers.Count, _node.Counters.Unsolicited));
    }

    [Fact]
    public void An_answer_as_somebody_else_counts_as_none()
    {
        var asker = new RecordingAsker();
        _node.Ask(Stranger, Id(), KrpcMessage.Ping(_node.Id), asker, _now);
        Receive(KrpcMessage.Response(Id()) with { TransactionId = _sent[0].Message.TransactionId }, Stranger);
        Assert.Equal((0, 0, 1), (_node.Table.Count, asker.Answers.Count, asker.Failures));
    }

    [Fact]
    public void Queries_in_flight_are_bounded_and_end()
    {
        var asker = new RecordingAsker();
        var sent = Enumerable.Range(1, 2 * Options.MaxQueries)
            .Count(i => _node.Ask(new IPEndPoint(Stranger.Address, i), null, KrpcMessage.Ping(_node.Id), asker, _now));
        Assert.Equal((Options.MaxQueries, Options.MaxQueries), (sent, _node.InFlight));
        _now += Options.QueryTimeout;
        _node.Tick(_now);
        Assert.Equal((0, Options.MaxQueries), (_node.InFlight, asker.Failures));
    }

    [Fact]
    public void Nodes_of_the_other_family_are_handed_out_to_those_who_want_them()
    {
        var v6 = new DhtNode(AddressFamily.InterNetworkV6, null, Options, this, _random.NextBytes, _now);
        _node.Sibling = v6;
        var known = new NodeContact(Id(), IPEndPoint.Parse("[2001:db8::1]:5"));
        Assert.True(v6.Table.Answered(known, _now));
        Receive(KrpcMessage.FindNode(Id(), Id()) with { Want = KrpcWant.V4 | KrpcWant.V6, IsReadOnly = true }, Stranger);
        Receive(KrpcMessage.FindNode(Id(), Id()) with { IsReadOnly = true }, Stranger);
        Assert.Equal(known, Assert.Single(_sent[0].Message.Nodes6));
        Assert.Empty(_sent[1].Message.Nodes6);
    }

    [Fact]
    public void The_id_follows_from_the_address_that_others_see()
    {
        var own = IPAddress.Parse("81.2.3.4");
        var nodes = new List<NodeId>();
        for (var i = 0; i < 3; i++)
        {
            var from = new IPEndPoint(new IPAddress([20, 5, (byte)i, 1]), 6881);
            var id = SecureNodeId.Create(from.Address, _random.NextBytes);
            nodes.Add(id);
            _node.Ask(from, null, KrpcMessage.Ping(_node.Id), null, _now);
            Receive(KrpcMessage.Response(id) with { TransactionId = _sent[^1].Message.TransactionId, ExternalEndPoint = new IPEndPoint(own, 6881) }, from);
        }
        Assert.True(SecureNodeId.IsValid(_node.Id, own));
        Assert.Equal(nodes.Order(Comparer<NodeId>.Create(Compare)), _node.Table.Nodes.Select(static node => node.Id).Order(Comparer<NodeId>.Create(Compare)));
        Assert.Equal([_node.Id], _refreshes);

        static int Compare(NodeId x, NodeId y) => NodeId.CompareDistance(default, x, y);
    }

    [Fact]
    public void One_liar_does_not_change_our_id()
    {
        var before = _node.Id;
        for (var i = 0; i < 10; i++)
        {
            _node.Ask(Stranger, null, KrpcMessage.Ping(_node.Id), null, _now);
            Receive(
                KrpcMessage.Response(Id()) with { TransactionId = _sent[^1].Message.TransactionId, ExternalEndPoint = IPEndPoint.Parse($"81.2.3.{i}:1") },
                Stranger);
        }
        Assert.Equal(before, _node.Id);
    }

    private static byte[] Bytes(KrpcMessage message)
    {
        var buffer = new byte[KrpcMessage.MaxLength];
        var withId = message.TransactionId.IsEmpty ? message with { TransactionId = "aa"u8.ToArray() } : message;
        return buffer[..KrpcWriter.Write(withId, buffer)];
    }

    private DhtNode Make(DhtOptions options) => new(AddressFamily.InterNetwork, null, options, this, _random.NextBytes, _now);

    private NodeId Id()
    {
        Span<byte> bytes = stackalloc byte[NodeId.Length];
        _random.NextBytes(bytes);
        return new NodeId(bytes);
    }

    private void Receive(KrpcMessage message, IPEndPoint from) => Receive(Bytes(message), from);

    private void Receive(byte[] datagram, IPEndPoint from) => _node.Receive(datagram, from, _now);
}
