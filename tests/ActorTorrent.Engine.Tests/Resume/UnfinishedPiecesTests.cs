using ActorTorrent.Engine.Resume;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.EndToEnd;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;

namespace ActorTorrent.Engine.Tests.Resume;

/// <summary>Whole engines, one after the other: what one has fetched of a piece the next does not fetch again.</summary>
public sealed class UnfinishedPiecesTests : IDisposable
{
    private const long MiB = 1 << 20;

    private readonly GeneratedContent _content = new("content", 23, 2 << 20, [new("a.bin", (5 * MiB) + 5), new("b.bin", 3 * MiB)]);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Blocks_of_unfinished_pieces_are_not_fetched_again()
    {
        var store = new ResumeStore(_folder["state"]);
        await using var seed = await StubPeer.StartAsync(PeerScript.Healthy(4 * MiB), _content.InfoHash, _content);
        long before;
        await using (var first = await EngineUnderTest.StartAsync(resume: store))
        {
            await first.DownloadAsync(_content, _folder["out"], seed.EndPoint);
            before = (await first.Until<TorrentSnapshot>(s => s.Downloaded > MiB)).Downloaded;
        }
        var unfinished = store.Load(_content.InfoHash)!;
        var kept = unfinished.Unfinished.Sum(piece => piece.Blocks.SetCount);
        Assert.True(kept > 0, "no piece was unfinished");

        await using var second = await EngineUnderTest.StartAsync(resume: store);
        await second.DownloadAsync(_content, _folder["out"], seed.EndPoint);
        Assert.Equal(kept, (await second.Until<TorrentEvent.Checked>()).BlocksKept);
        var complete = (await second.UntilComplete()).Final;
        Assert.InRange(complete.Downloaded, 1, _content.Layout.TotalLength - before);
        Assert.Equal(0, complete.Wasted);
        await second.Engine.StopAsync(TimeSpan.FromSeconds(10));
        Assert.True(_content.Verify(_folder["out"]).IsGood);
        Assert.Empty(store.Load(_content.InfoHash)!.Unfinished);
    }
}
