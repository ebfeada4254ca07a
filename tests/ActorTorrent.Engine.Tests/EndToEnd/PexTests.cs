using System.Net;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>Peers of peers (BEP 11) over real sockets; private torrents, which know none (BEP 27).</summary>
public sealed class PexTests : IDisposable
{
    private const byte OurPex = 3;
    private const PeerCapabilities Both = PeerCapabilities.Fast | PeerCapabilities.Extended;

    private readonly GeneratedContent _content = new("content", 12, 32 << 10, [new("a.bin", 1_000_000)]);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_download_finds_the_seed_through_another_that_knows_it()
    {
        await using var seed = await EngineUnderTest.StartAsync();
        await using var broker = await EngineUnderTest.StartAsync("actortorrent.limits.torrent-download = 16KiB/s");
        await using var last = await EngineUnderTest.StartAsync();
        var seedPort = await Seed(seed);
        var middle = await broker.DownloadAsync(_content, _folder["broker"], At(seedPort));
        await broker.Until<TorrentSnapshot>(s => s.Peers.Seeds == 1);

        await last.DownloadAsync(_content, _folder["last"], At(middle.ListenPort));
        await last.UntilComplete();

        Assert.True(_content.Verify(_folder["last"]).IsGood);
        // The one between them cannot have given it all: it has not got it itself.
        Assert.InRange((await TorrentEngine.SnapshotAsync(middle)).BytesVerified, 0, _content.Layout.TotalLength - 1);
    }

