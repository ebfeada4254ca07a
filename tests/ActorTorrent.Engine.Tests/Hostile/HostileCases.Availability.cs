using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.EndToEnd;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.Hostile;

/// <content>What a peer says that it has.</content>
internal static partial class HostileCases
{
    private static IEnumerable<HostileCase> Availability()
    {
        yield return new(24, "a bitfield of another length", [Stopped(FaultCause.BadBitfield)], "before the metadata is known: one longer than any torrent takes", async stage =>
        {
            var length = new Bitfield(stage.Layout.PieceCount).ByteLength;
            foreach (var wrong in new[] { 0, 1, length - 1, length + 1, 100_000 })
                await stage.OffendAsync(WirePeer.Bytes(PeerMessage.Bitfield(new byte[wrong])));
            var content = await MagnetAsync(stage);
            var early = await stage.DialAsync(stage.GuiltyAddress(), torrent: content.InfoHash, pieces: -1);
            await early.TrySendAsync(WirePeer.Bytes(PeerMessage.Bitfield(new byte[250_000])));
            await early.ReadToEndAsync();
        });
        yield return new(25, "a bitfield with spare bits set", [Stopped(FaultCause.BadBitfield)], "", async stage =>
        {
            Assert.NotEqual(0, stage.Layout.PieceCount % 8);
            var bits = new byte[new Bitfield(stage.Layout.PieceCount).ByteLength];
            bits[^1] = 1;
            await stage.OffendAsync(WirePeer.Bytes(PeerMessage.Bitfield(bits)));
        });
        yield return new(26, "a second bitfield", [Stopped(FaultCause.BadBitfield)], "the same, or one that has less", async stage =>
        {
            var some = new Bitfield(stage.Layout.PieceCount);
            some.Set(new PieceIndex(7));
            var all = HaveAll(stage);
            await stage.OffendAsync(WirePeer.Bytes(all, all));
            await stage.OffendAsync(WirePeer.Bytes(all, PeerMessage.Bitfield(some.ToBytes())));
            await stage.OffendAsync(WirePeer.Bytes(PeerMessage.HaveAll, PeerMessage.HaveNone));
        });
        yield return new(27, "a have outside the torrent", [Stopped(FaultCause.IndexOutOfRange)], "suggestions and allowed fast pieces, too", async stage =>
        {
            foreach (var id in new byte[] { 4, 13, 17 })
            {
                foreach (var piece in new uint[] { (uint)stage.Layout.PieceCount, int.MaxValue, uint.MaxValue })
                    await stage.OffendAsync(Numbers(id, piece));
            }
        });
        yield return new(28, "the same have again", [], "ignored", async stage =>
        {
            var peer = await stage.DialAsync(stage.InnocentAddress());
            await peer.SendAsync(Repeat(60, Numbers(4, 5)));
            await peer.SendAsync(PeerMessage.Interested);
            await peer.ReceiveAsync(PeerMessageKind.Unchoke);
        });
        yield return new(29, "haves before the metadata is known", [Stopped(FaultCause.Flood)], "one beyond every torrent: index_out_of_range at once", async stage =>
        {
            var content = await MagnetAsync(stage);
            var repeats = await stage.DialAsync(stage.GuiltyAddress(), torrent: content.InfoHash, pieces: -1);
            var haves = Enumerable.Range(0, 20_000).Select(static i => PeerMessage.Have(new PieceIndex(i))).ToArray();
            await repeats.TrySendAsync(WirePeer.Bytes(haves));
            await repeats.TrySendAsync(WirePeer.Bytes(haves));
            await repeats.ReadToEndAsync();
            var far = await stage.DialAsync(stage.GuiltyAddress(Stopped(FaultCause.IndexOutOfRange)), torrent: content.InfoHash, pieces: -1);
            await far.TrySendAsync(Numbers(4, 2_000_000_000));
            await far.ReadToEndAsync();
        });
        yield return new(30, "messages of extensions that were not negotiated", [Stopped(FaultCause.UnexpectedMessage)], "each of the fast extension's, and BEP 10's", async stage =>
        {
            var block = Block(0);
            foreach (var message in new[]
                     {
                         PeerMessage.HaveAll, PeerMessage.HaveNone, PeerMessage.Suggest(new PieceIndex(0)), PeerMessage.AllowedFast(new PieceIndex(0)),
                         PeerMessage.Reject(block), PeerMessage.Extended(0, Text("de")),
                     })
                await stage.OffendAsync(WirePeer.Bytes(message), PeerCapabilities.None);
        });
    }

    /// <summary>A torrent of which the engine has nothing but a magnet link.</summary>
    private static async Task<GeneratedContent> MagnetAsync(HostileStage stage, int length = 600_000, int pieceLength = 64 << 10)
    {
        var content = stage.Small(length, pieceLength);
        var added = await stage.AddAsync(new TorrentSpec(new MagnetLink(content.InfoHash), stage.World.Folder()));
        await Eventually.HoldsAsync(
            async () => (await HostileStage.SnapshotAsync(added)).Phase == TorrentPhase.FetchingMetadata, static () => "the metadata is not being fetched");
        return content;
    }
}
