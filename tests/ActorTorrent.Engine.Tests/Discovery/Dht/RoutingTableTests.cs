using System.Net;
using ActorTorrent.Engine.Discovery.Dht;
using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Dht;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Discovery.Dht;

public sealed class RoutingTableTests
{
    private static readonly DhtOptions Options = new();

    private readonly Random _random = new(3);

    [Fact]
    public void Its_invariants_hold_whatever_happens() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed =>
        {
            var random = new Random(seed);
            var options = Options with { RestrictAddresses = random.Next(2) == 0 };
            var table = new RoutingTable(Id(random), options, TimeSpan.Zero);
            var known = new List<NodeContact>();
            var now = TimeSpan.Zero;
            for (var i = 0; i < 600; i++)
            {
                now += TimeSpan.FromSeconds(random.Next(30));
                var contact = known.Count > 0 && random.Next(3) == 0 ? known[random.Next(known.Count)] : Contact(random, table.Own);
                known.Add(contact);
                switch (random.Next(8))
                {
                    case 0:
                        table.Failed(contact.Id, contact.EndPoint);
                        break;
                    case 1:
                        table.Heard(contact, now);
                        break;
                    case 2:
                        table.TakeQuestionable(now);
                        break;
                    default:
                        table.Answered(contact, now);
                        break;
                }
            }
            Check(table, options);
            var target = Id(random);
            var expected = table.Nodes.Where(static node => node.Failures < RoutingTable.BadFailures)
                .Select(static node => node.Id)
                .Order(Comparer<NodeId>.Create((x, y) => NodeId.CompareDistance(target, x, y)))
                .Take(8);
            Assert.Equal(expected, table.Nearest(target, 8).Select(static node => node.Id));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    [Fact]
    public void A_hundred_thousand_nodes_leave_it_small()
    {
        var table = new RoutingTable(Id(_random), Options, TimeSpan.Zero);
        for (var i = 0; i < 100_000; i++)
            table.Answered(new NodeContact(Id(_random), EndPoint(_random)), TimeSpan.Zero);
        Assert.InRange(table.Count, 50, 200);
        Assert.InRange(table.Cached, 0, 200);
        Check(table, Options);
    }

    [Fact]
    public void A_node_that_fails_gives_way_to_one_in_the_cache()
    {
        var table = Full(out var far);
        var waiting = far[8];
        Assert.Equal(RoutingTable.BucketSize, table.NodesOf(0).Count);
        Assert.Contains(waiting, table.CacheOf(0));
        table.Failed(far[2].Id, far[2].EndPoint);
        Assert.NotNull(table.Find(far[2].Id));
        table.Failed(far[2].Id, far[2].EndPoint);
        Assert.Null(table.Find(far[2].Id));
        Assert.NotNull(table.Find(far[^1].Id));
    }

    [Fact]
    public void A_lost_datagram_is_forgiven()
    {
        var table = Full(out var far);
        table.Failed(far[2].Id, far[2].EndPoint);
        Assert.True(table.Answered(far[2], TimeSpan.FromMinutes(1)));
        table.Failed(far[2].Id, far[2].EndPoint);
        Assert.NotNull(table.Find(far[2].Id));
    }

    [Fact]
    public void An_address_counts_once_and_its_network_twice_a_bucket()
    {
        var own = Id(_random);
        var table = new RoutingTable(own, Options, TimeSpan.Zero);
        Assert.True(table.Answered(new NodeContact(Id(_random), new IPEndPoint(IPAddress.Parse("20.1.1.1"), 1)), TimeSpan.Zero));
        Assert.False(table.Answered(new NodeContact(Id(_random), new IPEndPoint(IPAddress.Parse("20.1.1.1"), 2)), TimeSpan.Zero));
        Assert.True(table.Answered(new NodeContact(Id(_random), new IPEndPoint(IPAddress.Parse("20.1.1.2"), 2)), TimeSpan.Zero));
        Assert.False(table.Answered(new NodeContact(Id(_random), new IPEndPoint(IPAddress.Parse("20.1.1.3"), 2)), TimeSpan.Zero));
        Assert.True(table.Answered(new NodeContact(Id(_random), new IPEndPoint(IPAddress.Parse("20.1.2.3"), 2)), TimeSpan.Zero));
    }

    [Fact]
    public void An_id_stays_with_the_endpoint_that_answers_under_it()
    {
        var table = new RoutingTable(Id(_random), Options, TimeSpan.Zero);
        var node = new NodeContact(Id(_random), new IPEndPoint(IPAddress.Parse("20.1.1.1"), 1));
        var thief = node with { EndPoint = new IPEndPoint(IPAddress.Parse("20.9.9.9"), 1) };
        table.Answered(node, TimeSpan.Zero);
        Assert.False(table.Answered(thief, TimeSpan.Zero));
        Assert.Equal(node.EndPoint, table.Find(node.Id)!.EndPoint);
        table.Failed(node.Id, node.EndPoint);
        Assert.True(table.Answered(thief, TimeSpan.Zero));
    }

    [Fact]
    public void Nodes_and_buckets_are_looked_after_when_they_have_been_quiet()
    {
        var table = Full(out var far);
        Assert.Null(table.TakeQuestionable(TimeSpan.FromMinutes(14)));
        Assert.Null(table.TakeRefresh(TimeSpan.FromMinutes(14), _random.NextBytes));
        table.Heard(far[0], TimeSpan.FromMinutes(10));
        var looked = new HashSet<NodeId>();
        while (table.TakeQuestionable(TimeSpan.FromMinutes(16)) is { } node)
            Assert.True(looked.Add(node.Id));
        Assert.DoesNotContain(far[0].Id, looked);
        Assert.Equal(table.Count - 1, looked.Count);
        for (var bucket = 0; bucket < table.Buckets; bucket++)
            Assert.Equal(bucket, table.BucketOf(table.TakeRefresh(TimeSpan.FromMinutes(16), _random.NextBytes)!.Value));
        Assert.Null(table.TakeRefresh(TimeSpan.FromMinutes(16), _random.NextBytes));
    }

    [Fact]
    public void With_secure_ids_enforced_others_stay_out_and_else_they_make_room()
    {
        var address = IPAddress.Parse("20.5.5.5");
        var enforcing = new RoutingTable(Id(_random), Options with { EnforceNodeIds = true }, TimeSpan.Zero);
        Assert.False(enforcing.Answered(new NodeContact(Id(_random), new IPEndPoint(address, 1)), TimeSpan.Zero));
        Assert.True(enforcing.Answered(new NodeContact(SecureNodeId.Create(address, _random.NextBytes), new IPEndPoint(address, 1)), TimeSpan.Zero));

        var table = Full(out _);
        NodeId secure;
        do
            secure = SecureNodeId.Create(address, _random.NextBytes);
        while (table.BucketOf(secure) != 0 && table.Own.CommonBits(secure) != 0);
        Assert.True(table.Answered(new NodeContact(secure, new IPEndPoint(address, 1)), TimeSpan.Zero));
    }

    private static void Check(RoutingTable table, DhtOptions options)
    {
        var all = table.Nodes.ToArray();
        Assert.Equal(all.Length, table.Count);
        Assert.Equal(all.Length, all.Select(static node => node.Id).Distinct().Count());
        Assert.Equal(all.Length, all.Select(static node => node.EndPoint).Distinct().Count());
        Assert.DoesNotContain(all, node => node.Id == table.Own);
        if (options.RestrictAddresses)
            Assert.Equal(all.Length, all.Select(static node => node.EndPoint.Address).Distinct().Count());
        for (var i = 0; i < table.Buckets; i++)
        {
            Assert.InRange(table.NodesOf(i).Count, 0, RoutingTable.BucketSize);
            Assert.InRange(table.CacheOf(i).Count, 0, RoutingTable.BucketSize);
            Assert.All(table.NodesOf(i), node => Assert.Equal(i, table.BucketOf(node.Id)));
            Assert.All(table.CacheOf(i), contact => Assert.Equal(i, table.BucketOf(contact.Id)));
            Assert.All(table.CacheOf(i), contact => Assert.Null(table.Find(contact.Id)));
            if (options.RestrictAddresses)
                Assert.All(table.NodesOf(i).CountBy(static node => DhtAddress.NetworkOf(node.EndPoint.Address)), static network => Assert.InRange(network.Value, 1, RoutingTable.NodesPerNetwork));
        }
    }

    private static NodeContact Contact(Random random, NodeId own)
    {
        var id = random.Next(2) == 0 ? Id(random) : own.WithCommonBits(random.Next(12), Id(random));
        return new NodeContact(id, new IPEndPoint(new IPAddress([20, (byte)random.Next(6), (byte)random.Next(4), (byte)random.Next(20)]), random.Next(1, 4)));
    }

    private static NodeId Id(Random random)
    {
        Span<byte> bytes = stackalloc byte[NodeId.Length];
        random.NextBytes(bytes);
        return new NodeId(bytes);
    }

    private static IPEndPoint EndPoint(Random random) =>
        new(new IPAddress([(byte)random.Next(20, 90), (byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)]), random.Next(1, 65536));

    /// <summary>A table whose first bucket is full, with some waiting; none of them has a secure id.</summary>
    private RoutingTable Full(out List<NodeContact> far)
    {
        var table = new RoutingTable(Id(_random), Options, TimeSpan.Zero);
        far = [];
        for (var i = 0; i < 12; i++)
        {
            var near = new NodeContact(table.Own.WithCommonBits(5, Id(_random)), EndPoint(_random));
            table.Answered(near, TimeSpan.Zero);
        }
        while (far.Count < 12)
        {
            var contact = new NodeContact(table.Own.WithCommonBits(0, Id(_random)), EndPoint(_random));
            if (SecureNodeId.IsValid(contact.Id, contact.EndPoint.Address))
                continue;
            far.Add(contact);
            table.Answered(contact, TimeSpan.Zero);
        }
        return table;
    }
}
