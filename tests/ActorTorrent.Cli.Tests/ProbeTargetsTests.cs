using System.Net;
using ActorTorrent.Cli.Tests.Support;
using ActorTorrent.Lab.Trackers;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Cli.Tests;

public sealed class ProbeTargetsTests : IDisposable
{
    private const string Hash = "0123456789abcdef0123456789abcdef01234567";

    private static readonly PeerId Id = PeerId.Create(new Random(1));

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Addresses_are_taken_once_in_their_order()
    {
        var targets = await Find(Hash, "10.0.0.2:5", "[::1]:6", "10.0.0.2:5", "10.0.0.1:5");

        Assert.Equal(["10.0.0.2:5", "[::1]:6", "10.0.0.1:5"], targets.Peers.Select(peer => peer.ToString()));
        Assert.Equal(Hash, targets.InfoHash.ToString());
        Assert.Empty(targets.Remarks);
    }

    [Theory]
    [InlineData("::1:6881", "write an IPv6 address in brackets")]
    [InlineData("10.0.0.1:0", "neither a torrent file nor HOST:PORT")]
    [InlineData("10.0.0.1", "neither a torrent file nor HOST:PORT")]
    [InlineData("nobody.invalid:1", "the host 'nobody.invalid' cannot be looked up")]
    [InlineData("none.torrent", "no such file")]
    public async Task What_is_no_peer_is_named(string argument, string why)
    {
        var refusal = await Assert.ThrowsAsync<InputException>(() => Find(Hash, argument));

        Assert.StartsWith(argument, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_info_hash_is_the_torrents_and_no_other()
    {
        var torrent = _folder.Write("a.torrent", SampleTorrent.Content.BuildTorrent());

        var targets = await Find(null, torrent, "10.0.0.1:5");
        var refusal = await Assert.ThrowsAsync<InputException>(() => Find(Hash, torrent));

        Assert.Equal(SampleTorrent.Content.InfoHash, targets.InfoHash);
        Assert.Equal("10.0.0.1:5", Assert.Single(targets.Peers).ToString());
        Assert.Equal("The torrent names no tracker.", Assert.Single(targets.Remarks));
        Assert.Contains("is not the torrent's", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_magnet_link_names_torrent_and_peers()
    {
        var targets = await Find(null, $"magnet:?xt=urn:btih:{Hash}&x.pe=10.0.0.1:5&x.pe=[::1]:6", "10.0.0.2:7");

        Assert.Equal(Hash, targets.InfoHash.ToString());
        Assert.Equal(["10.0.0.1:5", "[::1]:6", "10.0.0.2:7"], targets.Peers.Select(peer => peer.ToString()));
    }

    [Fact]
    public async Task Peers_of_two_torrents_are_not_asked_at_once()
    {
        var torrent = _folder.Write("a.torrent", SampleTorrent.Content.BuildTorrent());

        var refusal = await Assert.ThrowsAsync<InputException>(() => Find(null, torrent, torrent));

        Assert.Contains("a second torrent file", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trackers_name_the_peers_and_what_each_said_is_remarked()
    {
        await using var tracker = new LabTracker();
        await tracker.StartAsync();
        await using var udp = new LabTracker(new LabTrackerOptions { UdpPort = 0 });
        await udp.StartAsync();
        await using var failing = new LabTracker(new LabTrackerOptions { Fault = new TrackerFault.HttpStatus(503) });
        await failing.StartAsync();
        var peer = new IPEndPoint(IPAddress.Parse("127.9.8.7"), 4321);
        udp.Swarms.Pin(SampleTorrent.Content.InfoHash, new SwarmPeer(peer, PeerId.Create(new Random(2)), IsSeed: true));
        tracker.Swarms.Pin(SampleTorrent.Content.InfoHash, new SwarmPeer(peer, PeerId.Create(new Random(2)), IsSeed: true));
        var torrent = _folder.Write(
            "a.torrent", SampleTorrent.Content.BuildTorrent(tracker.AnnounceUri, failing.AnnounceUri, udp.UdpAnnounceUri));

        var targets = await Find(null, torrent);

        Assert.Equal(peer, Assert.Single(targets.Peers));
        Assert.Equal("127.0.0.1 named 1 peer.", targets.Remarks[0]);
        Assert.Contains("503", targets.Remarks[1], StringComparison.Ordinal);
        Assert.Equal("127.0.0.1 named 1 peer.", targets.Remarks[2]);
        Assert.Equal((1, 0), (udp.Swarms.Scrape(SampleTorrent.Content.InfoHash)!.Seeders, udp.Swarms.Scrape(SampleTorrent.Content.InfoHash)!.Leechers));
        // It said good-bye: nobody listens at the port that it announced.
        Assert.Equal((1, 0), (tracker.Swarms.Scrape(SampleTorrent.Content.InfoHash)!.Seeders, tracker.Swarms.Scrape(SampleTorrent.Content.InfoHash)!.Leechers));
    }

    private static Task<ProbeTargets> Find(string? infoHash, params string[] arguments)
        => ProbeTargets.FindAsync(arguments, infoHash, Id, CancellationToken.None);
}
