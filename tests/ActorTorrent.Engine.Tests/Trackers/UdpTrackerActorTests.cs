using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using ActorTorrent.Engine.Datagrams;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Tests.Datagrams;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Trackers;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Configs;
using Akka.TestKit.Xunit2;

namespace ActorTorrent.Engine.Tests.Trackers;

public sealed class UdpTrackerActorTests : TestKit
{
    private static readonly Uri Tracker = new("udp://t.example:6969/announce");
    private static readonly IPEndPoint Address = IPEndPoint.Parse("192.0.2.1:6969");
    private static readonly IPEndPoint AddressV6 = IPEndPoint.Parse("[2001:db8::1]:6969");
    private static readonly InfoHash Hash = InfoHash.Parse("000102030405060708090a0b0c0d0e0f10111213");

    private static readonly AnnounceRequest Request =
        new(Hash, PeerId.Create(new Random(1)), 6881, 1, 2, 3, AnnounceEvent.Started, 80, 77);

    private static readonly TrackerOptions Options = new() { UdpAnnounceTimeout = TimeSpan.FromHours(3), UdpMaxQuestions = 10 };

    private readonly Channel<ScriptedDatagramSocket> _sockets = Channel.CreateUnbounded<ScriptedDatagramSocket>();

    private IActorRef _actor = ActorRefs.Nobody;

    public UdpTrackerActorTests()
        : base(TestConfigs.TestSchedulerConfig)
    {
    }

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public async Task An_announce_gets_a_connection_id_first_and_then_its_answer()
    {
        var actor = Make();
        Ask(actor);
        var socket = await SocketAsync();

        await ConnectAsync(socket, 42);
        var announce = await NextAsync<UdpRequest.Announce>(socket);
        Assert.Equal((42UL, Request, "/announce"), (announce.ConnectionId, announce.Request, announce.UrlData));
        Answer(socket, announce.TransactionId, "10.0.0.1:1000");

        var response = (await ExpectMsgAsync<UdpTrackerProtocol.Announced>()).Response;
        Assert.Equal(TimeSpan.FromMinutes(30), response.Interval);
        Assert.Equal(IPEndPoint.Parse("10.0.0.1:1000"), Assert.Single(response.Peers).EndPoint);
        Assert.Equal(new UdpTrackerProtocol.Counts(0, 0, 0, 1), await CountsAsync(actor));
    }

    [Fact]
    public async Task A_silent_tracker_is_asked_again_after_15_times_2_to_the_n_seconds_up_to_n_8()
    {
        var actor = Make();
        Ask(actor);
        var socket = await SocketAsync();
        var first = await NextAsync<UdpRequest.Connect>(socket);
        for (var n = 0; n < 8; n++)
        {
            var wait = TimeSpan.FromSeconds(15) * Math.Pow(2, n);
            Scheduler.Advance(wait - TimeSpan.FromMilliseconds(1));
            await CountsAsync(actor);
            socket.AssertSilent();
            Scheduler.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(first, await NextAsync<UdpRequest.Connect>(socket));
        }
        Scheduler.Advance(TimeSpan.FromSeconds(15) * 256);

        var error = (await ExpectMsgAsync<UdpTrackerProtocol.Failed>()).Error;
        Assert.Equal(TrackerErrorKind.Timeout, error.Kind);
        Assert.Contains("t.example did not answer within 7665 s", error.Message, StringComparison.Ordinal);
        socket.AssertSilent();
        Assert.Equal(new UdpTrackerProtocol.Counts(0, 0, 0, 0), await CountsAsync(actor));
    }

    [Fact]
    public async Task An_announce_is_sent_again_and_once_its_connection_id_is_old_a_new_one_is_got_on_the_same_schedule()
    {
        // The example of BEP 15: connected at 1 s, announces at 2, 17 and 47 s, a connect at 107 s, the next at 227 s.
        var actor = Make();
        Ask(actor);
        var socket = await SocketAsync();
        await ConnectAsync(socket, 42);
        var announce = await NextAsync<UdpRequest.Announce>(socket);
        Scheduler.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(announce, await NextAsync<UdpRequest.Announce>(socket));
        Scheduler.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(announce, await NextAsync<UdpRequest.Announce>(socket));
        Scheduler.Advance(TimeSpan.FromSeconds(60));
        var connect = await NextAsync<UdpRequest.Connect>(socket);
        Scheduler.Advance(TimeSpan.FromSeconds(119));
        await CountsAsync(actor);
        socket.AssertSilent();
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(connect, await NextAsync<UdpRequest.Connect>(socket));
        socket.Receive(UdpTrackerServer.WriteConnect(connect.TransactionId, 43), Address);
        Assert.Equal(43UL, (await NextAsync<UdpRequest.Announce>(socket)).ConnectionId);
    }

