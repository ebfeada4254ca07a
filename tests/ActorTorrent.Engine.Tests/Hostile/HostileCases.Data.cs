using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.EndToEnd;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.Hostile;

/// <content>What a peer sends us.</content>
internal static partial class HostileCases
{
    private const long Slow = 300_000;

    private static IEnumerable<HostileCase> Data()
    {
        yield return new(39, "blocks that nobody asked for", [Stopped(FaultCause.Flood)], "some are discarded and counted as waste, too many close", async stage =>
        {
            var before = (await HostileStage.SnapshotAsync(stage.World.Torrent)).Wasted;
            var some = await stage.DialAsync(stage.InnocentAddress());
            var block = WirePeer.Bytes(PeerMessage.Block(new PieceIndex(300), 0, new byte[FileLayout.BlockLength]));
            await some.SendAsync(Repeat(10, block));
            await Eventually.HoldsAsync(
                async () => (await HostileStage.SnapshotAsync(stage.World.Torrent)).Wasted >= before + (10 * FileLayout.BlockLength), static () => "the waste is not counted");
            await stage.OffendAsync(Repeat(200, block));
        });
        yield return new(40, "a block that comes after its cancel", [], "discarded, counted as waste", async stage =>
        {
            // The second file is not wanted, so a peer that has the first alone is neither a seed nor of no use in the end.
            var content = new GeneratedContent("case 40", 5_040, 64 << 10, [new("a.bin", 64 << 10), new("b.bin", 64 << 10)]);
            var torrent = await stage.AddAsync(new TorrentSpec(content.Metainfo, stage.World.Folder()) { WantedFiles = new HashSet<int> { 0 } });
            await ActiveAsync(torrent);
            var late = await GiverAsync(stage, stage.InnocentAddress(), content);
            var blocks = new List<BlockRequest>();
            while (blocks.Count < 4)
                blocks.Add((await late.ReceiveAsync(PeerMessageKind.Request)).AsBlockRequest);
            var quick = await GiverAsync(stage, stage.InnocentAddress(), content);
            for (var i = 0; i < 4; i++)
                await quick.SendAsync(Right(content, (await quick.ReceiveAsync(PeerMessageKind.Request)).AsBlockRequest));
            for (var i = 0; i < 4; i++)
                await late.ReceiveAsync(PeerMessageKind.Cancel);
            await late.SendAsync([.. blocks.Select(block => Right(content, block))]);
            await late.SendAsync(PeerMessage.Interested);
            await late.ReceiveAsync(PeerMessageKind.Unchoke);
            await stage.CompletesAsync(content.InfoHash);
            await Eventually.HoldsAsync(async () => (await HostileStage.SnapshotAsync(torrent)).Wasted == 64 << 10, static () => "the waste is not counted");
        });
        yield return new(41, "a block of another size or place than asked for", [Stopped(FaultCause.MalformedMessage)], "its blocks go to others", async stage =>
        {
            foreach (var (shift, length) in new[] { (0, 100), (0, FileLayout.BlockLength - 1), (1, FileLayout.BlockLength) })
            {
                var peer = await stage.DialAsync(stage.GuiltyAddress());
                await peer.SendAsync(HaveAll(stage), PeerMessage.Unchoke);
                var block = (await peer.ReceiveAsync(PeerMessageKind.Request)).AsBlockRequest;
                await peer.TrySendAsync(WirePeer.Bytes(PeerMessage.Block(block.Piece, block.Offset + shift, new byte[length])));
                await peer.ReadToEndAsync();
            }
            foreach (var length in new uint[] { 16_394, 100_000 })
                await stage.OffendAsync(Raw(length, [7, .. new byte[8]]));
        });
        yield return new(42, "corrupt data of a sole source", [new(FaultCause.HashFailure, FaultAction.Ban)], "an honest peer then completes it", async stage =>
        {
            var content = stage.Small();
            var liar = await stage.StubAsync(PeerScript.Corrupts(new BlockCorruption(Probability: 1)), content);
            stage.Guilty(liar.EndPoint.Address);
            var torrent = await stage.AddAsync(content, liar.EndPoint);
            await Eventually.HoldsAsync(() => stage.World.Journal.Of(liar.EndPoint.Address).Count > 0, static () => "it is not found out");
            await HonestAsync(stage, torrent, content);
            await stage.CompletesAsync(content.InfoHash);
        });
        yield return new(43, "corrupt data among honest sources", [new(FaultCause.HashFailure, FaultAction.Ban)], "the liar alone, proven by a block that differs from the good one", async stage =>
        {
            var content = stage.Small(3_000_000);
            var liar = await stage.StubAsync(PeerScript.Corrupts(new BlockCorruption(Probability: 0.5), Slow) with { Seed = 3 }, content);
            stage.Guilty(liar.EndPoint.Address);
            var torrent = await stage.AddAsync(content, liar.EndPoint);
            await HonestAsync(stage, torrent, content, Slow);
            await HonestAsync(stage, torrent, content, Slow);
            await stage.CompletesAsync(content.InfoHash);
        });
        yield return new(44, "our own disk fails", [], "no peer is blamed; it completes once the disk works", async stage =>
        {
            var content = stage.Small();
            var folder = stage.World.Folder();
            Directory.CreateDirectory(folder);
            // Where the content's folder is to be there is a file.
            var inTheWay = Path.Combine(folder, content.Name);
            await File.WriteAllTextAsync(inTheWay, "in the way");
            var torrent = await stage.AddAsync(new TorrentSpec(content.Metainfo, folder));
            await HonestAsync(stage, torrent, content);
            await Eventually.HoldsAsync(
                () => stage.World.Journal.Events<TorrentEvent.DiskFailed>().Any(failed => failed.InfoHash == content.InfoHash), static () => "the disk does not fail");
            File.Delete(inTheWay);
            await stage.CompletesAsync(content.InfoHash);
        });
        yield return new(45, "takes requests and never sends", [new(FaultCause.Snubbed, FaultAction.Resume)], "its blocks go to others, who complete it", async stage =>
        {
            var content = stage.Small();
            var staller = await stage.StubAsync(PeerScript.Stalls(0), content);
            // Silent for longer it is idle, by the suite's short deadlines.
            stage.Guilty(staller.EndPoint.Address, new Expected(FaultCause.Snubbed, FaultAction.Resume, 1, 2), Restarted(FaultCause.Idle, 0, 2));
            var torrent = await stage.AddAsync(content, staller.EndPoint);
            await Eventually.HoldsAsync(() => staller.Counts.Requests > 0, static () => "nothing is asked of it");
            await Eventually.HoldsAsync(() => stage.World.Journal.Of(staller.EndPoint.Address).Count > 0, static () => "it is not found out");
            await HonestAsync(stage, torrent, content, Slow);
            await stage.CompletesAsync(content.InfoHash);
        });
        yield return new(46, "rejects everything", [], "asked ever more seldom; others complete it", async stage =>
        {
            var content = stage.Small();
            var torrent = await stage.AddAsync(content);
            await ActiveAsync(torrent);
            var refuser = await stage.DialAsync(stage.InnocentAddress(), torrent: content.InfoHash, pieces: content.Layout.PieceCount);
            await refuser.SendAsync(PeerMessage.HaveAll, PeerMessage.Unchoke);
            var asked = 0;
            refuser.Serve(async () =>
            {
                while (await refuser.ReceiveAsync() is { } message)
                {
                    if (message.Kind != PeerMessageKind.Request)
                        continue;
                    Interlocked.Increment(ref asked);
                    await refuser.SendAsync(PeerMessage.Reject(message.AsBlockRequest));
                }
            });
            await Eventually.HoldsAsync(() => Volatile.Read(ref asked) > 0, static () => "nothing is asked of it");
            // Half a second for ten rounds of a tick each, if it were asked with every tick.
            using (var half = new PeriodicTimer(TimeSpan.FromMilliseconds(700)))
                await half.WaitForNextTickAsync();
            Assert.InRange(Volatile.Read(ref asked), 1, 6 * 40);
            await HonestAsync(stage, torrent, content, Slow);
            await stage.CompletesAsync(content.InfoHash);
        });
    }

