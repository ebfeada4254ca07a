using ActorTorrent.Engine.Coordination;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Coordination;

public sealed class ChokerTests
{
    private static readonly TimeSpan LongAgo = TimeSpan.FromHours(-1);

    private readonly List<int> _unchoked = [];

    [Fact]
    public void Those_who_give_most_are_unchoked_and_one_at_random()
    {
        var choker = ChokerOf(slots: 4);
        var peers = Enumerable.Range(0, 20).Select(number => Peer(number, down: number * 100)).ToArray();
        choker.Decide(TimeSpan.Zero, peers, seeding: false, _unchoked);
        Assert.Equal(4, _unchoked.Count);
        Assert.Equal([19, 18, 17], _unchoked.Take(3));
        Assert.True(choker.IsOptimistic(_unchoked[3]));
        Assert.False(choker.IsOptimistic(19));
    }

    [Fact]
    public void A_seed_unchokes_those_who_take_fastest()
    {
        var choker = ChokerOf(slots: 3);
        var peers = Enumerable.Range(0, 10).Select(number => Peer(number, down: 1000 - number, up: number * 100)).ToArray();
        choker.Decide(TimeSpan.Zero, peers, seeding: true, _unchoked);
        Assert.Equal([9, 8], _unchoked.Take(2));
    }

    [Fact]
    public void Who_is_not_interested_takes_no_slot()
    {
        var choker = ChokerOf(slots: 4);
        choker.Decide(TimeSpan.Zero, [Peer(1, down: 1_000_000) with { IsInterested = false }, Peer(2)], seeding: false, _unchoked);
        Assert.Equal([2], _unchoked);
    }

    [Fact]
    public void A_snubbed_peer_loses_what_it_earned()
    {
        var choker = ChokerOf(slots: 2);
        var peers = new[] { Peer(1, down: 9000) with { IsSnubbed = true, IsUnchoked = true }, Peer(2, down: 10), Peer(3, down: 5) };
        choker.Decide(TimeSpan.Zero, peers, seeding: false, _unchoked);
        Assert.Equal(2, _unchoked[0]);
    }

    [Fact]
    public void Of_two_alike_the_one_that_is_unchoked_stays()
    {
        var choker = ChokerOf(slots: 2);
        choker.Decide(TimeSpan.Zero, [Peer(1, down: 50), Peer(2, down: 50) with { IsUnchoked = true }], seeding: false, _unchoked);
        Assert.Equal(2, _unchoked[0]);
    }

    [Fact]
    public void The_optimistic_slot_changes_hands_every_thirty_seconds_and_reaches_everyone()
    {
        var choker = ChokerOf(slots: 2);
        var peers = Enumerable.Range(0, 6).Select(number => Peer(number, down: number == 0 ? 1000 : 0)).ToArray();
        var turns = new List<int>();
        for (var round = 0; round < 300; round++)
        {
            choker.Decide(TimeSpan.FromSeconds(10 * round), peers, seeding: false, _unchoked);
            Assert.Equal(0, _unchoked[0]);
            turns.Add(Assert.Single(_unchoked.Skip(1)));
        }
        for (var turn = 0; turn < 300; turn += 3)
        {
            Assert.Single(turns.Skip(turn).Take(3).Distinct());
            if (turn > 0)
                Assert.NotEqual(turns[turn - 1], turns[turn]);
        }
        Assert.Equal([1, 2, 3, 4, 5], turns.Distinct().Order());
    }

    [Fact]
    public void A_new_peer_is_three_times_as_likely()
    {
        var choker = ChokerOf(slots: 1, seed: 11);
        var count = 0;
        for (var turn = 0; turn < 4000; turn++)
        {
            var now = TimeSpan.FromSeconds(30 * turn);
            // A new one each time, against three old ones: half of the lots are its own.
            var peers = new[] { Peer(1), Peer(2), Peer(3), Peer(100 + turn) with { ConnectedAt = now } };
            choker.Decide(now, peers, seeding: false, _unchoked);
            if (_unchoked[0] >= 100)
                count++;
        }
        // Sometimes an old one's turn just ended and it does not take part: a little more than half.
        Assert.InRange(count, 1950, 2450);
    }

