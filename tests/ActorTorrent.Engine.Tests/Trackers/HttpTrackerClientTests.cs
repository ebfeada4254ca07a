using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Lab.Trackers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Engine.Tests.Trackers;

public sealed class HttpTrackerClientTests : IAsyncLifetime
{
    // Every byte value class is in it: controls, letters, what looks like UTF-8, percent and plus.
    private static readonly InfoHash Hash = InfoHash.Parse("00ff25202b41c3a97f80fe0a0d26233f3d2fe282");
    private static readonly PeerId Id = PeerId.Create(new Random(1));
    private static readonly TrackerOptions Options = new();

    private readonly List<LabAnnounce> _announces = [];
    private readonly LabTracker _tracker;

    public HttpTrackerClientTests() => _tracker = new LabTracker(new LabTrackerOptions
    {
        Interval = TimeSpan.FromMinutes(20),
        MinInterval = TimeSpan.FromMinutes(5),
        TrackerId = "lab",
        Warning = "Only a lab.",
    })
    {
        OnAnnounce = announce =>
        {
            lock (_announces)
                _announces.Add(announce);
        },
    };

    public static TheoryData<byte[], string> MalformedBodies => new()
    {
        { [], "" },
        { "<html>404</html>"u8.ToArray(), "" },
        { "d8:intervali1800e5:peers5:abcdee"u8.ToArray(), "peers" },
        { "d8:completei1ee"u8.ToArray(), "" },
        { "d8:intervali-1e5:peers0:e"u8.ToArray(), "interval" },
    };

    public Task InitializeAsync() => _tracker.StartAsync();

    public Task DisposeAsync() => _tracker.DisposeAsync().AsTask();

    [Fact]
    public async Task An_announce_arrives_as_it_was_meant_and_is_answered()
    {
        _tracker.Swarms.Pin(Hash, Peer("10.0.0.1:1", true));
        _tracker.Swarms.Pin(Hash, Peer("[2001:db8::1]:2", false));
        var request = Request(AnnounceEvent.Started);

        var success = Assert.IsType<TrackerAnswer.Success>(await AnnounceAsync(_tracker.AnnounceUri, request));

        Assert.True(success.TrackerIsLocal);
        Assert.Equal(TimeSpan.FromMinutes(20), success.Response.Interval);
        Assert.Equal(TimeSpan.FromMinutes(5), success.Response.MinInterval);
        Assert.Equal(("lab", "Only a lab."), (success.Response.TrackerId, success.Response.Warning));
        Assert.Equal((1, 2), (success.Response.Seeders, success.Response.Leechers));
        Assert.Equal(
            new[] { IPEndPoint.Parse("10.0.0.1:1"), IPEndPoint.Parse("[2001:db8::1]:2") }.ToHashSet(),
            success.Response.Peers.Select(peer => peer.EndPoint).ToHashSet());
        var announce = Assert.Single(_announces);
        Assert.Equal(request, announce.Query.Request);
        Assert.Equal(IPEndPoint.Parse("127.0.0.1:6881"), announce.EndPoint);
        Assert.Equal("ActorTorrent/0.1", announce.UserAgent);
    }

    [Fact]
    public async Task A_stopped_announce_takes_us_out_of_the_swarm()
    {
        await AnnounceAsync(_tracker.AnnounceUri, Request(AnnounceEvent.Started));
        Assert.Equal(new SwarmCounts(0, 1, 0), _tracker.Swarms.Scrape(Hash));
        Assert.IsType<TrackerAnswer.Success>(await AnnounceAsync(_tracker.AnnounceUri, Request(AnnounceEvent.Stopped)));
        Assert.Null(_tracker.Swarms.Scrape(Hash));
    }

    [Fact]
    public async Task A_gzip_body_is_unpacked()
    {
        _tracker.Fault = new TrackerFault.Gzip();
        _tracker.Swarms.Pin(Hash, Peer("10.0.0.1:1", true));
        var success = Assert.IsType<TrackerAnswer.Success>(await AnnounceAsync());
        Assert.Single(success.Response.Peers);
    }

