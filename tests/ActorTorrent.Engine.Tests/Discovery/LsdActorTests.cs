using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Datagrams;
using ActorTorrent.Engine.Discovery;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Tests.Datagrams;
using ActorTorrent.Wire.Discovery;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Configs;
using Akka.TestKit.Xunit2;

namespace ActorTorrent.Engine.Tests.Discovery;

public sealed class LsdActorTests : TestKit
{
    private static readonly InfoHash Hash = InfoHash.Parse("000102030405060708090a0b0c0d0e0f10111213");
    private static readonly InfoHash Other = InfoHash.Parse("ffffffffffffffffffffffffffffffffffffffff");
    private static readonly IPEndPoint Neighbour = IPEndPoint.Parse("192.168.1.7:6771");
    private static readonly LsdOptions Options = new() { MaxMessagesPerMinute = 30, MaxAddresses = 256 };

    private readonly Dictionary<AddressFamily, ScriptedDatagramSocket> _sockets = [];
    private readonly IActorRef _lsd;
    private int _port = 6881;
    private int _opened;

    public LsdActorTests()
        : base(TestConfigs.TestSchedulerConfig) => _lsd = Sys.ActorOf(LsdActor.Props(Options, () => _port, (family, owner) =>
        {
            _opened++;
            return _sockets[family] = new ScriptedDatagramSocket(family, owner);
        }));

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    private ScriptedDatagramSocket V4 => _sockets[AddressFamily.InterNetwork];

    private ScriptedDatagramSocket V6 => _sockets[AddressFamily.InterNetworkV6];

    [Fact]
    public async Task A_torrent_is_announced_over_both_families_at_once_and_every_five_minutes()
    {
        await FollowAsync(Hash);
        Scheduler.Advance(Options.Gather);
        Assert.Equal((6881, Hash), await SentAsync(V4));
        Assert.Equal((6881, Hash), await SentAsync(V6));
        await CountsAsync();
        Scheduler.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        await CountsAsync();
        V4.AssertSilent();
        Scheduler.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((6881, Hash), await SentAsync(V4));
    }

    [Fact]
    public async Task Torrents_that_start_together_share_a_message_and_the_next_waits_a_minute()
    {
        for (var i = 0; i < 25; i++)
            _lsd.Tell(new DiscoveryProtocol.Follow(InfoHash.Parse($"{i:x40}")), TestActor);
        await CountsAsync();
        Scheduler.Advance(Options.Gather);
        Assert.Equal(20, Message((await V4.SentAsync()).Datagram).InfoHashes.Count);
        await CountsAsync();
        Scheduler.Advance(TimeSpan.FromSeconds(59));
        await CountsAsync();
        V4.AssertSilent();
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(5, Message((await V4.SentAsync()).Datagram).InfoHashes.Count);
    }

    [Fact]
    public async Task A_neighbour_with_a_torrent_of_ours_is_a_peer_found()
    {
        await FollowAsync(Hash);
        Receive(new LsdMessage(51413, [Other, Hash], "theirs"), Neighbour);
        var found = await ExpectMsgAsync<DiscoveryProtocol.PeersFound>();
        Assert.Equal(IPEndPoint.Parse("192.168.1.7:51413"), Assert.Single(found.Peers));
        Assert.Equal((PeerSource.Lsd, true), (found.Source, found.IsLocal));

        Receive(new LsdMessage(51413, [Hash], null), IPEndPoint.Parse("8.8.8.8:6771"));
        Assert.False((await ExpectMsgAsync<DiscoveryProtocol.PeersFound>()).IsLocal);
        Receive(new LsdMessage(51413, [Other], null), Neighbour);
        Assert.Equal(3, (await CountsAsync()).Received);
        Assert.False(HasMessages);
    }

    [Fact]
    public async Task Our_own_messages_are_known_by_their_cookie()
    {
        await FollowAsync(Hash);
        Scheduler.Advance(Options.Gather);
        V4.Receive((await V4.SentAsync()).Datagram, Neighbour);
        Assert.Equal((1, 1), ((await CountsAsync()).Received, (await CountsAsync()).Own));
        Assert.False(HasMessages);
    }

    [Fact]
    public async Task One_that_is_not_followed_any_more_is_neither_told_nor_reported()
    {
        await FollowAsync(Hash);
        _lsd.Tell(new DiscoveryProtocol.Unfollow(Hash), TestActor);
        Receive(new LsdMessage(51413, [Hash], null), Neighbour);
        Assert.Equal(0, (await CountsAsync()).Torrents);
        Scheduler.Advance(TimeSpan.FromMinutes(5));
        await CountsAsync();
        V4.AssertSilent();
        Assert.False(HasMessages);
    }