    [Fact]
    public void Slots_that_nobody_earned_go_round()
    {
        var choker = ChokerOf(slots: 4);
        var peers = Enumerable.Range(0, 12).Select(number => Peer(number)).ToArray();
        choker.Decide(TimeSpan.Zero, peers, seeding: false, _unchoked);
        var first = _unchoked.Order().ToArray();
        Assert.Equal(4, first.Length);
        choker.Decide(TimeSpan.FromSeconds(10), peers, seeding: false, _unchoked);
        Assert.Equal(first, _unchoked.Order());
        choker.Decide(TimeSpan.FromSeconds(30), peers, seeding: false, _unchoked);
        Assert.Empty(first.Intersect(_unchoked));
    }

    [Fact]
    public void With_room_for_all_nobody_is_choked()
    {
        var choker = ChokerOf(slots: 8);
        for (var round = 0; round < 20; round++)
        {
            choker.Decide(TimeSpan.FromSeconds(10 * round), [Peer(1, down: 5), Peer(2), Peer(3) with { IsSnubbed = true }], seeding: false, _unchoked);
            Assert.Equal([1, 2, 3], _unchoked.Order());
        }
    }

    [Fact]
    public void Without_slots_everyone_is_choked()
    {
        ChokerOf(slots: 0).Decide(TimeSpan.Zero, [Peer(1, down: 5), Peer(2)], seeding: false, _unchoked);
        Assert.Empty(_unchoked);
    }

    [Fact]
    public void A_free_slot_does_not_wait_for_the_next_round()
    {
        var choker = ChokerOf(slots: 3);
        choker.Fill(TimeSpan.Zero, [Peer(1)], seeding: false, _unchoked);
        Assert.Equal([1], _unchoked);
        choker.Fill(TimeSpan.FromSeconds(1), [Peer(1) with { IsUnchoked = true }, Peer(2), Peer(3, down: 5), Peer(4)], seeding: false, _unchoked);
        Assert.Equal([1, 3], _unchoked.Take(2));
        Assert.Equal(3, _unchoked.Count);
    }

    [Fact]
    public void Between_rounds_nobody_who_is_interested_loses_his_slot()
    {
        var choker = ChokerOf(slots: 2);
        choker.Decide(TimeSpan.Zero, [Peer(1, down: 1), Peer(2)], seeding: false, _unchoked);
        var peers = new[] { Peer(1, down: 1) with { IsUnchoked = true }, Peer(2) with { IsUnchoked = true }, Peer(3, down: 1000) };
        choker.Fill(TimeSpan.FromSeconds(1), peers, seeding: false, _unchoked);
        Assert.Equal([1, 2], _unchoked.Order());

        // One loses interest, the other leaves.
        choker.Fill(TimeSpan.FromSeconds(2), [peers[0] with { IsInterested = false }, peers[1], peers[2]], seeding: false, _unchoked);
        Assert.Equal([2, 3], _unchoked.Order());
        choker.Fill(TimeSpan.FromSeconds(3), [peers[2] with { IsUnchoked = true }, Peer(4)], seeding: false, _unchoked);
        Assert.Equal([3, 4], _unchoked.Order());
        Assert.False(choker.IsOptimistic(2));
        Assert.True(choker.IsOptimistic(4));
    }

    [Fact]
    public void A_seed_that_goes_round_serves_everyone_alike_and_in_order()
    {
        var choker = new Choker(new ChokerOptions { Slots = 3, SeedChoking = SeedChoking.RoundRobin }, new Random(1));
        var turns = new int[10];
        var unchoked = new HashSet<int>();
        for (var round = 0; round < 300; round++)
        {
            var peers = Enumerable.Range(0, 10).Select(number => Peer(number, up: number * 1000) with { IsUnchoked = unchoked.Contains(number) }).ToArray();
            choker.Decide(TimeSpan.FromSeconds(10 * round), peers, seeding: true, _unchoked);
            if (round < 9)
                Assert.Equal(Enumerable.Range(round / 3 * 3, 3), _unchoked.Order());
            unchoked = [.. _unchoked];
            foreach (var number in _unchoked)
                turns[number]++;
        }
        Assert.All(turns, count => Assert.InRange(count, 87, 93));
    }

