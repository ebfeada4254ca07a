using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Discovery.Dht;
using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Dht;

namespace ActorTorrent.Engine.Tests.Discovery.Dht;

public sealed class DhtLookupTests
{
    private static readonly DhtOptions Options = new();

    private readonly Random _random = new(4);
    private readonly NodeId _target;
    private readonly DhtLookup _lookup;
    private int _host;

    public DhtLookupTests()
    {
        _target = Id();
        _lookup = new DhtLookup(_target, Id(), AddressFamily.InterNetwork, Options);
    }

    [Fact]
    public void Nothing_to_start_from_is_the_end()
    {
        _lookup.CheckDone();
        Assert.True(_lookup.IsDone);
        Assert.Null(_lookup.TakeNext(TimeSpan.Zero));
    }

    [Fact]
    public void So_many_are_asked_at_once_the_nearest_first()
    {
        foreach (var bits in Enumerable.Range(0, 20))
            _lookup.Start(Contact(bits));
        var asked = TakeAll();
        Assert.Equal(Options.Parallel, asked.Count);
        Assert.Equal([19, 18, 17, 16], asked.Select(node => _target.CommonBits(node.Id!.Value)));
    }

    [Fact]
    public void Beside_one_that_takes_long_another_is_asked()
    {
        foreach (var bits in Enumerable.Range(0, 20))
            _lookup.Start(Contact(bits));
        TakeAll();
        _lookup.Tick(Options.StallTimeout / 2);
        Assert.Null(_lookup.TakeNext(Options.StallTimeout / 2));
        _lookup.Tick(Options.StallTimeout);
        Assert.Equal(Options.Parallel, TakeAll().Count);
    }

    [Fact]
    public void It_ends_when_the_nearest_eight_have_answered()
    {
        foreach (var bits in Enumerable.Range(0, 20))
            _lookup.Start(Contact(bits));
        var answered = 0;
        while (_lookup.TakeNext(TimeSpan.Zero) is { } next)
        {
            _lookup.Answered(next, Answer(next));
            answered++;
        }
        Assert.True(_lookup.IsDone);
        Assert.Equal(DhtLookup.Width, answered);
        Assert.Equal(DhtLookup.Width, _lookup.Nearest().Count());
    }

    [Fact]
    public void An_answer_as_somebody_else_is_a_failure()
    {
        _lookup.Start(Contact(3));
        var node = _lookup.TakeNext(TimeSpan.Zero)!;
        Assert.Empty(_lookup.Answered(node, KrpcMessage.Response(Id()) with { Nodes = [Contact(9)], Peers = [EndPoint()] }));
        Assert.True(_lookup.IsDone);
        Assert.Equal((LookupState.Failed, 1, 0), (node.State, _lookup.Known, _lookup.Peers));
    }

    [Fact]
    public void An_endpoint_without_id_is_asked_first_and_takes_its_place_when_it_answers()
    {
        _lookup.Start(Contact(30));
        var endPoint = EndPoint();
        _lookup.Start(endPoint);
        var first = _lookup.TakeNext(TimeSpan.Zero)!;
        Assert.Equal((endPoint, (NodeId?)null), (first.EndPoint, first.Id));
        var second = _lookup.TakeNext(TimeSpan.Zero)!;
        _lookup.Answered(first, KrpcMessage.Response(_target.WithCommonBits(2, Id())));
        _lookup.Answered(second, Answer(second));
        Assert.Equal([second, first], _lookup.Nearest());
    }

    [Fact]
    public void Who_names_ghosts_is_not_believed_for_long()
    {
        foreach (var bits in Enumerable.Range(0, 8))
            _lookup.Start(Contact(bits));
        var liar = _lookup.TakeNext(TimeSpan.Zero)!;
        var ghosts = Enumerable.Range(0, 16).Select(_ => Contact(60)).ToArray();
        _lookup.Answered(liar, Answer(liar) with { Nodes = ghosts });
        var asked = 0;
        while (_lookup.TakeNext(TimeSpan.Zero) is { } next)
        {
            if (ghosts.Any(ghost => ghost.EndPoint.Equals(next.EndPoint)))
            {
                asked++;
                _lookup.Failed(next);
            }
            else
            {
                _lookup.Answered(next, Answer(next));
            }
        }
        Assert.True(_lookup.IsDone);
        Assert.Equal(DhtLookup.FailuresBeforeDistrust, asked);
        Assert.Equal(7, _lookup.Nearest().Count());
        Assert.DoesNotContain(liar, _lookup.Nearest());
    }

    [Fact]
    public void Answers_without_end_do_not_make_it_grow()
    {
        for (var i = 0; i < 10; i++)
            _lookup.Start(Contact(i));
        var now = TimeSpan.Zero;
        while (!_lookup.IsDone)
        {
            now += TimeSpan.FromSeconds(1);
            while (_lookup.TakeNext(now) is { } next)
            {
                // Each names nodes nearer than itself, for ever, and other peers each time.
                var nearer = Enumerable.Range(0, 32).Select(_ => Contact(Math.Min(150, _target.CommonBits(next.Id!.Value) + 1))).ToArray();
                _lookup.Answered(next, Answer(next) with { Nodes = nearer, Peers = [.. Enumerable.Range(0, 200).Select(_ => EndPoint())] });
            }
            _lookup.Tick(now);
        }
        Assert.InRange(_lookup.Queries, 1, Options.QueriesPerLookup);
        Assert.InRange(_lookup.Known, 1, Options.QueriesPerLookup + DhtLookup.MaxFresh);
        Assert.InRange(_lookup.Peers, 1, DhtLookup.MaxPeers);
    }

    [Fact]
    public void An_address_has_one_place_and_local_ones_none_when_a_public_node_names_them()
    {
        _lookup.Start(Contact(1));
        var node = _lookup.TakeNext(TimeSpan.Zero)!;
        var twice = EndPoint();
        var found = _lookup.Answered(node, Answer(node) with
        {
            Nodes =
            [
                new NodeContact(Id(), twice), new NodeContact(Id(), new IPEndPoint(twice.Address, 9)),
                new NodeContact(Id(), IPEndPoint.Parse("127.0.0.1:80")), new NodeContact(Id(), IPEndPoint.Parse("192.168.1.1:80")),
                new NodeContact(Id(), IPEndPoint.Parse("20.20.20.20:0")), new NodeContact(Id(), IPEndPoint.Parse("230.1.1.1:80")),
            ],
            Peers = [IPEndPoint.Parse("10.0.0.1:22"), IPEndPoint.Parse("127.0.0.1:25"), IPEndPoint.Parse("30.3.3.3:1")],
        });
        Assert.Equal(2, _lookup.Known);
        Assert.Equal([IPEndPoint.Parse("30.3.3.3:1")], found);
    }

    private static KrpcMessage Answer(LookupNode node) => KrpcMessage.Response(node.Id!.Value) with { Token = new byte[] { 1 } };

    private List<LookupNode> TakeAll()
    {
        var all = new List<LookupNode>();
        while (_lookup.TakeNext(TimeSpan.Zero) is { } next)
            all.Add(next);
        return all;
    }

    private NodeId Id()
    {
        Span<byte> bytes = stackalloc byte[NodeId.Length];
        _random.NextBytes(bytes);
        return new NodeId(bytes);
    }

    private NodeContact Contact(int bits) => new(_target.WithCommonBits(bits, Id()), EndPoint());

    private IPEndPoint EndPoint() => new(new IPAddress([20, (byte)(++_host >> 16), (byte)(_host >> 8), (byte)_host]), 6881);
}
