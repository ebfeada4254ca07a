using System.Net;
using ActorTorrent.Lab.Trackers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Lab.Tests.Trackers;

public sealed class SwarmRegistryTests
{
    private static readonly InfoHash Hash = InfoHash.Parse("000102030405060708090a0b0c0d0e0f10111213");
    private static readonly InfoHash OtherHash = InfoHash.Parse("ff0102030405060708090a0b0c0d0e0f10111213");
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(30);

    private readonly ManualTime _time = new();
    private readonly SwarmRegistry _registry;

    public SwarmRegistryTests() => _registry = new SwarmRegistry(Interval, 1, _time);

    [Fact]
    public void Peers_find_each_other_but_not_themselves()
    {
        Assert.Empty(Announce(1).Peers);
        Assert.Equal([Peer(1)], Announce(2).Peers);
        Assert.Equal([Peer(2)], Announce(1).Peers);
        Assert.Equal(new SwarmCounts(0, 2, 0), _registry.Scrape(Hash));
    }

    [Fact]
    public void An_asker_that_changed_its_address_is_not_told_of_its_old_one()
    {
        Announce(1);
        var moved = Peer(1) with { EndPoint = new IPEndPoint(IPAddress.Parse("10.9.9.9"), 1) };
        Assert.Empty(_registry.Announce(Hash, moved, AnnounceEvent.None, 50).Peers);
    }

    [Fact]
    public void Torrents_and_peers_beyond_the_limits_are_not_remembered()
    {
        var small = new SwarmRegistry(Interval, 1, _time, maxTorrents: 2, maxPeers: 3);
        for (var i = 1; i <= 10; i++)
            small.Announce(Hash, Peer(i), AnnounceEvent.Started, 50);
        Assert.Equal(new SwarmCounts(0, 3, 0), small.Scrape(Hash));
        Assert.Equal(3, small.Announce(Hash, Peer(11), AnnounceEvent.Started, 50).Peers.Count);

        for (var i = 1; i <= 1000; i++)
            small.Announce(InfoHash.Parse($"{i:x40}"), Peer(1), AnnounceEvent.Started, 50);
        Assert.Equal(2, small.InfoHashes.Count);

        // Those that are silent for long make room, asked for or not.
        _time.Advance(Interval * 3);
        small.Announce(OtherHash, Peer(1), AnnounceEvent.Started, 50);
        Assert.Equal([OtherHash], small.InfoHashes);
    }

    [Fact]
    public void Swarms_do_not_mix()
    {
        Announce(1);
        Assert.Empty(_registry.Announce(OtherHash, Peer(2), AnnounceEvent.Started, 50).Peers);
        Assert.Equal(new SwarmCounts(0, 1, 0), _registry.Scrape(OtherHash));
        Assert.Null(_registry.Scrape(InfoHash.Parse(new string('a', 40))));
    }

    [Fact]
    public void Who_stops_is_gone_and_is_told_nobody()
    {
        Announce(1);
        Announce(2);
        Assert.Empty(Announce(1, AnnounceEvent.Stopped).Peers);
        Assert.Empty(Announce(2).Peers);
        Announce(2, AnnounceEvent.Stopped);
        Assert.Null(_registry.Scrape(Hash));
    }

    [Fact]
    public void Silence_for_two_intervals_is_the_end()
    {
        Announce(1);
        _time.Advance(Interval);
        Announce(2);
        _time.Advance(Interval - TimeSpan.FromTicks(1));
        Assert.Equal([Peer(1)], Announce(2).Peers);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Empty(Announce(2).Peers);
        _time.Advance(2 * Interval);
        Assert.Null(_registry.Scrape(Hash));
    }

    [Fact]
    public void A_peer_without_a_port_is_told_of_others_but_not_named_to_them()
    {
        Announce(1);
        var deaf = Peer(2) with { EndPoint = new IPEndPoint(IPAddress.Parse("10.9.9.9"), 0) };
        Assert.Equal([Peer(1)], _registry.Announce(Hash, deaf, AnnounceEvent.Started, 50).Peers);
        Assert.Empty(Announce(1).Peers);
    }

