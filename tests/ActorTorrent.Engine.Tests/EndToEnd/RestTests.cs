using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>Torrents with which nothing happens look after themselves hardly ever; what happens is noticed all the same.</summary>
public sealed class RestTests : IDisposable
{
    private const string Seldom = "actortorrent.torrent { snapshot-interval = 10ms, rest-interval = 60m }, actortorrent.peer { tick = 20ms, keep-alive = 400ms }";

    private readonly TempFolder _folder = new();
    private readonly GeneratedContent _content = new("content", seed: 71, pieceLength: 16 << 10, [new("file.bin", 100_000)]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_seed_at_rest_notices_who_comes_and_goes()
    {
        await using var engine = await SeedAsync(Seldom);
        var port = engine.Context.ListenPort;
        await using (var peer = await WirePeer.DialAsync(port, _content.InfoHash, _content.Layout.PieceCount, PeerCapabilities.None))
        {
            await engine.Until<TorrentSnapshot>(s => s.Peers.Running == 1);
            // At rest it says that it lives when that is due, and not before somebody looks.
            await peer.ReceiveAsync(PeerMessageKind.KeepAlive);
            await peer.ReceiveAsync(PeerMessageKind.KeepAlive);
        }
        await engine.Until<TorrentSnapshot>(s => s.Peers.Running == 0);
    }

    [Fact]
    public async Task A_seed_at_rest_serves_at_once()
    {
        await using var engine = await SeedAsync(Seldom);
        await using var peer = await WirePeer.DialAsync(engine.Context.ListenPort, _content.InfoHash, _content.Layout.PieceCount, PeerCapabilities.None);
        await peer.ReceiveAsync(PeerMessageKind.KeepAlive);

        await peer.SendAsync(PeerMessage.Interested);
        await peer.ReceiveAsync(PeerMessageKind.Unchoke);
        await peer.SendAsync(PeerMessage.Request(new BlockRequest(new Wire.Metainfo.PieceIndex(2), 0, 16 << 10)));
        Assert.Equal(2, (await peer.ReceiveAsync(PeerMessageKind.Piece)).Piece.Value);
        await engine.Until<TorrentSnapshot>(s => s.Uploaded == 16 << 10);
    }

    [Fact]
    public async Task Seeding_ends_when_its_time_has_come()
    {
        await using var engine = await SeedAsync(Seldom + ", actortorrent.queue.seed-time-limit = 500ms");

        var finished = await engine.UntilPhase(_content.InfoHash, TorrentPhase.Finished);

        Assert.InRange(finished.Ever!.Seeding, TimeSpan.FromMilliseconds(500), TimeSpan.MaxValue);
    }

    private async Task<EngineUnderTest> SeedAsync(string overlay)
    {
        await _content.WriteFilesAsync(_folder.Path);
        var engine = await EngineUnderTest.StartAsync(overlay);
        await engine.Engine.AddAsync(new TorrentSpec(_content.Metainfo, _folder.Path));
        await engine.UntilPhase(_content.InfoHash, TorrentPhase.Seeding);
        return engine;
    }
}
