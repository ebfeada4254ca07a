using System.Net;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Wire.Peers;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Coordination;

public sealed class PeerDirectoryTests
{
    private readonly PeerDirectory _directory = new(new PeerDirectoryOptions(), new Random(1));

    [Fact]
    public void An_endpoint_is_known_once_under_its_best_source()
    {
        Assert.True(_directory.Add(At("80.1.2.3:6881"), PeerSource.Pex, allowLocal: false));
        Assert.False(_directory.Add(At("80.1.2.3:6881"), PeerSource.Tracker, allowLocal: false));
        Assert.False(_directory.Add(At("80.1.2.3:6881"), PeerSource.Dht, allowLocal: false));
        Assert.False(_directory.Add(At("[::ffff:80.1.2.3]:6881"), PeerSource.Dht, allowLocal: false));
        Assert.Equal(PeerSource.Tracker, Assert.Single(_directory.Peers).Source);
    }

    [Fact]
    public void An_endpoint_remembers_all_that_named_it()
    {
        Add("80.1.2.3:6881", PeerSource.Pex);
        Add("80.1.2.3:6881", PeerSource.Tracker);
        Add("80.1.2.3:6881", PeerSource.Dht);
        Assert.Equal([PeerSource.Tracker, PeerSource.Dht, PeerSource.Pex], Assert.Single(_directory.Peers).Sources);
    }

    [Fact]
    public void An_endpoint_that_failed_keeps_its_pause_though_it_was_forgotten_meanwhile()
    {
        var directory = new PeerDirectory(new PeerDirectoryOptions { Capacity = 1 }, new Random(1));
        directory.Add(At("80.1.1.1:1"), PeerSource.Pex, allowLocal: false);
        directory.RecordFailure(At("80.1.1.1:1"), TimeSpan.Zero, TimeSpan.FromSeconds(9), "reset");
        Assert.True(directory.Add(At("80.1.1.2:1"), PeerSource.Pex, allowLocal: false));
        directory.RecordFailure(At("80.1.1.2:1"), TimeSpan.Zero, retryAfter: null);

        Assert.True(directory.Add(At("80.1.1.1:1"), PeerSource.Pex, allowLocal: false));
        Assert.Equal((1, "reset"), (directory.Find(At("80.1.1.1:1"))!.Failures, directory.Find(At("80.1.1.1:1"))!.LastFault));
        Assert.Empty(directory.TakeCandidates(9, TimeSpan.FromSeconds(8)));
        Assert.Single(directory.TakeCandidates(9, TimeSpan.FromSeconds(9)));
    }