    [Fact]
    public void Renewal_keeps_a_peer()
    {
        Announce(1);
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(Interval);
            Announce(1);
        }
        Assert.Equal(new SwarmCounts(0, 1, 0), _registry.Scrape(Hash));
    }

    [Fact]
    public void Seeders_leechers_and_completions_are_counted()
    {
        Announce(1, AnnounceEvent.Started, isSeed: true);
        Announce(2);
        Announce(3);
        Assert.Equal(new SwarmCounts(1, 2, 0), _registry.Scrape(Hash));

        Announce(2, AnnounceEvent.Completed, isSeed: true);
        Announce(2, AnnounceEvent.Completed, isSeed: true);
        Assert.Equal(new SwarmCounts(2, 1, 1), _registry.Scrape(Hash));

        Announce(1, AnnounceEvent.Stopped, isSeed: true);
        Announce(2, AnnounceEvent.Stopped, isSeed: true);
        Announce(3, AnnounceEvent.Stopped);
        Assert.Equal(new SwarmCounts(0, 0, 1), _registry.Scrape(Hash));
    }

    [Fact]
    public void A_peer_that_comes_back_under_another_id_is_one_peer()
    {
        Announce(1);
        _registry.Announce(Hash, Peer(1) with { PeerId = Peer(9).PeerId }, AnnounceEvent.Started, 50);
        Assert.Equal(1, _registry.Scrape(Hash)!.Leechers);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(98, 98)]
    [InlineData(99, 99)]
    [InlineData(1000, 99)]
    public void As_many_as_wanted_are_named_none_twice(int wanted, int expected)
    {
        for (var i = 1; i <= 100; i++)
            Announce(i);
        for (var i = 1; i <= 100; i++)
        {
            var peers = _registry.Announce(Hash, Peer(i), AnnounceEvent.None, wanted).Peers;
            Assert.Equal(expected, peers.Count);
            Assert.Equal(expected, peers.Distinct().Count());
            Assert.DoesNotContain(Peer(i), peers);
        }
    }

    [Fact]
    public void The_choice_is_fair()
    {
        const int Peers = 50;
        const int Rounds = 10_000;
        for (var i = 1; i <= Peers; i++)
            Announce(i);
        var chosen = new Dictionary<IPEndPoint, int>();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var peer in Announce(1, numWant: 5).Peers)
                chosen[peer.EndPoint] = chosen.GetValueOrDefault(peer.EndPoint) + 1;
        }
        var fair = Rounds * 5.0 / (Peers - 1);
        Assert.Equal(Peers - 1, chosen.Count);
        Assert.All(chosen.Values, count => Assert.InRange(count, fair * 0.85, fair * 1.15));
    }

    [Fact]
    public void The_book_is_right_after_many_comings_and_goings()
    {
        var random = new Random(4);
        var expected = new Dictionary<int, bool>();
        for (var step = 0; step < 5_000; step++)
        {
            var number = random.Next(1, 60);
            var isSeed = random.Next(2) == 0;
            if (random.Next(3) == 0)
            {
                Announce(number, AnnounceEvent.Stopped);
                expected.Remove(number);
            }
            else
            {
                Announce(number, AnnounceEvent.None, isSeed);
                expected[number] = isSeed;
            }
            var counts = _registry.Scrape(Hash);
            Assert.Equal(expected.Count(pair => pair.Value), counts?.Seeders ?? 0);
            Assert.Equal(expected.Count(pair => !pair.Value), counts?.Leechers ?? 0);
        }
        var all = _registry.Announce(Hash, Peer(100), AnnounceEvent.None, 1000).Peers;
        Assert.Equal(expected.Select(pair => Peer(pair.Key, pair.Value)).ToHashSet(), all.ToHashSet());
    }

    [Fact]
    public void A_pinned_peer_stays_until_it_is_removed()
    {
        _registry.Pin(Hash, Peer(1, true));
        _time.Advance(TimeSpan.FromDays(400));
        Assert.Equal([Peer(1, true)], Announce(2).Peers);
        _registry.Remove(Hash, Peer(1).EndPoint);
        Assert.Empty(Announce(2).Peers);
    }

    [Fact]
    public async Task It_can_be_used_from_many_threads()
    {
        await Parallel.ForAsync(1, 2_001, (number, _) =>
        {
            Announce(number);
            return ValueTask.CompletedTask;
        });
        Assert.Equal(2_000, _registry.Scrape(Hash)!.Leechers);
    }

    private static SwarmPeer Peer(int number, bool isSeed = false)
    {
        Span<byte> id = stackalloc byte[PeerId.Length];
        id[0] = (byte)number;
        id[1] = (byte)(number >> 8);
        return new SwarmPeer(new IPEndPoint(new IPAddress([10, 0, id[1], id[0]]), 6881), new PeerId(id), isSeed);
    }

    private SwarmSample Announce(int number, AnnounceEvent announceEvent = AnnounceEvent.None, bool isSeed = false, int numWant = 50) =>
        _registry.Announce(Hash, Peer(number, isSeed), announceEvent, numWant);

    private sealed class ManualTime : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public void Advance(TimeSpan by) => _now += by;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
