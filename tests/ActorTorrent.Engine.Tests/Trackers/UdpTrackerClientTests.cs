using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Lab.Trackers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Trackers;
using Akka.TestKit.Xunit2;

namespace ActorTorrent.Engine.Tests.Trackers;

/// <summary>UDP trackers over real sockets on loopback.</summary>
public sealed class UdpTrackerClientTests : TestKit
{
    private static readonly InfoHash Hash = InfoHash.Parse("00ff25202b41c3a97f80fe0a0d26233f3d2fe282");
    private static readonly PeerId Id = PeerId.Create(new Random(1));
    private static readonly AnnounceRequest Request = new(Hash, Id, 6881, 1, 2, 3, AnnounceEvent.Started, 80, 0xDEADBEEF);

    private static readonly TrackerOptions Options = new()
    {
        UdpRetransmit = TimeSpan.FromMilliseconds(100),
        UdpMaxRetransmits = 2,
        UdpAnnounceTimeout = TimeSpan.FromSeconds(20),
        OtherFamilyPatience = TimeSpan.FromSeconds(10),
    };

    private readonly ConcurrentQueue<UdpRequest> _requests = new();

    private UdpTrackerClient Client => field ??= NewClient();

    [Fact]
    public async Task An_announce_arrives_as_it_was_meant_and_is_answered()
    {
        await using var tracker = await StartAsync();
        tracker.Swarms.Pin(Hash, Peer("10.0.0.1:1", true));
        tracker.Swarms.Pin(Hash, Peer("[2001:db8::1]:2", false));

        var success = Assert.IsType<TrackerAnswer.Success>(await Client.AnnounceAsync(tracker.UdpAnnounceUri, Request, default));

        Assert.True(success.TrackerIsLocal);
        Assert.Equal((TimeSpan.FromMinutes(30), 1, 2), (success.Response.Interval, success.Response.Seeders, success.Response.Leechers));
        Assert.Equal(IPEndPoint.Parse("10.0.0.1:1"), Assert.Single(success.Response.Peers).EndPoint);
        Assert.Collection(
            _requests,
            request => Assert.IsType<UdpRequest.Connect>(request),
            request => Assert.Equal(Request, Assert.IsType<UdpRequest.Announce>(request).Request));
    }

    [Fact]
    public async Task Completion_and_stop_are_booked()
    {
        await using var tracker = await StartAsync();
        await Client.AnnounceAsync(tracker.UdpAnnounceUri, Request, default);
        await Client.AnnounceAsync(tracker.UdpAnnounceUri, Request with { Left = 0, Event = AnnounceEvent.Completed }, default);
        Assert.Equal(new SwarmCounts(1, 0, 1), tracker.Swarms.Scrape(Hash));
        await Client.AnnounceAsync(tracker.UdpAnnounceUri, Request with { Left = 0, Event = AnnounceEvent.Stopped }, default);
        Assert.Equal(new SwarmCounts(0, 0, 1), tracker.Swarms.Scrape(Hash));
        Assert.Single(_requests.OfType<UdpRequest.Connect>());
    }

    [Fact]
    public async Task A_hundred_torrents_are_scraped_in_two_datagrams()
    {
        await using var tracker = await StartAsync();
        var torrents = Enumerable.Range(0, 100).Select(number => InfoHash.Parse($"{number:x40}")).ToArray();
        tracker.Swarms.Pin(torrents[99], Peer("10.0.0.1:1", true));

        var success = Assert.IsType<ScrapeAnswer.Success>(await Client.ScrapeAsync(tracker.UdpAnnounceUri, torrents, default));

        Assert.Equal(100, success.Torrents.Count);
        Assert.Equal((new ScrapeEntry(0, 0, 0), new ScrapeEntry(1, 0, 0)), (success.Torrents[torrents[0]], success.Torrents[torrents[99]]));
        Assert.Equal([74, 26], _requests.OfType<UdpRequest.Scrape>().Select(scrape => scrape.InfoHashes.Count));
    }

    [Fact]
    public async Task A_tracker_with_both_families_is_told_over_each_with_the_same_key()
    {
        await using var tracker = await StartAsync(IPAddress.IPv6Any);
        tracker.Swarms.Pin(Hash, Peer("10.0.0.1:1", true));
        tracker.Swarms.Pin(Hash, Peer("[2001:db8::1]:2", false));
        var client = NewClient([IPAddress.IPv6Loopback, IPAddress.Loopback]);

        var success = Assert.IsType<TrackerAnswer.Success>(
            await client.AnnounceAsync(new Uri($"udp://both.example:{tracker.UdpAnnounceUri.Port}/announce"), Request, default));

        Assert.True(success.TrackerIsLocal);
        Assert.Superset(
            new[] { IPEndPoint.Parse("10.0.0.1:1"), IPEndPoint.Parse("[2001:db8::1]:2") }.ToHashSet(),
            success.Response.Peers.Select(peer => peer.EndPoint).ToHashSet());
        var announces = _requests.OfType<UdpRequest.Announce>().ToArray();
        Assert.Equal(2, announces.Length);
        Assert.All(announces, announce => Assert.Equal(Request.Key, announce.Request.Key));
        Assert.Equal(4, tracker.Swarms.Scrape(Hash)!.Seeders + tracker.Swarms.Scrape(Hash)!.Leechers);
    }

