using ActorTorrent.Engine.Trackers;

namespace ActorTorrent.Engine.Tests.Trackers;

public sealed class TrackerTiersTests
{
    private static readonly Uri A = new("http://a.example/announce");
    private static readonly Uri B = new("http://b.example/announce");
    private static readonly Uri C = new("https://c.example/announce");
    private static readonly Uri D = new("http://d.example/announce");

    [Fact]
    public void Tiers_keep_their_order_and_are_shuffled_within()
    {
        var orders = new HashSet<string>(StringComparer.Ordinal);
        for (var seed = 0; seed < 100; seed++)
        {
            var order = new TrackerTiers([[A, B, C], [D]], new Random(seed)).InOrder.ToArray();
            Assert.Equal(D, order[3]);
            Assert.Equal(4, order.Distinct().Count());
            orders.Add(string.Join(' ', order.Select(tracker => tracker.Host)));
        }
        Assert.Equal(6, orders.Count);
    }

    [Fact]
    public void The_same_seed_gives_the_same_order() =>
        Assert.Equal(
            new TrackerTiers([[A, B, C, D]], new Random(7)).InOrder,
            new TrackerTiers([[A, B, C, D]], new Random(7)).InOrder);

    [Fact]
    public void The_order_does_not_change_from_one_look_to_the_next()
    {
        var tiers = new TrackerTiers([[A, B], [C, D]], new Random(1));
        Assert.Equal(tiers.InOrder.ToArray(), tiers.InOrder.ToArray());
    }

    [Fact]
    public void One_that_answered_goes_to_the_head_of_its_own_tier()
    {
        var tiers = new TrackerTiers([[A, B, C], [D]], new Random(3));
        var before = tiers.InOrder.ToArray();

        tiers.Promote(before[2]);
        Assert.Equal([before[2], before[0], before[1], D], tiers.InOrder);

        tiers.Promote(D);
        Assert.Equal([before[2], before[0], before[1], D], tiers.InOrder);
    }

    [Fact]
    public void A_tracker_named_twice_counts_where_it_comes_first() =>
        Assert.Equal([A, B], new TrackerTiers([[A], [B, A]], new Random(0)).InOrder);

    [Fact]
    public void Other_schemes_are_left_out_and_named()
    {
        var udp = new Uri("udp://u.example:6969/announce");
        var web = new Uri("wss://w.example:6969/announce");
        var relative = new Uri("announce", UriKind.Relative);
        var tiers = new TrackerTiers([[udp], [web], [A, relative]], new Random(0));
        Assert.Equal([udp, A], tiers.InOrder);
        Assert.Equal([web, relative], tiers.Skipped);
    }
}