    [Fact]
    public async Task All_torrents_share_a_connection_id_for_60_seconds()
    {
        var actor = Make();
        Ask(actor);
        var other = InfoHash.Parse("ffffffffffffffffffffffffffffffffffffffff");
        Ask(actor, Request with { InfoHash = other });
        var socket = await SocketAsync();
        await ConnectAsync(socket, 42);
        var announces = new[] { await NextAsync<UdpRequest.Announce>(socket), await NextAsync<UdpRequest.Announce>(socket) };
        Assert.Equal([Hash, other], announces.Select(announce => announce.Request.InfoHash));
        foreach (var announce in announces)
            Answer(socket, announce.TransactionId);
        await ExpectMsgAsync<UdpTrackerProtocol.Announced>();
        await ExpectMsgAsync<UdpTrackerProtocol.Announced>();

        Scheduler.Advance(TimeSpan.FromSeconds(59));
        Ask(actor);
        var third = await NextAsync<UdpRequest.Announce>(socket);
        Assert.Equal(42UL, third.ConnectionId);
        Answer(socket, third.TransactionId);
        await ExpectMsgAsync<UdpTrackerProtocol.Announced>();

        Scheduler.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, (await CountsAsync(actor)).Trackers);
        Ask(actor);
        await ConnectAsync(socket, 43);
        Assert.Equal(43UL, (await NextAsync<UdpRequest.Announce>(socket)).ConnectionId);
    }

    [Fact]
    public async Task A_connection_id_of_before_that_is_refused_is_replaced_once()
    {
        var actor = Make();
        Ask(actor);
        var socket = await SocketAsync();
        await ConnectAsync(socket, 42);
        Answer(socket, (await NextAsync<UdpRequest.Announce>(socket)).TransactionId);
        await ExpectMsgAsync<UdpTrackerProtocol.Announced>();

        Ask(actor);
        socket.Receive(UdpTrackerServer.WriteError((await NextAsync<UdpRequest.Announce>(socket)).TransactionId, "who?"), Address);
        await ConnectAsync(socket, 43);
        socket.Receive(UdpTrackerServer.WriteError((await NextAsync<UdpRequest.Announce>(socket)).TransactionId, "go away"), Address);
        var error = (await ExpectMsgAsync<UdpTrackerProtocol.Failed>()).Error;
        Assert.Equal((TrackerErrorKind.FailureReason, "t.example said: go away"), (error.Kind, error.Message));
    }

    [Fact]
    public async Task Each_family_has_one_socket_and_IPv6_answers_hold_IPv6_peers()
    {
        var actor = Make();
        Ask(actor);
        var v4 = await SocketAsync();
        Ask(actor, address: AddressV6);
        var v6 = await SocketAsync();
        Assert.Equal((AddressFamily.InterNetwork, AddressFamily.InterNetworkV6), (v4.Family, v6.Family));

        await ConnectAsync(v6, 9, AddressV6);
        var announce = await NextAsync<UdpRequest.Announce>(v6, AddressV6);
        Answer(v6, announce.TransactionId, "[2001:db8::2]:51413", AddressV6);
        Assert.Equal(
            IPEndPoint.Parse("[2001:db8::2]:51413"),
            Assert.Single((await ExpectMsgAsync<UdpTrackerProtocol.Announced>()).Response.Peers).EndPoint);

        Ask(actor, address: IPEndPoint.Parse("192.0.2.99:1"));
        await NextAsync<UdpRequest.Connect>(v4);
        Assert.False(_sockets.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task A_scrape_of_many_torrents_is_one_datagram()
    {
        var actor = Make();
        var other = InfoHash.Parse("ffffffffffffffffffffffffffffffffffffffff");
        actor.Tell(new UdpTrackerProtocol.Scrape(new object(), Address, Tracker, [Hash, other]), TestActor);
        var socket = await SocketAsync();
        await ConnectAsync(socket, 5);
        var scrape = await NextAsync<UdpRequest.Scrape>(socket);
        Assert.Equal([Hash, other], scrape.InfoHashes);
        socket.Receive(UdpTrackerServer.WriteScrape(scrape.TransactionId, [new ScrapeEntry(1, 2, 3), new ScrapeEntry(4, 5, 6)]), Address);
        Assert.Equal([new ScrapeEntry(1, 2, 3), new ScrapeEntry(4, 5, 6)], (await ExpectMsgAsync<UdpTrackerProtocol.Scraped>()).Entries);
    }

    [Fact]
    public async Task Answers_with_wrong_transaction_ids_or_from_elsewhere_are_counted_and_nothing_grows()
    {
        var actor = Make();
        Ask(actor);
        var socket = await SocketAsync();
        var connect = await NextAsync<UdpRequest.Connect>(socket);
        var right = UdpTrackerServer.WriteConnect(connect.TransactionId, 1);
        for (var i = 1u; i <= 1000; i++)
            socket.Receive(UdpTrackerServer.WriteConnect(connect.TransactionId + i, 1), Address);
        socket.Receive(right, IPEndPoint.Parse("192.0.2.1:6970"));
        socket.Receive(right, IPEndPoint.Parse("192.0.2.2:6969"));
        socket.Receive([], Address);
        socket.Receive(right[..7], Address);
        Assert.Equal(new UdpTrackerProtocol.Counts(1004, 0, 1, 1), await CountsAsync(actor));
        Assert.Equal(1004, socket.DoneCount);

        // It goes on waiting for the right one, which counts once.
        socket.Receive(right, Address);
        socket.Receive(right, Address);
        await NextAsync<UdpRequest.Announce>(socket);
        Assert.Equal(1005, (await CountsAsync(actor)).Strangers);
    }

    [Theory]
    [InlineData(UdpAction.Announce)]
    [InlineData(UdpAction.Scrape)]
    [InlineData((UdpAction)77)]
    public async Task An_answer_with_a_wrong_action_is_a_declared_fault(UdpAction action)
    {
        var actor = Make();
        Ask(actor);
        var socket = await SocketAsync();
        var datagram = UdpTrackerServer.WriteConnect((await NextAsync<UdpRequest.Connect>(socket)).TransactionId, 1);
        datagram[3] = (byte)action;
        socket.Receive(datagram, Address);
        var error = (await ExpectMsgAsync<UdpTrackerProtocol.Failed>()).Error;
        Assert.Equal((TrackerErrorKind.Malformed, "action"), (error.Kind, error.Field));
        Assert.Equal(new UdpTrackerProtocol.Counts(0, 1, 0, 0), await CountsAsync(actor));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(19)]
    [InlineData(25)]
    public async Task A_truncated_answer_is_a_declared_fault(int length)
    {
        var actor = Make();
        Ask(actor);
        var socket = await SocketAsync();
        await ConnectAsync(socket, 1);
        var whole = Response((await NextAsync<UdpRequest.Announce>(socket)).TransactionId, "10.0.0.1:1000", AddressFamily.InterNetwork);
        socket.Receive(whole[..length], Address);
        Assert.Equal(TrackerErrorKind.Malformed, (await ExpectMsgAsync<UdpTrackerProtocol.Failed>()).Error.Kind);
        Assert.Equal(1, (await CountsAsync(actor)).Malformed);
    }

    [Fact]
    public async Task An_error_instead_of_a_connection_id_fails_all_who_wait_for_it()
    {
        var actor = Make();
        Ask(actor);
        Ask(actor);
        var socket = await SocketAsync();
        var connect = await NextAsync<UdpRequest.Connect>(socket);
        socket.AssertSilent();
        socket.Receive(UdpTrackerServer.WriteError(connect.TransactionId, "closed"), Address);
        for (var i = 0; i < 2; i++)
            Assert.Equal("t.example said: closed", (await ExpectMsgAsync<UdpTrackerProtocol.Failed>()).Error.Message);
        Assert.Equal(new UdpTrackerProtocol.Counts(0, 0, 0, 0), await CountsAsync(actor));
    }

    [Fact]
    public async Task An_announce_ends_at_its_time_limit_whatever_the_schedule_says()
    {
        var actor = Make(Options with { UdpAnnounceTimeout = TimeSpan.FromSeconds(60) });
        Ask(actor);
        await SocketAsync();
        await CountsAsync(actor);
        Scheduler.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(TrackerErrorKind.Timeout, (await ExpectMsgAsync<UdpTrackerProtocol.Failed>()).Error.Kind);
    }

    [Fact]
    public async Task One_that_is_cancelled_leaves_nothing_behind()
    {
        var actor = Make();
        var ticket = new object();
        actor.Tell(new UdpTrackerProtocol.Announce(ticket, Address, Tracker, Request), TestActor);
        var socket = await SocketAsync();
        await NextAsync<UdpRequest.Connect>(socket);
        actor.Tell(new UdpTrackerProtocol.Cancel(ticket));
        Assert.Equal(new UdpTrackerProtocol.Counts(0, 0, 0, 0), await CountsAsync(actor));
        Scheduler.Advance(TimeSpan.FromHours(3));
        await CountsAsync(actor);
        socket.AssertSilent();
    }

    [Fact]
    public async Task A_network_that_cannot_be_reached_is_told_at_once()
    {
        var actor = Make(problem: "Network is unreachable");
        Ask(actor);
        var error = (await ExpectMsgAsync<UdpTrackerProtocol.Failed>()).Error;
        Assert.Equal((TrackerErrorKind.Unreachable, "t.example (192.0.2.1): Network is unreachable."), (error.Kind, error.Message));
        Assert.Equal(new UdpTrackerProtocol.Counts(0, 0, 0, 0), await CountsAsync(actor));
    }

    [Fact]
    public async Task Questions_beyond_the_limit_are_refused()
    {
        var actor = Make();
        for (var i = 0; i < 11; i++)
            Ask(actor);
        Assert.Equal(TrackerErrorKind.Internal, (await ExpectMsgAsync<UdpTrackerProtocol.Failed>()).Error.Kind);
        Assert.Equal(10, (await CountsAsync(actor)).Questions);
    }

    [Fact]
    public async Task A_socket_that_breaks_is_replaced_when_one_is_needed()
    {
        var actor = Make();
        Ask(actor);
        var first = await SocketAsync();
        var connect = await NextAsync<UdpRequest.Connect>(first);
        actor.Tell(new DatagramProtocol.Broken(first, "gone"));
        await CountsAsync(actor);
        Assert.True(first.IsClosed);
        Scheduler.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(connect, await NextAsync<UdpRequest.Connect>(await SocketAsync()));
    }

    [Fact]
    public async Task Whoever_waits_hears_of_the_end()
    {
        var actor = Make();
        Ask(actor);
        var socket = await SocketAsync();
        Sys.Stop(actor);
        Assert.Equal(TrackerErrorKind.Internal, (await ExpectMsgAsync<UdpTrackerProtocol.Failed>()).Error.Kind);
        Assert.True(socket.IsClosed);
    }

    private static byte[] Response(uint transactionId, string peer, AddressFamily family) => UdpTrackerServer.WriteAnnounce(
        transactionId,
        new AnnounceResponse(TimeSpan.FromMinutes(30), null, peer.Length == 0 ? [] : [new TrackerPeer(IPEndPoint.Parse(peer), null)], 1, 2, null, null),
        family);

    private static void Answer(ScriptedDatagramSocket socket, uint transactionId, string peer = "", IPEndPoint? from = null) =>
        socket.Receive(Response(transactionId, peer, socket.Family), from ?? Address);

    // When it is over, the timer that belongs to what was sent stands.
    private async Task<T> NextAsync<T>(ScriptedDatagramSocket socket, IPEndPoint? address = null)
        where T : UdpRequest
    {
        var (datagram, to) = await socket.SentAsync();
        await CountsAsync(_actor);
        Assert.True(UdpTrackerServer.TryRead(datagram, out var request));
        if (address is not null)
            Assert.Equal(address, to);
        return Assert.IsType<T>(request);
    }

    private async Task ConnectAsync(ScriptedDatagramSocket socket, ulong connectionId, IPEndPoint? address = null)
    {
        var connect = await NextAsync<UdpRequest.Connect>(socket);
        socket.Receive(UdpTrackerServer.WriteConnect(connect.TransactionId, connectionId), address ?? Address);
    }

    private IActorRef Make(TrackerOptions? options = null, string? problem = null) => _actor = Sys.ActorOf(UdpTrackerActor.Props(options ?? Options, open: (family, owner) =>
    {
        var socket = new ScriptedDatagramSocket(family, owner) { Problem = problem };
        Assert.True(_sockets.Writer.TryWrite(socket));
        return socket;
    }));

    private void Ask(IActorRef actor, AnnounceRequest? request = null, IPEndPoint? address = null) =>
        actor.Tell(new UdpTrackerProtocol.Announce(new object(), address ?? Address, Tracker, request ?? Request), TestActor);

    private async Task<ScriptedDatagramSocket> SocketAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        return await _sockets.Reader.ReadAsync(patience.Token);
    }

    private static Task<UdpTrackerProtocol.Counts> CountsAsync(IActorRef actor) =>
        actor.Ask<UdpTrackerProtocol.Counts>(UdpTrackerProtocol.GetCounts.Instance);
}
