using System.Net;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>Super-seeding (BEP 16) over real sockets.</summary>
public sealed class SuperSeedingTests : IDisposable
{
    private readonly GeneratedContent _content = new("content", 8, 32 << 10, [new("a.bin", 1_000_000)]);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_peer_sees_one_piece_until_it_has_passed_it_on()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        var port = await Seed(engine);
        await using var first = await Dial(port);
        Assert.Equal(PeerMessageKind.HaveNone, (await first.ReceiveAsync())!.Value.Kind);
        var shown = (await first.ReceiveAsync(PeerMessageKind.Have)).Piece;
        await using var second = await Dial(port);
        var other = (await second.ReceiveAsync(PeerMessageKind.Have)).Piece;
        Assert.NotEqual(shown, other);

        await second.SendAsync(PeerMessage.Have(shown));

        var next = (await first.ReceiveAsync(PeerMessageKind.Have)).Piece;
        Assert.DoesNotContain(next, (PieceIndex[])[shown, other]);
    }

    [Fact]
    public async Task Leechers_that_know_each_other_complete()
    {
        await using var seed = await EngineUnderTest.StartAsync();
        var source = new IPEndPoint(IPAddress.Loopback, await Seed(seed));
        await using var first = await EngineUnderTest.StartAsync();
        await using var second = await EngineUnderTest.StartAsync();
        var added = await first.DownloadAsync(_content, Path.Combine(_folder.Path, "first"), source);
        await second.DownloadAsync(_content, Path.Combine(_folder.Path, "second"), source, new IPEndPoint(IPAddress.Loopback, added.ListenPort));

        await first.UntilComplete();
        await second.UntilComplete();
        Assert.True(_content.Verify(Path.Combine(_folder.Path, "first")).IsGood);
        Assert.True(_content.Verify(Path.Combine(_folder.Path, "second")).IsGood);
    }

    private async Task<int> Seed(EngineUnderTest engine)
    {
        var data = Path.Combine(_folder.Path, "data");
        await _content.WriteFilesAsync(data);
        var added = await engine.Engine.AddAsync(new TorrentSpec(_content.Metainfo, data) { IsSuperSeeding = true });
        await engine.UntilComplete();
        return added.ListenPort;
    }

    private Task<WirePeer> Dial(int port) =>
        WirePeer.DialAsync(port, _content.InfoHash, _content.Layout.PieceCount, PeerCapabilities.Fast | PeerCapabilities.Extended);
}