    /// <summary>Waits until a torrent lets peers in.</summary>
    private static Task ActiveAsync(EngineProtocol.TorrentAdded torrent) => Eventually.HoldsAsync(
        async () => (await HostileStage.SnapshotAsync(torrent)).Phase is TorrentPhase.Downloading or TorrentPhase.Seeding, static () => "the torrent is not at work");

    /// <summary>A peer that has the first piece alone and gives it.</summary>
    private static async Task<WirePeer> GiverAsync(HostileStage stage, System.Net.IPAddress address, GeneratedContent content)
    {
        var peer = await stage.DialAsync(address, PeerCapabilities.None, content.InfoHash, content.Layout.PieceCount);
        var first = new Bitfield(content.Layout.PieceCount);
        first.Set(new PieceIndex(0));
        await peer.SendAsync(PeerMessage.Bitfield(first.ToBytes()), PeerMessage.Unchoke);
        return peer;
    }

    private static PeerMessage Right(GeneratedContent content, BlockRequest block)
    {
        var data = new byte[block.Length];
        content.Read(content.Layout.PieceOffset(block.Piece) + block.Offset, data);
        return PeerMessage.Block(block.Piece, block.Offset, data);
    }

    /// <summary>An honest peer of a case's own torrent.</summary>
    private static async Task HonestAsync(HostileStage stage, EngineProtocol.TorrentAdded torrent, GeneratedContent content, long? rate = null)
    {
        var honest = await stage.StubAsync(PeerScript.Healthy(rate), content);
        stage.Innocent(honest.EndPoint.Address);
        stage.Introduce(torrent, honest.EndPoint);
    }
}
