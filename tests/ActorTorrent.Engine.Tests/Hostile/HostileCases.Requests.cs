using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Peers;
using ActorTorrent.Engine.Tests.EndToEnd;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.Hostile;

/// <content>What a peer asks of us.</content>
internal static partial class HostileCases
{
    private static IEnumerable<HostileCase> Requests()
    {
        yield return new(31, "requests outside the torrent", [Stopped(FaultCause.IndexOutOfRange)], "three are rejected, the fourth closes; without the fast extension, too", async stage =>
        {
            var beyond = (uint)stage.Layout.PieceCount;
            var outside = new[]
            {
                Numbers(6, beyond, 0, 16_384), Numbers(6, uint.MaxValue, 0, 16_384), Numbers(6, 0, 32_768, 16_384), Numbers(6, 0, uint.MaxValue, 1),
            };
            var peer = await stage.UnchokedAsync(stage.GuiltyAddress());
            foreach (var request in outside.Take(3))
            {
                await peer.SendAsync(request);
                Assert.Equal(request[5..], await RejectAsync(peer));
            }
            await peer.TrySendAsync(outside[3]);
            await peer.ReadToEndAsync();
            var plain = await stage.UnchokedAsync(stage.GuiltyAddress(), PeerCapabilities.None);
            await plain.TrySendAsync(outside.SelectMany(static request => request).ToArray());
            await plain.ReadToEndAsync();
        });
        yield return new(32, "requests of no bytes, or of more than 16 KiB", [Stopped(FaultCause.Flood)], "each is rejected; only many of them close", async stage =>
        {
            var some = await stage.UnchokedAsync(stage.InnocentAddress());
            foreach (var length in new uint[] { 0, 16_385, 32_768 })
            {
                var request = Numbers(6, 3, 0, length);
                await some.SendAsync(request);
                Assert.Equal(request[5..], await RejectAsync(some));
            }
            var many = await stage.UnchokedAsync(stage.GuiltyAddress());
            await many.TrySendAsync(Repeat(40, Numbers(6, 3, 0, 0)));
            await many.ReadToEndAsync();
        });
        yield return new(33, "offset and length whose sum overflows 32 bits", [Stopped(FaultCause.IndexOutOfRange)], "rejected, and as case 31 on repetition", async stage =>
        {
            var some = await stage.UnchokedAsync(stage.InnocentAddress());
            foreach (var request in new[] { Numbers(6, 1, int.MaxValue, int.MaxValue), Numbers(6, 1, 0xFFFF_C000, 0x4000), Numbers(6, 1, 0x7FFF_FFFF, 1) })
            {
                await some.SendAsync(request);
                Assert.Equal(request[5..], await RejectAsync(some));
            }
            var many = await stage.UnchokedAsync(stage.GuiltyAddress());
            await many.TrySendAsync(Repeat(5, Numbers(6, 1, 0xFFFF_C000, 0x4000)));
            await many.ReadToEndAsync();
        });
        yield return new(34, "requests of pieces that we lack", [], "rejected", async stage =>
        {
            var lacking = stage.Layout.PieceCount - 1;
            var peer = await stage.UnchokedAsync(stage.InnocentAddress());
            for (var i = 0; i < 20; i++)
            {
                var request = Numbers(6, (uint)(lacking - i), 0, 16_384);
                await peer.SendAsync(request);
                Assert.Equal(request[5..], await RejectAsync(peer));
            }
        });
        yield return new(35, "requests while it is choked", [Stopped(FaultCause.Flood)], "rejected, and closed after many of them", async stage =>
        {
            var address = stage.GuiltyAddress();
            var allowed = AllowedFast.SetOf(address, stage.InfoHash, stage.Layout.PieceCount);
            var piece = Enumerable.Range(0, 256).First(piece => !allowed.Contains(new PieceIndex(piece)));
            var peer = await stage.DialAsync(address);
            // What comes before the engine's own first words is refused without a word.
            await peer.ReceiveAsync(PeerMessageKind.Extended);
            await peer.SendAsync(PeerMessage.Request(Block(piece)));
            var rejected = await peer.ReceiveAsync(PeerMessageKind.Reject);
            Assert.Equal(Block(piece), rejected.AsBlockRequest);
            await peer.TrySendAsync(Repeat(1_000, Numbers(6, (uint)piece, 0, 16_384)));
            await peer.ReadToEndAsync();
        });
        yield return new(36, "more requests than may wait", [], "200 are served, the rest is rejected", async stage =>
        {
            var peer = await stage.UnchokedAsync(stage.InnocentAddress());
            await peer.SendAsync([.. Enumerable.Range(0, 350).Select(static i => PeerMessage.Request(Block(i / 2, i % 2 * FileLayout.BlockLength)))]);
            var (served, rejected) = (0, 0);
            while (served + rejected < 350)
            {
                var message = (await peer.ReceiveAsync())!.Value;
                served += message.Kind == PeerMessageKind.Piece ? 1 : 0;
                rejected += message.Kind == PeerMessageKind.Reject ? 1 : 0;
            }
            Assert.InRange(served, 200, 349);
        });
        yield return new(37, "asks and never reads", [Stopped(FaultCause.SendTimeout)], "what waits for it is bounded", async stage =>
        {
            var peer = await stage.UnchokedAsync(stage.GuiltyAddress(), receiveBuffer: 4096);
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            for (var i = 0; i < 500; i += 10)
            {
                if (!await peer.TrySendAsync(WirePeer.Bytes([.. Enumerable.Range(i, 10).Select(static i => PeerMessage.Request(Block(i / 2, i % 2 * FileLayout.BlockLength)))])))
                    break;
                await pace.WaitForNextTickAsync();
            }
            await Eventually.HoldsAsync(() => stage.World.Journal.Of(peer.EndPoint.Address).Count > 0, static () => "it is not cut off");
        });
        yield return new(38, "cancels of what was never asked for", [], "ignored", async stage =>
        {
            var peer = await stage.UnchokedAsync(stage.InnocentAddress());
            await peer.SendAsync([.. Enumerable.Range(0, 100).Select(static i => PeerMessage.Cancel(Block(i)))]);
            await peer.SendAsync(Numbers(8, uint.MaxValue, uint.MaxValue, uint.MaxValue));
            await peer.SendAsync(PeerMessage.Request(Block(9)));
            await peer.ReceiveAsync(PeerMessageKind.Piece);
        });
    }

    /// <summary>The body of the next reject.</summary>
    private static async Task<byte[]> RejectAsync(WirePeer peer)
        => await peer.ReceiveRawAsync(16, 12);
}