    [Fact]
    public void Whatever_happens_it_stays_bounded_and_without_doubles() => Prop.ForAll(
        (from kind in Gen.Choose(0, 7)
         from host in Gen.Choose(1, 40)
         from source in Gen.Elements(Enum.GetValues<PeerSource>())
         select (kind, host, source)).ArrayOf().ToArbitrary(),
        steps =>
        {
            const int Capacity = 10;
            var forgotten = new List<IPEndPoint>();
            var directory = new PeerDirectory(new PeerDirectoryOptions { Capacity = Capacity }, new Random(1)) { Forgotten = forgotten.Add };
            var now = TimeSpan.Zero;
            foreach (var (kind, host, source) in steps)
            {
                var at = At($"80.1.1.{host}:6881");
                now += TimeSpan.FromSeconds(1);
                var before = directory.Peers.Select(static peer => peer.EndPoint).ToList();
                forgotten.Clear();
                switch (kind)
                {
                    case 0 or 1 or 2:
                        directory.Add(at, source, allowLocal: false);
                        break;
                    case 3:
                        var due = directory.Peers.Where(peer => peer is { IsDialable: true, IsDialling: false, IsConnected: false } && peer.NextDialAt <= now).ToList();
                        var taken = directory.TakeCandidates(3, now);
                        Assert.Equal(Math.Min(3, due.Count), taken.Count);
                        Assert.All(taken, peer => Assert.Contains(peer, due));
                        break;
                    case 4:
                        directory.RecordFailure(at, now, host % 2 == 0 ? TimeSpan.FromSeconds(host) : null);
                        break;
                    case 5:
                        directory.Disconnected(at, now);
                        break;
                    case 6:
                        directory.LearnListenPort(at, 7000 + host);
                        break;
                    default:
                        directory.Drop(at);
                        break;
                }
                Assert.Equal(before.Except(directory.Peers.Select(static peer => peer.EndPoint)), forgotten);
                Assert.True(directory.NextDue() is not { } next || directory.DueFrom <= next, $"{directory.DueFrom}, yet {directory.NextDue()}");
                // An incoming peer whose port is learnt while both its entries are there is one more for a moment.
                Assert.InRange(directory.Count, 0, Capacity + 1);
                Assert.Equal(directory.Count, directory.Peers.Select(peer => peer.EndPoint).Distinct().Count());
                Assert.All(directory.Peers, peer => Assert.Same(peer, directory.Find(peer.EndPoint)));
                Assert.All(directory.Peers, peer => Assert.Equal(peer.Source, peer.Sources.First()));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Theory]
    [InlineData("80.1.2.3:0")]
    [InlineData("0.0.0.0:6881")]
    [InlineData("0.1.2.3:6881")]
    [InlineData("224.0.0.1:6881")]
    [InlineData("255.255.255.255:6881")]
    [InlineData("250.1.1.1:6881")]
    [InlineData("[::]:6881")]
    [InlineData("[ff02::1]:6881")]
    [InlineData("[::ffff:0.0.0.0]:6881")]
    public void What_is_no_host_is_not_added(string endPoint) =>
        Assert.False(_directory.Add(At(endPoint), PeerSource.Tracker, allowLocal: true));

    [Theory]
    [InlineData("127.0.0.1:6881")]
    [InlineData("127.9.9.9:6881")]
    [InlineData("10.0.0.1:6881")]
    [InlineData("172.16.0.1:6881")]
    [InlineData("172.31.0.1:6881")]
    [InlineData("192.168.1.1:6881")]
    [InlineData("169.254.1.1:6881")]
    [InlineData("100.64.0.1:6881")]
    [InlineData("[::1]:6881")]
    [InlineData("[fe80::1]:6881")]
    [InlineData("[fd00::1]:6881")]
    [InlineData("[::ffff:127.0.0.1]:6881")]
    public void A_local_host_is_added_only_by_local_sources(string endPoint)
    {
        Assert.False(_directory.Add(At(endPoint), PeerSource.Tracker, allowLocal: false));
        Assert.True(_directory.Add(At(endPoint), PeerSource.Tracker, allowLocal: true));
    }

    [Theory]
    [InlineData("172.32.0.1:6881")]
    [InlineData("100.128.0.1:6881")]
    [InlineData("[2001:db8::1]:6881")]
    public void A_public_host_is_added(string endPoint) => Assert.True(_directory.Add(At(endPoint), PeerSource.Tracker, allowLocal: false));

    [Fact]
    public void A_candidate_is_handed_out_once_until_its_outcome_is_known()
    {
        Add("80.1.1.1:1");
        Assert.Single(_directory.TakeCandidates(5, TimeSpan.Zero));
        Assert.Empty(_directory.TakeCandidates(5, TimeSpan.FromDays(1)));
        _directory.Connected(At("80.1.1.1:1"), 4);
        Assert.Empty(_directory.TakeCandidates(5, TimeSpan.FromDays(1)));
        _directory.RecordFailure(At("80.1.1.1:1"), TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(20), "reset");
        var peer = _directory.Find(At("80.1.1.1:1"))!;
        Assert.Equal((1, 1, "reset", false), (peer.Attempts, peer.Failures, peer.LastFault, peer.IsConnected));
        Assert.Equal(TimeSpan.FromSeconds(120), _directory.NextDue());
        Assert.Empty(_directory.TakeCandidates(5, TimeSpan.FromSeconds(119.9)));
        Assert.Same(peer, Assert.Single(_directory.TakeCandidates(5, TimeSpan.FromSeconds(120))));
        _directory.RecordFailure(At("80.1.1.1:1"), TimeSpan.FromSeconds(100), retryAfter: null);
        Assert.Null(_directory.NextDue());
        Assert.Empty(_directory.TakeCandidates(5, TimeSpan.FromDays(1)));
        _directory.RecordSuccess(At("80.1.1.1:1"));
        Assert.Equal(0, peer.Failures);
        Assert.Single(_directory.TakeCandidates(5, TimeSpan.Zero));
    }

    [Fact]
    public void One_that_was_given_up_is_dialled_again_once_it_is_named_anew_after_its_pause()
    {
        var directory = new PeerDirectory(new PeerDirectoryOptions { GivenUpPause = TimeSpan.FromMinutes(10) }, new Random(1));
        bool Name(PeerSource source, double minute) => directory.Add(At("80.1.1.1:1"), source, allowLocal: false, TimeSpan.FromMinutes(minute));
        int Due(double minute) => directory.TakeCandidates(5, TimeSpan.FromMinutes(minute)).Count;
        Name(PeerSource.Tracker, 0);
        Assert.Equal(1, Due(0));
        directory.RecordFailure(At("80.1.1.1:1"), TimeSpan.FromMinutes(1), retryAfter: null);

        // Not too soon, not by itself, and not by its own word alone.
        Name(PeerSource.Tracker, 10.9);
        Assert.Equal(0, Due(1000));
        Name(PeerSource.Incoming, 1001);
        Assert.Equal(0, Due(1001));
        Assert.Null(directory.NextDue());
        Assert.False(Name(PeerSource.Tracker, 1002));
        Assert.Equal(TimeSpan.FromMinutes(1002), directory.NextDue());
        Assert.Equal(1, Due(1002));
        Assert.Equal(1, directory.Find(At("80.1.1.1:1"))!.Failures);

        // It fails again, and the pause begins anew; what worked and ended without fault is not revived by a name.
        directory.RecordFailure(At("80.1.1.1:1"), TimeSpan.FromMinutes(1003), retryAfter: null);
        Name(PeerSource.Tracker, 1012);
        Assert.Equal(0, Due(1012));
        Name(PeerSource.Pex, 1013);
        Assert.Equal(1, Due(1013));
        directory.RecordSuccess(At("80.1.1.1:1"));
        directory.Disconnected(At("80.1.1.1:1"), retryAt: null);
        Name(PeerSource.Tracker, 2000);
        Assert.Equal(0, Due(2000));
    }

    [Fact]
    public void One_that_was_given_up_and_forgotten_is_left_alone_as_long()
    {
        var directory = new PeerDirectory(new PeerDirectoryOptions { Capacity = 1, GivenUpPause = TimeSpan.FromMinutes(10) }, new Random(1));
        directory.Add(At("80.1.1.1:1"), PeerSource.Tracker, allowLocal: false);
        directory.RecordFailure(At("80.1.1.1:1"), TimeSpan.Zero, retryAfter: null);
        Assert.True(directory.Add(At("80.1.1.2:1"), PeerSource.Tracker, allowLocal: false));
        directory.RecordFailure(At("80.1.1.2:1"), TimeSpan.Zero, retryAfter: null);
        Assert.Null(directory.Find(At("80.1.1.1:1")));

        Assert.False(directory.Add(At("80.1.1.1:1"), PeerSource.Tracker, allowLocal: false, TimeSpan.FromMinutes(9)));
        Assert.True(directory.Add(At("80.1.1.1:1"), PeerSource.Tracker, allowLocal: false, TimeSpan.FromMinutes(10)));
        Assert.Single(directory.TakeCandidates(5, TimeSpan.FromMinutes(10)));
    }

    [Fact]
    public void The_best_candidates_come_first()
    {
        Add("80.1.1.1:1", PeerSource.Pex);
        Add("80.1.1.2:1", PeerSource.Tracker);
        Add("80.1.1.3:1", PeerSource.Manual);
        Add("80.1.1.4:1", PeerSource.Manual);
        Add("80.1.1.5:1", PeerSource.Manual);
        _directory.RecordFailure(At("80.1.1.4:1"), TimeSpan.Zero, TimeSpan.Zero);
        _directory.AddTrust(At("80.1.1.5:1"), -2);
        _directory.AddTrust(At("80.1.1.2:1"), 1);
        Assert.Equal(
            [At("80.1.1.2:1"), At("80.1.1.3:1"), At("80.1.1.1:1"), At("80.1.1.4:1"), At("80.1.1.5:1")],
            _directory.TakeCandidates(9, TimeSpan.Zero).Select(peer => peer.EndPoint));
    }

    [Fact]
    public void The_order_is_the_same_for_the_same_seed_and_not_that_of_the_tracker()
    {
        var other = new PeerDirectory(new PeerDirectoryOptions(), new Random(1));
        for (var i = 1; i <= 50; i++)
        {
            Add($"80.1.1.{i}:1");
            other.Add(At($"80.1.1.{i}:1"), PeerSource.Tracker, allowLocal: false);
        }
        var order = _directory.TakeCandidates(50, TimeSpan.Zero).Select(peer => peer.EndPoint).ToArray();
        Assert.Equal(order, other.TakeCandidates(50, TimeSpan.Zero).Select(peer => peer.EndPoint));
        Assert.NotEqual(order, _directory.Peers.Select(peer => peer.EndPoint));
    }

    [Fact]
    public void A_ban_covers_the_whole_host()
    {
        Add("80.1.1.1:1");
        Add("80.1.1.1:2");
        Add("80.1.1.2:1");
        _directory.Ban(At("80.1.1.1:1"), "sent bad data");
        Assert.True(_directory.IsBanned(At("80.1.1.1:2")));
        Assert.True(_directory.IsBanned(At("[::ffff:80.1.1.1]:3")));
        Assert.Equal("sent bad data", _directory.BanReason(At("80.1.1.1:9")));
        Assert.False(Add("80.1.1.1:3"));
        Assert.Equal("80.1.1.2:1", Assert.Single(_directory.TakeCandidates(9, TimeSpan.Zero)).ToString());
    }

    [Theory]
    [InlineData("127.0.0.1:1", "127.0.0.1:2", false)]
    [InlineData("[::1]:1", "[::1]:2", false)]
    [InlineData("127.0.0.2:1", "127.0.0.2:2", true)]
    [InlineData("127.0.0.2:1", "127.0.0.3:1", false)]
    [InlineData("192.168.1.1:1", "192.168.1.1:2", true)]
    public void On_the_shared_loopback_address_a_ban_covers_the_endpoint_alone(string banned, string other, bool isBanned)
    {
        _directory.Ban(At(banned), "sent bad data");
        Assert.True(_directory.IsBanned(At(banned)));
        Assert.Equal(isBanned, _directory.IsBanned(At(other)));
    }

    [Fact]
    public void Bans_are_bounded_and_the_oldest_goes_first()
    {
        var directory = new PeerDirectory(new PeerDirectoryOptions { BanCapacity = 2 }, new Random(1));
        directory.Ban(At("127.0.0.1:1"), "a");
        directory.Ban(At("80.1.1.1:1"), "b");
        directory.Ban(At("80.1.1.1:1"), "c");
        directory.Ban(At("80.1.1.2:1"), "d");
        Assert.Equal(2, directory.Bans);
        Assert.False(directory.IsBanned(At("127.0.0.1:1")));
        Assert.Equal("b", directory.BanReason(At("80.1.1.1:1")));
        Assert.Equal("d", directory.BanReason(At("80.1.1.2:1")));
    }

    [Fact]
    public void Our_own_endpoint_is_forgotten_for_good()
    {
        Add("80.1.1.1:1");
        _directory.Self(At("80.1.1.1:1"));
        Assert.Equal(0, _directory.Count);
        Assert.False(Add("80.1.1.1:1"));
        Assert.True(Add("80.1.1.1:2"));
    }

    [Fact]
    public void Trust_has_a_ceiling_and_its_loss_means_parole()
    {
        Add("80.1.1.1:1");
        for (var i = 0; i < 100; i++)
            _directory.AddTrust(At("80.1.1.1:1"), 1);
        Assert.Equal(6, _directory.AddTrust(At("80.1.1.1:1"), -2));
        Assert.False(_directory.IsOnParole(At("80.1.1.1:1")));
        for (var i = 0; i < 7; i++)
            _directory.AddTrust(At("80.1.1.1:1"), -2);
        Assert.True(_directory.IsOnParole(At("80.1.1.1:1")));
        Assert.Equal(0, _directory.AddTrust(At("80.1.1.2:1"), -2));
    }

    [Fact]
    public void An_incoming_peer_is_dialled_only_once_its_listen_port_is_known()
    {
        var id = new PeerId("-TR4040-abcdefghijkl"u8);
        _directory.Add(At("80.1.1.1:50000"), PeerSource.Incoming, allowLocal: false);
        _directory.Connected(At("80.1.1.1:50000"), 7);
        _directory.Identified(At("80.1.1.1:50000"), id);
        _directory.LearnListenPort(At("80.1.1.1:50000"), 6881);
        var peer = _directory.Find(At("80.1.1.1:6881"))!;
        Assert.Same(peer, _directory.Find(At("80.1.1.1:50000")));
        Assert.Equal((7, id, true, 1), (peer.Number, peer.Id, peer.IsDialable, _directory.Count));
        Assert.False(Add("80.1.1.1:6881"));
        Assert.Empty(_directory.TakeCandidates(9, TimeSpan.Zero));
        _directory.Disconnected(At("80.1.1.1:50000"), TimeSpan.FromSeconds(5));
        Assert.Null(_directory.Find(At("80.1.1.1:50000")));
        Assert.Same(peer, Assert.Single(_directory.TakeCandidates(9, TimeSpan.FromSeconds(5))));
    }

    [Fact]
    public void An_incoming_peer_of_unknown_port_is_not_dialled()
    {
        _directory.Add(At("80.1.1.1:50000"), PeerSource.Incoming, allowLocal: false);
        Assert.Empty(_directory.TakeCandidates(9, TimeSpan.Zero));
        Assert.Null(_directory.NextDue());
        Add("80.1.1.1:50000");
        Assert.Single(_directory.TakeCandidates(9, TimeSpan.Zero));
    }

    [Fact]
    public void When_full_the_least_useful_endpoint_makes_room()
    {
        var directory = new PeerDirectory(new PeerDirectoryOptions { Capacity = 4 }, new Random(1));
        foreach (var endPoint in new[] { "80.1.1.1:1", "80.1.1.2:1", "80.1.1.3:1", "80.1.1.4:1" })
            directory.Add(At(endPoint), PeerSource.Dht, allowLocal: false);
        directory.Connected(At("80.1.1.1:1"), 1);
        directory.RecordFailure(At("80.1.1.1:1"), TimeSpan.Zero, retryAfter: null);
        directory.Connected(At("80.1.1.1:1"), 1);
        directory.RecordFailure(At("80.1.1.2:1"), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        directory.RecordFailure(At("80.1.1.3:1"), TimeSpan.Zero, retryAfter: null);

        // The dead one, then the one that failed, then those of a worse source; a connected one never.
        Assert.True(directory.Add(At("80.1.1.5:1"), PeerSource.Dht, allowLocal: false));
        Assert.Null(directory.Find(At("80.1.1.3:1")));
        Assert.True(directory.Add(At("80.1.1.6:1"), PeerSource.Dht, allowLocal: false));
        Assert.Null(directory.Find(At("80.1.1.2:1")));
        Assert.False(directory.Add(At("80.1.1.7:1"), PeerSource.Dht, allowLocal: false));
        Assert.False(directory.Add(At("80.1.1.7:1"), PeerSource.Pex, allowLocal: false));
        for (var i = 0; i < 3; i++)
            Assert.True(directory.Add(At($"80.1.2.{i}:1"), PeerSource.Tracker, allowLocal: false));
        Assert.False(directory.Add(At("80.1.2.9:1"), PeerSource.Tracker, allowLocal: false));
        Assert.NotNull(directory.Find(At("80.1.1.1:1")));
        Assert.Equal(4, directory.Count);
    }

    private static IPEndPoint At(string endPoint) => IPEndPoint.Parse(endPoint);

    private bool Add(string endPoint, PeerSource source = PeerSource.Tracker) => _directory.Add(At(endPoint), source, allowLocal: false);
}