    [Fact]
    public async Task A_coordinator_that_is_gone_is_forgotten()
    {
        var coordinator = CreateTestProbe();
        _lsd.Tell(new DiscoveryProtocol.Follow(Hash), coordinator);
        Assert.Equal(1, (await CountsAsync()).Torrents);
        Sys.Stop(coordinator);
        await AwaitAssertAsync(async () => Assert.Equal(0, (await CountsAsync()).Torrents));
    }

    [Fact]
    public async Task A_flood_of_one_address_is_counted_and_others_are_heard()
    {
        await FollowAsync(Hash);
        for (var i = 0; i < 10_000; i++)
            V4.Receive("nonsense"u8.ToArray(), Neighbour);
        Receive(new LsdMessage(1000, [Hash], null), Neighbour);
        Receive(new LsdMessage(2000, [Hash], null), IPEndPoint.Parse("192.168.1.8:6771"));

        Assert.Equal(2000, Assert.Single((await ExpectMsgAsync<DiscoveryProtocol.PeersFound>(TimeSpan.FromSeconds(10))).Peers).Port);
        var counts = await CountsAsync();
        Assert.Equal((10_002L, 30L, 9_971L, 2), (counts.Received, counts.Malformed, counts.Limited, counts.Addresses));
        Assert.Equal(10_002, V4.DoneCount);

        // The next minute it is heard again.
        Scheduler.Advance(TimeSpan.FromMinutes(1));
        Receive(new LsdMessage(1000, [Hash], null), Neighbour);
        Assert.Equal(1000, Assert.Single((await ExpectMsgAsync<DiscoveryProtocol.PeersFound>()).Peers).Port);
    }

    [Fact]
    public async Task A_flood_from_ever_new_addresses_grows_nothing()
    {
        await FollowAsync(Hash);
        for (var i = 0; i < 5_000; i++)
            V4.Receive("nonsense"u8.ToArray(), new IPEndPoint(new IPAddress(i + 1), 6771));
        var counts = await CountsAsync();
        Assert.Equal((5_000L, 256L, 4_744L, 256), (counts.Received, counts.Malformed, counts.Limited, counts.Addresses));
        Assert.False(HasMessages);
    }

    [Fact]
    public async Task Malformed_messages_are_counted_and_nobody_is_told()
    {
        await FollowAsync(Hash);
        var whole = new LsdMessage(51413, [Hash], null).Write(AddressFamily.InterNetwork);
        byte[][] bad = [[], [0, 0, 0, 0], whole[..60], new byte[1400], "BT-SEARCH * HTTP/1.1\r\nPort: 99999\r\nInfohash: x\r\n\r\n\r\n"u8.ToArray()];
        foreach (var datagram in bad)
            V4.Receive(datagram, Neighbour);
        V4.Receive(whole, IPEndPoint.Parse("0.0.0.0:6771"));
        Assert.Equal(bad.Length + 1, (await CountsAsync()).Malformed);
        Assert.False(HasMessages);
    }

    [Fact]
    public async Task Nothing_is_told_before_there_is_a_port_to_dial()
    {
        _port = 0;
        await FollowAsync(Hash);
        Scheduler.Advance(Options.Gather);
        await CountsAsync();
        V4.AssertSilent();
        _port = 7000;
        Scheduler.Advance(Options.MessageInterval);
        Assert.Equal((7000, Hash), await SentAsync(V4));
    }

    [Fact]
    public async Task A_socket_that_breaks_is_replaced_by_the_next_announce()
    {
        await FollowAsync(Hash);
        _lsd.Tell(new DatagramProtocol.Broken(V4, "gone"));
        await CountsAsync();
        Assert.True(V4.IsClosed);
        Scheduler.Advance(Options.Gather);
        await V6.SentAsync();
        Assert.Equal((6881, Hash), await SentAsync(V4));
        Assert.Equal(3, _opened);
    }

    private static LsdMessage Message(byte[] datagram)
    {
        Assert.True(LsdMessage.TryRead(datagram, out var message));
        Assert.NotNull(message.Cookie);
        return message;
    }

    private static async Task<(int Port, InfoHash Torrent)> SentAsync(ScriptedDatagramSocket socket)
    {
        var message = Message((await socket.SentAsync()).Datagram);
        return (message.Port, Assert.Single(message.InfoHashes));
    }

    private async Task FollowAsync(InfoHash torrent)
    {
        _lsd.Tell(new DiscoveryProtocol.Follow(torrent), TestActor);
        await CountsAsync();
    }

    private void Receive(LsdMessage message, IPEndPoint from) => V4.Receive(message.Write(AddressFamily.InterNetwork), from);

    private Task<LsdProtocol.Counts> CountsAsync() => _lsd.Ask<LsdProtocol.Counts>(LsdProtocol.GetCounts.Instance);
}