    [Fact]
    public async Task A_peer_is_told_of_the_others_once_and_of_those_that_leave()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        var port = await Seed(engine);
        await using var peer = await Dial(port);
        await peer.SendAsync(Introduce(listenPort: 1001));
        await using (var other = await Dial(port))
        {
            await other.SendAsync(Introduce(listenPort: 1002));
            var added = await Pex(peer);
            Assert.Equal(new IPEndPoint(IPAddress.Loopback, 1002), Assert.Single(added.Added).EndPoint);
            Assert.Empty(added.Dropped);
        }
        var dropped = await Pex(peer);
        Assert.Empty(dropped.Added);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 1002), Assert.Single(dropped.Dropped));
    }

    [Fact]
    public async Task Peers_that_are_named_are_dialled()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        await using var seed = await EngineUnderTest.StartAsync();
        var added = await engine.DownloadAsync(_content, _folder["out"]);
        await engine.Until<TorrentSnapshot>(s => s.Phase == TorrentPhase.Downloading);
        await using var peer = await Dial(added.ListenPort);

        await peer.SendAsync(Tell(At(await Seed(seed)), new IPEndPoint(IPAddress.Any, 5), new IPEndPoint(IPAddress.Broadcast, 5)));

        await engine.UntilComplete();
        Assert.Contains(engine.Seen, item => item is TorrentSnapshot { Peers.Sources.Pex: 1 });
    }

    [Theory]
    [InlineData("d5:added5:abcdee", FaultCause.MalformedMessage)]
    [InlineData("d5:added", FaultCause.MalformedMessage)]
    [InlineData("i5e", FaultCause.MalformedMessage)]
    [InlineData("", FaultCause.MalformedMessage)]
    public async Task A_malformed_pex_message_is_a_fault(string payload, FaultCause cause)
    {
        await using var engine = await EngineUnderTest.StartAsync();
        await using var peer = await Dial(await Seed(engine));
        await peer.SendAsync(PeerMessage.Extended(OurPex, System.Text.Encoding.ASCII.GetBytes(payload)));

        Assert.Equal(cause, await FaultOf(engine, peer));
    }

    [Fact]
    public async Task A_pex_message_of_too_many_peers_is_a_fault()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        await using var peer = await Dial(await Seed(engine));
        await peer.SendAsync(Tell([.. Enumerable.Range(1, PexMessage.MostReceived + 1).Select(n => new IPEndPoint(new IPAddress([80, 1, 1, 1]), n))]));

        Assert.Equal(FaultCause.OversizedMessage, await FaultOf(engine, peer));
    }

    [Fact]
    public async Task A_pex_flood_is_a_fault_and_fills_nothing()
    {
        // Not paused between the messages: they come faster than one in the interval.
        await using var engine = await EngineUnderTest.StartAsync("actortorrent.pex.interval = 60s");
        var added = await engine.DownloadAsync(_content, _folder["out"]);
        await engine.Until<TorrentSnapshot>(s => s.Phase == TorrentPhase.Downloading);
        await using var peer = await Dial(added.ListenPort);
        for (var i = 0; i < 4; i++)
            await peer.SendAsync(Tell([.. Enumerable.Range(1, 200).Select(n => new IPEndPoint(new IPAddress([255, 1, (byte)i, (byte)n]), 6881))]));

        Assert.Equal(FaultCause.Flood, await FaultOf(engine, peer));
        // Not one of them is a host's.
        Assert.Equal(1, (await TorrentEngine.SnapshotAsync(added)).Peers.Known);
    }

    [Fact]
    public async Task A_private_torrent_does_no_pex_and_gives_no_metadata()
    {
        var metainfo = Private();
        await using var engine = await EngineUnderTest.StartAsync();
        var added = await engine.Engine.AddAsync(new TorrentSpec(metainfo, _folder["out"]));
        await engine.Until<TorrentSnapshot>(s => s.Phase == TorrentPhase.Downloading);
        await using var peer = await WirePeer.DialAsync(added.ListenPort, metainfo.InfoHash, metainfo.Layout.PieceCount, Both);
        var told = ExtensionHandshake.Parse((await peer.ReceiveAsync(PeerMessageKind.Extended)).Payload);
        await peer.SendAsync(Introduce(listenPort: 1001), Tell(At(1002)));
        await using var other = await WirePeer.DialAsync(added.ListenPort, metainfo.InfoHash, metainfo.Layout.PieceCount, Both);
        await other.SendAsync(Introduce(listenPort: 1003));
        await engine.Until<TorrentSnapshot>(s => s.Peers.Running == 2);

        Assert.DoesNotContain(PexMessage.Name, told.Extensions.Keys);
        Assert.DoesNotContain(MetadataMessage.Name, told.Extensions.Keys);
        Assert.Null(told.MetadataSize);
        // Several rounds of PEX pass; what was told is not known, and the peer hears of nobody.
        for (var tick = 0; tick < 20; tick++)
            Assert.InRange((await engine.Until<TorrentSnapshot>()).Peers.Known, 0, 2);
        await peer.SendAsync(PeerMessage.Request(new BlockRequest(new PieceIndex(0), 0, 16384)));
        Assert.Equal(PeerMessageKind.Reject, (await peer.ReceiveAsync())!.Value.Kind);
    }

    [Fact]
    public async Task A_magnet_link_of_a_private_torrent_leaves_the_peers_that_peers_named()
    {
        var metainfo = Private();
        await using var engine = await EngineUnderTest.StartAsync();
        var added = await engine.Engine.AddAsync(new TorrentSpec(new MagnetLink(metainfo.InfoHash), _folder["out"]));
        await engine.Until<TorrentSnapshot>(s => s.Phase == TorrentPhase.FetchingMetadata);
        await using var peer = await WirePeer.DialAsync(added.ListenPort, metainfo.InfoHash, pieceCount: -1, Both);
        await peer.SendAsync(
            PeerMessage.Extended(
                ExtensionHandshake.Id,
                new ExtensionHandshake
                {
                    Extensions = new Dictionary<string, byte>(StringComparer.Ordinal) { [MetadataMessage.Name] = 7, [PexMessage.Name] = OurPex },
                    MetadataSize = metainfo.InfoBytes.Length,
                }.Encode()),
            Tell(new IPEndPoint(IPAddress.Loopback, added.ListenPort ^ 1)));
        await engine.Until<TorrentSnapshot>(s => s.Peers.Known == 2);
        await peer.SendAsync(PeerMessage.Extended(2, MetadataMessage.Bring(metainfo.InfoBytes.Span, 0)));
        await engine.Until<TorrentEvent.MetadataReceived>();

        await engine.Until<TorrentSnapshot>(s => s.Phase == TorrentPhase.Downloading && s.Peers.Known == 1);
        // The second handshake takes back what the first one offered.
        var last = new ExtensionHandshake();
        while (last.Extensions.GetValueOrDefault(PexMessage.Name, (byte)1) != 0)
        {
            var message = await peer.ReceiveAsync(PeerMessageKind.Extended);
            if (message.ExtendedId == ExtensionHandshake.Id)
                last = ExtensionHandshake.Parse(message.Payload);
        }
        Assert.Equal(0, last.Extensions[MetadataMessage.Name]);
    }

    private static TorrentMetainfo Private() => TorrentFileParser.Parse(
        new TorrentBuilder { Name = "private", PieceLength = 16384, PieceHashes = new byte[40], IsPrivate = true }.AddFile([], 32768).Build());

    private static async Task<FaultCause> FaultOf(EngineUnderTest engine, WirePeer peer) =>
        (await engine.Until<FaultJournalEntry>(entry => entry.Fault.EndPoint.Equals(peer.EndPoint))).Fault.Cause;

    private static async Task<PexMessage> Pex(WirePeer peer)
    {
        while (true)
        {
            var message = await peer.ReceiveAsync(PeerMessageKind.Extended);
            if (message.ExtendedId == OurPex)
                return PexMessage.Parse(message.Payload);
        }
    }

    private static PeerMessage Introduce(int listenPort) => PeerMessage.Extended(
        ExtensionHandshake.Id,
        new ExtensionHandshake { Extensions = new Dictionary<string, byte>(StringComparer.Ordinal) { [PexMessage.Name] = OurPex }, ListenPort = listenPort }.Encode());

    private static PeerMessage Tell(params IPEndPoint[] peers) =>
        PeerMessage.Extended(OurPex, new PexMessage { Added = [.. peers.Select(peer => new PexPeer(peer, PexFlags.None))] }.Encode());

    private static IPEndPoint At(int port) => new(IPAddress.Loopback, port);

    private async Task<int> Seed(EngineUnderTest engine)
    {
        await _content.WriteFilesAsync(_folder["data"]);
        var added = await engine.DownloadAsync(_content, _folder["data"]);
        await engine.UntilComplete();
        return added.ListenPort;
    }

    private Task<WirePeer> Dial(int port) => WirePeer.DialAsync(port, _content.InfoHash, _content.Layout.PieceCount, Both);
}
