using System.Net;
using System.Text;
using ActorTorrent.Lab.Trackers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Lab.Tests.Trackers;

public sealed class LabTrackerTests : IDisposable
{
    private static readonly InfoHash Hash = InfoHash.Parse("00ff25202b41c3a97f80fe0a0d26233f3d2fe282");
    private static readonly InfoHash OtherHash = InfoHash.Parse("11ff25202b41c3a97f80fe0a0d26233f3d2fe282");

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task It_listens_on_loopback_on_a_free_port_by_default()
    {
        await using var tracker = await StartAsync();
        Assert.Equal("127.0.0.1", tracker.AnnounceUri.Host);
        Assert.Equal("/announce", tracker.AnnounceUri.AbsolutePath);
        Assert.NotEqual(0, tracker.Port);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_io_exception()
    {
        await using var first = await StartAsync();
        await using var second = new LabTracker();
        await Assert.ThrowsAnyAsync<IOException>(() => second.StartAsync(IPAddress.Loopback, first.Port));
        Assert.Throws<InvalidOperationException>(() => second.AnnounceUri);
    }

    [Fact]
    public async Task It_serves_many_torrents_apart()
    {
        await using var tracker = await StartAsync();
        Assert.Empty((await AnnounceAsync(tracker, Hash, 1)).Peers);
        Assert.Empty((await AnnounceAsync(tracker, OtherHash, 2)).Peers);
        var answer = await AnnounceAsync(tracker, Hash, 3);
        Assert.Equal(IPEndPoint.Parse("127.0.0.1:1"), Assert.Single(answer.Peers).EndPoint);
        Assert.Equal((0, 2), (answer.Seeders, answer.Leechers));
    }

    [Fact]
    public async Task Peers_come_compact_or_as_dictionaries_with_or_without_ids()
    {
        await using var tracker = await StartAsync();
        tracker.Swarms.Pin(Hash, new SwarmPeer(IPEndPoint.Parse("10.0.0.1:5"), Id(5), true));
        tracker.Swarms.Pin(Hash, new SwarmPeer(IPEndPoint.Parse("[2001:db8::1]:6"), Id(6), true));

        var compact = await GetAsync(tracker, Hash, 1, "&compact=1");
        Assert.Contains("5:peers6:", compact, StringComparison.Ordinal);
        Assert.Contains("6:peers618:", compact, StringComparison.Ordinal);

        var dictionaries = await GetAsync(tracker, Hash, 1, "&compact=0&no_peer_id=0");
        Assert.Contains("2:ip8:10.0.0.1", dictionaries, StringComparison.Ordinal);
        Assert.Contains("2:ip11:2001:db8::1", dictionaries, StringComparison.Ordinal);
        Assert.Contains("7:peer id20:", dictionaries, StringComparison.Ordinal);

        Assert.DoesNotContain("peer id", await GetAsync(tracker, Hash, 1, "&compact=0&no_peer_id=1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_number_of_peers_is_bounded_by_wish_and_option()
    {
        await using var tracker = await StartAsync(new LabTrackerOptions { DefaultNumWant = 3, MaxNumWant = 7 });
        for (ushort port = 10; port < 30; port++)
            tracker.Swarms.Pin(Hash, new SwarmPeer(new IPEndPoint(IPAddress.Loopback, port), Id(port), false));
        foreach (var (wanted, expected) in new[] { (-1, 3), (0, 0), (5, 5), (7, 7), (1000, 7) })
            Assert.Equal(expected, (await AnnounceAsync(tracker, Hash, 1, wanted)).Peers.Count);
    }

    [Fact]
    public async Task A_client_on_loopback_may_name_its_address()
    {
        await using var tracker = await StartAsync();
        await GetAsync(tracker, Hash, 1, "&ip=127.0.3.4");
        var answer = await AnnounceAsync(tracker, Hash, 2);
        Assert.Equal(IPEndPoint.Parse("127.0.3.4:1"), Assert.Single(answer.Peers).EndPoint);
    }

    [Fact]
    public async Task Only_allowed_torrents_are_served()
    {
        await using var tracker = await StartAsync(new LabTrackerOptions { AllowedInfoHashes = new HashSet<InfoHash> { Hash } });
        await AnnounceAsync(tracker, Hash, 1);
        await Assert.ThrowsAsync<TrackerFailureException>(() => AnnounceAsync(tracker, OtherHash, 1));
        Assert.Null(tracker.Swarms.Scrape(OtherHash));
    }

    [Fact]
    public async Task A_query_that_makes_no_sense_is_refused_with_a_reason()
    {
        await using var tracker = await StartAsync();
        var body = await _http.GetByteArrayAsync(new Uri(tracker.AnnounceUri, "/announce?info_hash=short"));
        Assert.Throws<TrackerFailureException>(() => HttpAnnounce.ParseResponse(body));
    }

    [Fact]
    public async Task Scrape_tells_the_numbers_of_the_torrents_asked_for()
    {
        await using var tracker = await StartAsync();
        tracker.Swarms.Pin(Hash, new SwarmPeer(IPEndPoint.Parse("10.0.0.1:5"), Id(5), true));
        await AnnounceAsync(tracker, Hash, 1);
        await AnnounceAsync(tracker, OtherHash, 1);

        Assert.True(HttpScrape.TryBuildUri(tracker.AnnounceUri, [Hash], out var uri));
        var entry = Assert.Single(HttpScrape.ParseResponse(await _http.GetByteArrayAsync(uri)));
        Assert.Equal((Hash, new ScrapeEntry(1, 0, 1)), (entry.Key, entry.Value));

        var all = HttpScrape.ParseResponse(await _http.GetByteArrayAsync(new Uri(tracker.AnnounceUri, "/scrape")));
        Assert.Equal(2, all.Count);
    }

    [Fact]
    public async Task Other_paths_are_not_found()
    {
        await using var tracker = await StartAsync();
        using var response = await _http.GetAsync(new Uri(tracker.AnnounceUri, "/"));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Its_end_does_not_wait_for_requests_that_a_fault_holds()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var tracker = new LabTracker(new LabTrackerOptions { Fault = new TrackerFault.Silent() }) { OnRequest = arrived.SetResult };
        await tracker.StartAsync();
        var request = _http.GetByteArrayAsync(tracker.AnnounceUri);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await tracker.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(4));
        await Assert.ThrowsAsync<HttpRequestException>(() => request);
    }

    private static async Task<LabTracker> StartAsync(LabTrackerOptions? options = null)
    {
        var tracker = new LabTracker(options);
        await tracker.StartAsync();
        return tracker;
    }

    private static PeerId Id(int number) => PeerId.Create(new Random(number));

    private static Uri UriOf(LabTracker tracker, InfoHash infoHash, ushort port, int numWant = -1) =>
        HttpAnnounce.BuildUri(tracker.AnnounceUri, new AnnounceRequest(infoHash, Id(port), port, 0, 0, 1, AnnounceEvent.Started, numWant, 1));

    private async Task<AnnounceResponse> AnnounceAsync(LabTracker tracker, InfoHash infoHash, ushort port, int numWant = -1) =>
        HttpAnnounce.ParseResponse(await _http.GetByteArrayAsync(UriOf(tracker, infoHash, port, numWant)));

    // The last of two values for a key counts, so that what is appended replaces what the client would say.
    private async Task<string> GetAsync(LabTracker tracker, InfoHash infoHash, ushort port, string more)
    {
        var uri = UriOf(tracker, infoHash, port);
        return Encoding.Latin1.GetString(await _http.GetByteArrayAsync(
            new Uri(uri.OriginalString + more, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true })));
    }
}
