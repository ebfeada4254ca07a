using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Trackers;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>Engines that know nothing of each other but what a UDP tracker, or the network of this very host, tells them.</summary>
public sealed class FindingPeersTests : IDisposable
{
    private readonly Storage.TempFolder _folder = new();
    private readonly GeneratedContent _content = new("found", 5, 64 << 10, [new("found.bin", 2 << 20)]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_udp_tracker_brings_them_together_and_tells_its_numbers()
    {
        await using var tracker = new LabTracker(new LabTrackerOptions { UdpPort = 0 });
        await tracker.StartAsync();
        await using var seed = await SeedAsync("", tracker.UdpAnnounceUri);
        await seed.Until<TorrentEvent.Announced>();
        await using var leech = await EngineUnderTest.StartAsync();
        await leech.Engine.AddAsync(Spec("leech", tracker.UdpAnnounceUri));

        await leech.UntilComplete();
        Assert.True(_content.Verify(Path.Combine(_folder.Path, "leech")).IsGood);
        var swarm = (await leech.Until<TorrentSnapshot>(snapshot => snapshot.Swarm?.Completed is not null)).Swarm!;
        Assert.InRange(swarm.Seeders, 1, 2);

        // Both say good-bye.
        await leech.Engine.StopAsync(TimeSpan.FromSeconds(10));
        await seed.Engine.StopAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(new SwarmCounts(0, 0, 1), tracker.Swarms.Scrape(_content.InfoHash));
    }

    [Fact]
    public async Task In_the_local_network_they_find_each_other_without_a_tracker()
    {
        var overlay = Lsd(FreePort());
        await using var leech = await EngineUnderTest.StartAsync(overlay);
        await leech.Engine.AddAsync(Spec("leech"));
        await using var seed = await SeedAsync(overlay);
        await leech.UntilComplete();
        Assert.True(_content.Verify(Path.Combine(_folder.Path, "leech")).IsGood);
    }

    [Fact]
    public async Task A_private_torrent_is_not_told_of_in_the_local_network()
    {
        var port = FreePort();
        using var listening = Listen(port);
        await using var seed = await EngineUnderTest.StartAsync(Lsd(port));
        var secret = new TorrentBuilder { Name = "secret", PieceLength = 64 << 10, PieceHashes = new byte[20], IsPrivate = true };
        var metainfo = TorrentFileParser.Parse(secret.AddFile(["a"], 100).Build());
        await seed.Engine.AddAsync(new TorrentSpec(metainfo, Path.Combine(_folder.Path, "secret")));
        await seed.Until<TorrentEvent.Checked>();

        // The public one is told of; had the private one been followed, it would stand in the same message.
        await seed.Engine.AddAsync(Spec("open"));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[2000];
        var length = await listening.ReceiveAsync(buffer, SocketFlags.None, patience.Token);
        Assert.True(Wire.Discovery.LsdMessage.TryRead(buffer.AsSpan(0, length), out var message));
        Assert.Equal([_content.InfoHash], message.InfoHashes);
    }

    private static string Lsd(int port) => $$"""
        actortorrent.lsd {
          enabled = true
          interfaces = loopback
          port = {{port}}
          gather = 300ms
          message-interval = 500ms
          announce-interval = 500ms
        }
        """;

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static Socket Listen(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        socket.SetSocketOption(
            SocketOptionLevel.IP,
            SocketOptionName.AddMembership,
            new MulticastOption(IPAddress.Parse(Wire.Discovery.LsdMessage.GroupV4), IPAddress.Loopback));
        return socket;
    }

    private TorrentSpec Spec(string folder, params Uri[] trackers) => new(
        trackers.Length == 0 ? _content.Metainfo : TorrentFileParser.Parse(_content.BuildTorrent(trackers)), Path.Combine(_folder.Path, folder));

    private async Task<EngineUnderTest> SeedAsync(string overlay, params Uri[] trackers)
    {
        await _content.WriteFilesAsync(Path.Combine(_folder.Path, "seed"));
        var seed = await EngineUnderTest.StartAsync(overlay);
        await seed.Engine.AddAsync(Spec("seed", trackers));
        await seed.UntilComplete();
        return seed;
    }
}