    [Fact]
    public async Task A_family_that_does_not_work_costs_no_more_than_the_patience()
    {
        await using var tracker = await StartAsync();
        var client = NewClient([IPAddress.IPv6Loopback, IPAddress.Loopback], Options with { OtherFamilyPatience = TimeSpan.Zero });
        var answer = await client.AnnounceAsync(new Uri($"udp://both.example:{tracker.UdpAnnounceUri.Port}/announce"), Request, default);
        Assert.IsType<TrackerAnswer.Success>(answer);
    }

    [Fact]
    public async Task A_tracker_that_says_no_is_quoted()
    {
        await using var tracker = await StartAsync(fault: new UdpTrackerFault.Error("unregistered torrent"));
        await FailsAsync(tracker.UdpAnnounceUri, TrackerErrorKind.FailureReason, "127.0.0.1 said: unregistered torrent");
    }

    [Fact]
    public async Task Silence_ends_after_the_retransmissions()
    {
        await using var tracker = await StartAsync(fault: new UdpTrackerFault.Silent());
        await FailsAsync(tracker.UdpAnnounceUri, TrackerErrorKind.Timeout, "did not answer within");
        Assert.Equal(3, _requests.Count);
        Assert.Single(_requests.Distinct());
    }

    [Fact]
    public async Task Wrong_transaction_ids_are_silence()
    {
        await using var tracker = await StartAsync(fault: new UdpTrackerFault.WrongTransactionId());
        await FailsAsync(tracker.UdpAnnounceUri, TrackerErrorKind.Timeout, "did not answer within");
        Assert.Equal(3, _requests.Count);
    }

    [Fact]
    public async Task A_wrong_action_is_named()
    {
        await using var tracker = await StartAsync(fault: new UdpTrackerFault.WrongAction(9));
        await FailsAsync(tracker.UdpAnnounceUri, TrackerErrorKind.Malformed, "action: is 9");
    }

    [Fact]
    public async Task A_truncated_answer_is_named()
    {
        await using var tracker = await StartAsync(fault: new UdpTrackerFault.Truncated(12));
        await FailsAsync(tracker.UdpAnnounceUri, TrackerErrorKind.Malformed, "is cut short: 12 bytes where 20 are due");
    }

    [Fact]
    public async Task A_tracker_started_anew_that_knows_no_connection_id_of_before_is_asked_for_another()
    {
        await using var tracker = await StartAsync();
        await Client.AnnounceAsync(tracker.UdpAnnounceUri, Request, default);
        var port = tracker.UdpAnnounceUri.Port;
        await tracker.DisposeAsync();
        await using var anew = await StartAsync(udpPort: port);
        Assert.IsType<TrackerAnswer.Success>(await Client.AnnounceAsync(anew.UdpAnnounceUri, Request, default));
        Assert.Equal(2, _requests.OfType<UdpRequest.Connect>().Count());
    }

    [Fact]
    public async Task Names_that_lead_nowhere_and_urls_that_cannot_be_asked_are_errors()
    {
        var lost = NewClient(() => throw new SocketException((int)SocketError.HostNotFound));
        var error = Assert.IsType<TrackerAnswer.Failure>(await lost.AnnounceAsync(new Uri("udp://nowhere.example:1"), Request, default)).Error;
        Assert.Equal(TrackerErrorKind.Dns, error.Kind);
        Assert.Equal(TrackerErrorKind.Dns, Assert.IsType<ScrapeAnswer.Failure>(await lost.ScrapeAsync(new Uri("udp://nowhere.example:1"), [Hash], default)).Error.Kind);
        Assert.Equal(
            TrackerErrorKind.Dns,
            Assert.IsType<TrackerAnswer.Failure>(await NewClient([]).AnnounceAsync(new Uri("udp://nowhere.example:1"), Request, default)).Error.Kind);
        await FailsAsync(new Uri("udp://127.0.0.1"), TrackerErrorKind.Unreachable, "names a port");
        await FailsAsync(new Uri($"udp://127.0.0.1:1/{new string('x', 2000)}"), TrackerErrorKind.Unreachable, "longer than 1024");
    }

    [Fact]
    public async Task An_announce_can_be_cancelled()
    {
        await using var tracker = await StartAsync(fault: new UdpTrackerFault.Silent());
        using var stop = new CancellationTokenSource();
        var announce = Client.AnnounceAsync(tracker.UdpAnnounceUri, Request, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => announce);
    }

    private static SwarmPeer Peer(string endPoint, bool isSeed) =>
        new(IPEndPoint.Parse(endPoint), PeerId.Create(new Random(endPoint.Length)), isSeed);

    private async Task FailsAsync(Uri tracker, TrackerErrorKind kind, string text)
    {
        var error = Assert.IsType<TrackerAnswer.Failure>(await Client.AnnounceAsync(tracker, Request, default)).Error;
        Assert.Equal(kind, error.Kind);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    private UdpTrackerClient NewClient(IPAddress[]? addresses = null, TrackerOptions? options = null) => addresses is null
        ? UdpTrackerClient.Start(Sys, options ?? Options)
        : NewClient(() => addresses, options);

    private UdpTrackerClient NewClient(Func<IPAddress[]> resolve, TrackerOptions? options = null) => new(
        Sys.ActorOf(UdpTrackerActor.Props(options ?? Options)), options ?? Options, TimeProvider.System, (_, _) => Task.FromResult(resolve()));

    private async Task<LabTracker> StartAsync(IPAddress? address = null, UdpTrackerFault? fault = null, int udpPort = 0)
    {
        var tracker = new LabTracker(new LabTrackerOptions { UdpPort = udpPort, UdpFault = fault }) { OnUdpRequest = _requests.Enqueue };
        await tracker.StartAsync(address);
        return tracker;
    }
}
