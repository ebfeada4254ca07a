using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Resume;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Dht;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>Engines that find each other by the DHT alone, over real sockets on loopback.</summary>
public sealed class DhtTests
{
    private const string On = "actortorrent.dht.enabled = true";

    [Fact]
    public async Task A_torrent_without_trackers_comes_from_a_seed_that_nodes_between_know_of()
    {
        await using var first = await EngineUnderTest.StartAsync(On);
        await using var second = await EngineUnderTest.StartAsync(Beginning(await Dht(first)));
        using var seedFolder = new TempFolder();
        using var folder = new TempFolder();
        var content = Content(11, 1 << 20);
        await content.WriteFilesAsync(seedFolder.Path, CancellationToken.None);
        await using var seed = await EngineUnderTest.StartAsync(Beginning(await Dht(second)));
        await seed.DownloadAsync(content, seedFolder.Path);
        await seed.UntilComplete();
        await Eventually.HoldsAsync(
            async () => (await Dht(first)).StoredPeers + (await Dht(second)).StoredPeers > 0, () => "The seed is announced to nobody.");

        await using var ours = await EngineUnderTest.StartAsync(Beginning(await Dht(first)));
        await ours.DownloadAsync(content, folder.Path);
        await ours.UntilComplete();
        Assert.Empty(content.Verify(folder.Path).Differences);
    }

    [Fact]
    public async Task Nodes_are_learnt_from_peers_and_kept_for_the_next_start()
    {
        using var state = new TempFolder();
        using var seedFolder = new TempFolder();
        using var folder = new TempFolder();
        var content = Content(12, 256 << 10);
        await content.WriteFilesAsync(seedFolder.Path, CancellationToken.None);
        await using var seed = await EngineUnderTest.StartAsync(On);
        await seed.DownloadAsync(content, seedFolder.Path);
        await seed.UntilComplete();

        int port;
        await using (var ours = await EngineUnderTest.StartAsync(On, new ResumeStore(state.Path)))
        {
            port = seed.Context.ListenPort;
            await ours.DownloadAsync(content, folder.Path, new IPEndPoint(IPAddress.Loopback, port));
            await ours.UntilComplete();
            await Eventually.HoldsAsync(async () => (await Dht(ours)).Nodes == 1, () => "The peer's node is not in the table.");
            await Eventually.HoldsAsync(async () => (await Dht(seed)).Nodes == 1, () => "Our node is not in the peer's table.");
        }
        Assert.True(File.Exists(Path.Combine(state.Path, "dht.nodes")));
        await using var again = await EngineUnderTest.StartAsync(On, new ResumeStore(state.Path));
        await Eventually.HoldsAsync(async () => (await Dht(again)).Nodes == 1, () => "The saved node is not in the table.");
    }

    [Fact]
    public async Task A_read_only_node_answers_nobody_and_is_in_nobodys_table()
    {
        await using var node = await EngineUnderTest.StartAsync(On);
        await using var reader = await EngineUnderTest.StartAsync(Beginning(await Dht(node)) + ", actortorrent.dht.read-only = true");
        await Eventually.HoldsAsync(async () => (await Dht(reader)).Nodes == 1, () => "The reader knows nobody.");
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await Ask(socket, (await Dht(reader)).Port, KrpcMessage.Ping(default));
        await Eventually.HoldsAsync(async () => (await Dht(reader)).Ignored > 0, () => "The query was not seen.");
        Assert.Equal(0, socket.Available);
        Assert.Equal(0, (await Dht(node)).Nodes);
    }

    [Fact]
    public async Task Each_family_of_addresses_has_a_table_and_tells_of_the_other()
    {
        await using var first = await EngineUnderTest.StartAsync(On);
        var port = (await Dht(first)).Port;
        await using var second = await EngineUnderTest.StartAsync($"{On}, actortorrent.dht.bootstrap = [\"[::1]:{port}\"]");
        await Eventually.HoldsAsync(async () => (await Dht(second)).Nodes6 == 1, () => "Nobody is known over IPv6.");
        await Eventually.HoldsAsync(async () => (await Dht(first)).Nodes6 == 1, () => "The asker is not known over IPv6.");
        Assert.Equal(0, (await Dht(second)).Nodes);
    }

    [Fact]
    public async Task A_private_torrent_is_not_looked_for()
    {
        await using var node = await EngineUnderTest.StartAsync(On);
        using var folder = new TempFolder();
        var torrent = new TorrentBuilder { Name = "private", PieceLength = 64 << 10, PieceHashes = new byte[20], IsPrivate = true };
        torrent.AddFile(["a"], 64 << 10);
        await node.Engine.AddAsync(new TorrentSpec(TorrentFileParser.Parse(torrent.Build()), folder.Path));
        await node.Until<TorrentSnapshot>(static snapshot => snapshot.Phase == TorrentPhase.Downloading);
        Assert.Equal(0, (await Dht(node)).Followed);
    }

    [Fact]
    public async Task Garbage_and_floods_leave_the_node_as_it_was()
    {
        await using var node = await EngineUnderTest.StartAsync(On + ", actortorrent.dht.query-burst = 200, actortorrent.dht.queries-per-second = 1");
        var port = (await Dht(node)).Port;
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var random = new Random(3);
        byte[] deep = [.. Enumerable.Repeat((byte)'l', 1400)];
        for (var i = 0; i < 30; i++)
        {
            var noise = new byte[random.Next(1, 1400)];
            random.NextBytes(noise);
            await socket.SendAsync(i % 2 == 0 ? noise : deep, new IPEndPoint(IPAddress.Loopback, port));
        }
        await Eventually.HoldsAsync(async () => (await Dht(node)).Malformed >= 30, () => "Not all of it came.");
        for (var i = 0; i < 200; i++)
            await Ask(socket, port, KrpcMessage.Ping(default));
        await Eventually.HoldsAsync(async () => (await Dht(node)).Ignored > 0, () => "The flood is not noticed.");
        var status = await Dht(node);
        Assert.Equal((0, 0, 0), (status.Nodes, status.StoredTorrents, status.Lookups));
    }

    private static GeneratedContent Content(ulong seed, long length) => new("found", seed, 64 << 10, [new GeneratedFile("a.bin", length)]);

    private static async Task<DhtStatus> Dht(EngineUnderTest engine)
        => await engine.Engine.DhtAsync() ?? throw new InvalidOperationException("It has no DHT node.");

    private static string Beginning(DhtStatus node) => $"{On}, actortorrent.dht.bootstrap = [\"127.0.0.1:{node.Port}\"]";

    private static async Task Ask(UdpClient socket, int port, KrpcMessage query)
    {
        var buffer = new byte[KrpcMessage.MaxLength];
        var length = KrpcWriter.Write(query with { TransactionId = new byte[] { 1, 2 } }, buffer);
        await socket.SendAsync(buffer.AsMemory(0, length), new IPEndPoint(IPAddress.Loopback, port));
    }
}