    [Theory]
    [InlineData(8, 8, 0, 7)]
    [InlineData(8, 7, 0, 8)]
    [InlineData(8, 8, 10 << 20, 9)]
    [InlineData(8, 7, 10 << 20, 8)]
    [InlineData(64, 64, 1 << 30, 64)]
    [InlineData(4, 4, 0, 4)]
    [InlineData(100, 3, 0, 64)]
    public void Slots_follow_the_upload_rate_a_step_a_round(int slots, int used, double rate, int next)
        => Assert.Equal(next, UploadSlots.Next(slots, used, rate, min: 4, max: 64));

    [Fact]
    public void Fewer_slots_choke_those_who_earned_least()
    {
        var choker = ChokerOf(slots: 5);
        var peers = Enumerable.Range(0, 10).Select(number => Peer(number, down: 100 + number)).ToArray();
        choker.Decide(TimeSpan.Zero, peers, seeding: false, _unchoked);
        choker.Slots = 3;
        choker.Decide(TimeSpan.FromSeconds(10), peers, seeding: false, _unchoked);
        Assert.Equal(3, _unchoked.Count);
        Assert.Equal([9, 8], _unchoked.Take(2));
    }

    [Fact]
    public void A_free_rider_gets_less_than_half_of_what_a_contributor_gets()
    {
        // 16 contributors of rising rate and 4 free riders want 6 slots: whoever is unchoked gets the same share of a round.
        var choker = ChokerOf(slots: 6, seed: 5);
        var rounds = new int[20];
        for (var round = 0; round < 720; round++)
        {
            var peers = Enumerable.Range(0, 20)
                .Select(number => Peer(number, down: number < 4 ? 0 : 1000 + ((number * 7919 * (round / 6)) % 500)))
                .ToArray();
            choker.Decide(TimeSpan.FromSeconds(10 * round), peers, seeding: false, _unchoked);
            foreach (var number in _unchoked)
                rounds[number]++;
        }
        var median = rounds.Skip(4).Order().ElementAt(8);
        Assert.All(rounds.Take(4), free => Assert.True(free <= median / 2, $"{free} rounds for a free rider, {median} for a contributor"));
    }

    [Fact]
    public void Whatever_comes_the_slots_are_filled_by_interested_peers_and_no_more()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<DoNotSize<int>[]>(), ArbMap.Default.ArbFor<NonNegativeInt>(), (numbers, slots) =>
        {
            var choker = ChokerOf(slots.Item);
            var unchoked = new List<int>();
            var now = TimeSpan.Zero;
            foreach (var random in numbers.Select(entry => new Random(entry.Item)))
            {
                now += TimeSpan.FromSeconds(random.Next(40));
                var peers = Enumerable.Range(0, random.Next(20)).Where(_ => random.Next(3) != 0).Select(number => new ChokerPeer(
                    number,
                    random.Next(2) == 0,
                    random.Next(3) * 100,
                    random.Next(3) * 100,
                    random.Next(4) == 0,
                    random.Next(2) == 0,
                    TimeSpan.Zero)).ToArray();
                var seeding = random.Next(3) == 0;
                choker.Decide(now, peers, seeding, unchoked);
                var interested = peers.Where(peer => peer.IsInterested).ToArray();
                Assert.Equal(Math.Min(slots.Item, interested.Length), unchoked.Count);
                Assert.Equal(unchoked.Count, unchoked.Distinct().Count());
                Assert.Empty(unchoked.Except(interested.Select(peer => peer.Number)));
                if (seeding || slots.Item == 0)
                    continue;

                // Tit for tat: nobody who gave more than an earner of a slot goes without.
                var earners = interested.Where(peer => !peer.IsSnubbed && peer.DownloadRate > 0).OrderByDescending(peer => peer.DownloadRate);
                foreach (var (rank, earner) in earners.Index())
                {
                    var better = interested.Count(peer => !peer.IsSnubbed && peer.DownloadRate >= earner.DownloadRate);
                    if (better <= slots.Item - 1)
                        Assert.True(unchoked.Contains(earner.Number), $"{earner} is number {rank} and choked");
                }
            }
        }).Check(Config.QuickThrowOnFailure);
    }

    private static Choker ChokerOf(int slots, int seed = 3) => new(new ChokerOptions { Slots = slots }, new Random(seed));

    private static ChokerPeer Peer(int number, long down = 0, long up = 0) => new(number, true, down, up, false, false, LongAgo);
}