    [Fact]
    public async Task An_ipv6_tracker_is_reached()
    {
        await using var tracker = new LabTracker();
        await tracker.StartAsync(IPAddress.IPv6Loopback);
        Assert.True(Assert.IsType<TrackerAnswer.Success>(await AnnounceAsync(tracker.AnnounceUri)).TrackerIsLocal);
    }

    [Fact]
    public async Task The_next_address_of_a_name_is_tried_when_one_refuses()
    {
        // Nobody listens on 127.0.0.77.
        var client = Client(Options, resolve: (_, _) => Task.FromResult(
            new[] { IPAddress.Parse("127.0.0.77"), IPAddress.IPv6Loopback, IPAddress.Loopback }));
        var uri = new UriBuilder(_tracker.AnnounceUri) { Host = "tracker.example" }.Uri;
        Assert.IsType<TrackerAnswer.Success>(await client.AnnounceAsync(uri, Request(), default));
    }

    [Fact]
    public async Task A_failure_reason_is_passed_on()
    {
        _tracker.Fault = new TrackerFault.Failure("unregistered torrent");
        var error = await FailAsync(TrackerErrorKind.FailureReason);
        Assert.Contains("unregistered torrent", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(304)]
    public async Task A_status_is_named(int status)
    {
        _tracker.Fault = new TrackerFault.HttpStatus(status);
        Assert.Equal(status, (await FailAsync(TrackerErrorKind.HttpStatus)).HttpStatus);
    }

    [Theory]
    [MemberData(nameof(MalformedBodies))]
    public async Task A_malformed_body_is_explained(byte[] body, string field)
    {
        _tracker.Fault = new TrackerFault.Garbage(body);
        var error = await FailAsync(TrackerErrorKind.Malformed);
        Assert.Equal(field, error.Field);
        Assert.NotNull(error.Offset);
    }

    [Fact]
    public async Task A_body_nested_ten_thousand_deep_does_no_harm()
    {
        _tracker.Fault = new TrackerFault.Garbage(Encoding.ASCII.GetBytes(new string('l', 10_000)));
        await FailAsync(TrackerErrorKind.Malformed);
    }

    [Fact]
    public async Task An_endless_body_ends_at_the_limit()
    {
        _tracker.Fault = new TrackerFault.EndlessBody();
        await FailAsync(TrackerErrorKind.BodyTooLarge);
    }

    [Fact]
    public async Task A_small_body_that_unpacks_to_a_huge_one_ends_at_the_limit()
    {
        _tracker.Fault = new TrackerFault.GzipBomb(64 << 20);
        await FailAsync(TrackerErrorKind.BodyTooLarge);
    }

    [Fact]
    public async Task A_body_of_just_the_limit_is_read()
    {
        var limited = Options with { BodyLimitBytes = 1_000 };
        _tracker.Fault = new TrackerFault.Garbage(new byte[1_000]);
        await FailAsync(TrackerErrorKind.Malformed, Client(limited));
        _tracker.Fault = new TrackerFault.Garbage(new byte[1_001]);
        await FailAsync(TrackerErrorKind.BodyTooLarge, Client(limited));
        _tracker.Fault = new TrackerFault.GzipBomb(1_000);
        await FailAsync(TrackerErrorKind.Malformed, Client(limited));
        _tracker.Fault = new TrackerFault.GzipBomb(1_001);
        await FailAsync(TrackerErrorKind.BodyTooLarge, Client(limited));
    }

    [Fact]
    public async Task A_silent_tracker_is_given_up_at_the_deadline()
    {
        _tracker.Fault = new TrackerFault.Silent();
        await FailAsync(TrackerErrorKind.Timeout, Client(Options with { AnnounceTimeout = TimeSpan.FromMilliseconds(100) }));
    }

    [Fact]
    public async Task Cancellation_is_no_failure_of_the_tracker()
    {
        _tracker.Fault = new TrackerFault.Silent();
        using var cancellation = new CancellationTokenSource();
        var announce = Client(Options).AnnounceAsync(_tracker.AnnounceUri, Request(), cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => announce);
    }

    [Fact]
    public async Task A_refused_connection_is_named()
    {
        // Bound and not listening: the port is taken and refuses.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var uri = new Uri($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}/announce");
        await FailAsync(TrackerErrorKind.Refused, Client(Options), uri);
    }

    [Fact]
    public async Task A_name_without_an_address_is_named()
    {
        var client = Client(Options, (_, _) => throw new SocketException((int)SocketError.HostNotFound));
        var error = await FailAsync(TrackerErrorKind.Dns, client, new Uri("http://nowhere.example/announce"));
        Assert.Contains("nowhere.example", error.Message, StringComparison.Ordinal);
        client = Client(Options, (_, _) => Task.FromResult(Array.Empty<IPAddress>()));
        await FailAsync(TrackerErrorKind.Dns, client, new Uri("http://nowhere.example/announce"));
    }

    [Fact]
    public async Task A_plain_server_under_an_https_url_is_a_tls_failure() =>
        await FailAsync(TrackerErrorKind.Tls, Client(Options), new UriBuilder(_tracker.AnnounceUri) { Scheme = "https" }.Uri);

    [Fact]
    public async Task A_redirect_is_followed()
    {
        await using var other = new LabTracker();
        await other.StartAsync();
        _tracker.Fault = new TrackerFault.RedirectTo(other.AnnounceUri);
        Assert.IsType<TrackerAnswer.Success>(await AnnounceAsync());
        Assert.NotNull(other.Swarms.Scrape(Hash));
    }

    [Fact]
    public async Task Redirects_are_counted()
    {
        _tracker.Fault = new TrackerFault.RedirectLoop();
        var error = await FailAsync(TrackerErrorKind.RedirectRefused);
        Assert.Contains("more than 5 times", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_to_itself_is_a_circle()
    {
        _tracker.Fault = new TrackerFault.RedirectTo(_tracker.AnnounceUri);
        var error = await FailAsync(TrackerErrorKind.RedirectRefused);
        Assert.Contains("circle", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_to_another_scheme_is_refused()
    {
        _tracker.Fault = new TrackerFault.RedirectTo(new Uri("ftp://a.example/"));
        await FailAsync(TrackerErrorKind.RedirectRefused);
    }

    [Theory]
    [InlineData("Public", "Host", false)]
    [InlineData("Public", "Lan", false)]
    [InlineData("Lan", "Host", false)]
    [InlineData("Public", "Public", true)]
    [InlineData("Lan", "Lan", true)]
    [InlineData("Lan", "Public", true)]
    [InlineData("Host", "Host", true)]
    [InlineData("Host", "Public", true)]
    public async Task A_redirect_leads_no_nearer_to_this_host(string from, string to, bool allowed)
    {
        var targetAddress = IPAddress.Parse("127.0.0.2");
        await using var target = new LabTracker();
        await target.StartAsync(targetAddress);
        _tracker.Fault = new TrackerFault.RedirectTo(target.AnnounceUri);
        var client = Client(Options, zoneOf: address => Enum.Parse<NetworkZone>(address.Equals(targetAddress) ? to : from));

        var answer = await client.AnnounceAsync(_tracker.AnnounceUri, Request(), default);

        if (allowed)
            Assert.IsType<TrackerAnswer.Success>(answer);
        else
            Assert.Equal(TrackerErrorKind.RedirectRefused, Assert.IsType<TrackerAnswer.Failure>(answer).Error.Kind);
        Assert.Equal(allowed, target.Swarms.Scrape(Hash) is not null);
    }

    [Fact]
    public async Task A_name_that_resolves_to_this_host_is_no_way_around()
    {
        await using var target = new LabTracker();
        await target.StartAsync(IPAddress.Parse("127.0.0.2"));
        _tracker.Fault = new TrackerFault.RedirectTo(new UriBuilder(target.AnnounceUri) { Host = "rebound.example" }.Uri);
        var client = Client(
            Options,
            (_, _) => Task.FromResult(new[] { IPAddress.Parse("127.0.0.2") }),
            address => address.Equals(IPAddress.Loopback) ? NetworkZone.Public : NetworkZone.Host);
        await FailAsync(TrackerErrorKind.RedirectRefused, client);
        Assert.Null(target.Swarms.Scrape(Hash));
    }

    [Fact]
    public async Task The_passkey_is_in_no_message()
    {
        var uri = new Uri(_tracker.AnnounceUri, "/announce?passkey=s3cret");
        foreach (var fault in new TrackerFault[]
        {
            new TrackerFault.HttpStatus(500),
            new TrackerFault.EndlessBody(),
            new TrackerFault.RedirectLoop(),
            new TrackerFault.Failure("no"),
            new TrackerFault.Garbage("x"u8.ToArray()),
        })
        {
            _tracker.Fault = fault;
            var failure = Assert.IsType<TrackerAnswer.Failure>(await AnnounceAsync(uri));
            Assert.DoesNotContain("s3cret", failure.Error.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Torrents_are_scraped_and_what_was_not_asked_for_is_not_kept()
    {
        var other = InfoHash.Parse("ffffffffffffffffffffffffffffffffffffffff");
        _tracker.Swarms.Pin(Hash, Peer("10.0.0.1:1", true));
        var success = Assert.IsType<ScrapeAnswer.Success>(
            await Client(Options with { ScrapeMaxTorrents = 1 }).ScrapeAsync(_tracker.AnnounceUri, [other, Hash], default));
        Assert.Equal(new ScrapeEntry(1, 0, 0), Assert.Single(success.Torrents).Value);
    }

    [Fact]
    public async Task A_url_without_a_scrape_and_a_tracker_without_an_answer_are_errors()
    {
        var client = Client(Options);
        var none = Assert.IsType<ScrapeAnswer.Failure>(await client.ScrapeAsync(new Uri(_tracker.AnnounceUri, "/a"), [Hash], default));
        Assert.Equal(TrackerErrorKind.NoScrape, none.Error.Kind);
        var missing = Assert.IsType<ScrapeAnswer.Failure>(await client.ScrapeAsync(new Uri(_tracker.AnnounceUri, "/x/announce"), [Hash], default));
        Assert.Equal((TrackerErrorKind.HttpStatus, 404), (missing.Error.Kind, missing.Error.HttpStatus));
    }

    [Fact]
    public async Task A_tracker_with_both_families_is_told_over_each_with_the_same_key()
    {
        await using var both = new LabTracker
        {
            OnAnnounce = announce =>
            {
                lock (_announces)
                    _announces.Add(announce);
            },
        };
        await both.StartAsync(IPAddress.IPv6Any);
        both.Swarms.Pin(Hash, Peer("10.0.0.1:1", true));
        var client = Client(
            Options with { OtherFamilyPatience = TimeSpan.FromSeconds(10) }, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.IPv6Loopback, IPAddress.Loopback]));

        var success = Assert.IsType<TrackerAnswer.Success>(
            await client.AnnounceAsync(new Uri($"http://both.example:{both.Port}/announce"), Request(AnnounceEvent.Started), default));

        Assert.True(success.TrackerIsLocal);
        Assert.Contains(success.Response.Peers, peer => peer.EndPoint.Equals(IPEndPoint.Parse("10.0.0.1:1")));
        Assert.Equal(
            new[] { IPEndPoint.Parse("127.0.0.1:6881"), IPEndPoint.Parse("[::1]:6881") }.ToHashSet(), _announces.Select(announce => announce.EndPoint).ToHashSet());
        Assert.All(_announces, announce => Assert.Equal(0xDEADBEEF, announce.Query.Request.Key));
    }

    [Fact]
    public async Task A_family_that_does_not_answer_costs_no_more_than_the_patience()
    {
        using var silent = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = false };
        silent.Bind(new IPEndPoint(IPAddress.IPv6Loopback, _tracker.Port));
        silent.Listen();
        var client = Client(
            Options with { OtherFamilyPatience = TimeSpan.FromMilliseconds(50) },
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.IPv6Loopback, IPAddress.Loopback]));
        var uri = new Uri($"http://both.example:{_tracker.Port}/announce");
        Assert.IsType<TrackerAnswer.Success>(await client.AnnounceAsync(uri, Request(), default));

        // Both fail: the refusal is told, not the silence.
        _tracker.Fault = new TrackerFault.Failure("no");
        client = Client(
            Options with { AnnounceTimeout = TimeSpan.FromSeconds(2) },
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.IPv6Loopback, IPAddress.Loopback]));
        Assert.Equal("both.example said: no", (await FailAsync(TrackerErrorKind.FailureReason, client, uri)).Message);
    }

    [Fact]
    public async Task An_https_tracker_whose_certificate_is_trusted_is_announced_to_and_scraped()
    {
        await using var server = await TlsServer.StartAsync();
        var trusting = new HttpTrackerClient(
            Options, TimeProvider.System, Dns.GetHostAddressesAsync, NetworkZones.Of, (_, certificate, _, _) => server.IsOwn(certificate));

        server.Body = [.. "d8:intervali900e5:peers6:"u8, 10, 0, 0, 1, 0x1A, 0xE1, (byte)'e'];
        var success = Assert.IsType<TrackerAnswer.Success>(await trusting.AnnounceAsync(new Uri(server.Address, "/announce"), Request(), default));
        Assert.Equal(IPEndPoint.Parse("10.0.0.1:6881"), Assert.Single(success.Response.Peers).EndPoint);
        server.Body = HttpScrape.WriteResponse(new Dictionary<InfoHash, ScrapeEntry> { [Hash] = new(1, 2, 3) });
        var scrape = Assert.IsType<ScrapeAnswer.Success>(await trusting.ScrapeAsync(new Uri(server.Address, "/announce"), [Hash], default));
        Assert.Equal(new ScrapeEntry(1, 2, 3), scrape.Torrents[Hash]);

        // Users' clients trust whom the system trusts, and nobody vouches for this one.
        await FailAsync(TrackerErrorKind.Tls, Client(Options), new Uri(server.Address, "/announce"));
    }

    private static HttpTrackerClient Client(
        TrackerOptions options,
        Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null,
        Func<IPAddress, NetworkZone>? zoneOf = null) =>
        new(options, TimeProvider.System, resolve ?? Dns.GetHostAddressesAsync, zoneOf ?? NetworkZones.Of);

    private static AnnounceRequest Request(AnnounceEvent announceEvent = AnnounceEvent.None) =>
        new(Hash, Id, 6881, 1, 2, 3, announceEvent, 80, 0xDEADBEEF, "lab");

    private static SwarmPeer Peer(string endPoint, bool isSeed) =>
        new(IPEndPoint.Parse(endPoint), PeerId.Create(new Random(endPoint.Length)), isSeed);

    private Task<TrackerAnswer> AnnounceAsync(Uri? tracker = null, AnnounceRequest? request = null) =>
        new HttpTrackerClient(Options).AnnounceAsync(tracker ?? _tracker.AnnounceUri, request ?? Request(), default);

    private async Task<TrackerError> FailAsync(TrackerErrorKind kind, HttpTrackerClient? client = null, Uri? tracker = null)
    {
        var answer = await (client ?? Client(Options)).AnnounceAsync(tracker ?? _tracker.AnnounceUri, Request(), default);
        var error = Assert.IsType<TrackerAnswer.Failure>(answer).Error;
        Assert.True(kind == error.Kind, $"{error.Kind}: {error.Message}");
        return error;
    }
}
