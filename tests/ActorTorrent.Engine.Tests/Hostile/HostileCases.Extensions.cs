using System.Globalization;
using System.Net;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.EndToEnd;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.Hostile;

/// <content>Extension messages.</content>
internal static partial class HostileCases
{
    private const byte DontHave = 1;
    private const byte Metadata = 2;
    private const byte Pex = 3;
    private const byte TheirMetadata = 7;

    private static IEnumerable<HostileCase> Extensions()
    {
        yield return new(47, "malformed or deeply nested bencode", [Stopped(FaultCause.MalformedMessage)], "in each extension's messages; no stack overflows", async stage =>
        {
            var nested = Text(new string('l', 15_000) + new string('e', 15_000));
            var deep = Text("d1:a" + new string('l', 7_000) + new string('e', 7_000) + "e");
            foreach (var id in new[] { ExtensionHandshake.Id, Metadata, Pex })
            {
                foreach (var payload in new[] { Text("d1:mi1e"), Text("i-0e"), Text("d999999999:ae"), Text("x"), deep })
                    await stage.OffendAsync(WirePeer.Bytes(PeerMessage.Extended(id, payload)));
            }
            await stage.OffendAsync(WirePeer.Bytes(PeerMessage.Extended(DontHave, Text("xyz"))));
            var peer = await stage.DialAsync(stage.Guilty(Lab.Peers.LoopbackAddresses.Next(), Stopped(FaultCause.MalformedMessage, 0, 1), Stopped(FaultCause.OversizedMessage, 0, 1)));
            await peer.TrySendAsync(WirePeer.Bytes(PeerMessage.Extended(ExtensionHandshake.Id, nested)));
            await peer.ReadToEndAsync();
        });
        yield return new(48, "a metadata size of zero, below, or huge", [Stopped(FaultCause.MetadataSize)], "", async stage =>
        {
            var content = await MagnetAsync(stage);
            foreach (var size in new[] { 0, -1, long.MinValue, (30L << 20) + 1, long.MaxValue })
            {
                var peer = await stage.DialAsync(stage.GuiltyAddress(), torrent: content.InfoHash, pieces: -1);
                await peer.SendAsync(Claim(size));
                await peer.ReadToEndAsync();
            }
        });
        yield return new(49, "a metadata piece outside the metadata", [Stopped(FaultCause.IndexOutOfRange)], "", async stage =>
        {
            var content = await MagnetAsync(stage);
            foreach (var piece in new[] { 1, -1, int.MaxValue })
            {
                var peer = await stage.DialAsync(stage.GuiltyAddress(), torrent: content.InfoHash, pieces: -1);
                await peer.SendAsync(Claim(1000));
                await peer.TrySendAsync(WirePeer.Bytes(PeerMessage.Extended(Metadata, DataOf(piece, 1000, new byte[1000]))));
                await peer.ReadToEndAsync();
            }
        });
        yield return new(50, "metadata that does not match the info hash", [new(FaultCause.MetadataMismatch, FaultAction.Ban)], "fetched from another, and the torrent completes", async stage =>
        {
            var content = await MagnetAsync(stage);
            var whole = content.Metainfo.InfoBytes;
            var liar = await OfferAsync(stage, stage.GuiltyAddress(), content, piece =>
            {
                var data = MetadataMessage.Bring(whole.Span, piece);
                data[^1] ^= 1;
                return data;
            });
            await Eventually.HoldsAsync(() => stage.World.Journal.Of(liar.EndPoint.Address).Count > 0, static () => "it is not found out");
            await OfferAsync(stage, stage.InnocentAddress(), content, piece => MetadataMessage.Bring(whole.Span, piece));
            await Eventually.HoldsAsync(
                () => stage.World.Journal.Events<TorrentEvent.MetadataReceived>().Any(received => received.InfoHash == content.InfoHash), static () => "no metadata");
        });
        yield return new(51, "PEX too often or too long", [Stopped(FaultCause.Flood)], "a message that names a thousand peers: oversized_message", async stage =>
        {
            var told = PeerMessage.Extended(Pex, Text("d5:added0:e"));
            await stage.OffendAsync(WirePeer.Bytes([.. Enumerable.Repeat(told, 20)]));
            var many = PeerMessage.Extended(Pex, Text(string.Create(CultureInfo.InvariantCulture, $"d5:added{1_000 * 6}:{new string('\u0007', 6_000)}e")));
            await stage.OffendAsync(WirePeer.Bytes(many), expected: Stopped(FaultCause.OversizedMessage));
        });
        yield return new(52, "PEX and DHT on a private torrent", [], "ignored: nobody is learned", async stage =>
        {
            var content = stage.Small();
            var file = new TorrentBuilder { Name = "private", PieceLength = 64 << 10, PieceHashes = new byte[20], IsPrivate = true };
            file.AddFile(["file.bin"], 1000);
            var torrent = await stage.AddAsync(new TorrentSpec(TorrentFileParser.Parse(file.Build()), stage.World.Folder()));
            await ActiveAsync(torrent);
            var hash = torrent.InfoHash;
            var peer = await stage.DialAsync(stage.InnocentAddress(), HostileStage.Both | PeerCapabilities.Dht, hash, 1);
            var before = (await HostileStage.SnapshotAsync(torrent)).Peers.Known;
            var told = new PexMessage { Added = [new PexPeer(new IPEndPoint(IPAddress.Parse("127.9.9.9"), 9), PexFlags.None)] };
            await peer.SendAsync(PeerMessage.Extended(Pex, told.Encode()), PeerMessage.DhtPort(9999), PeerMessage.Interested);
            await peer.ReceiveAsync(PeerMessageKind.Unchoke);
            Assert.Equal(before, (await HostileStage.SnapshotAsync(torrent)).Peers.Known);
            Assert.Equal(64 << 10, content.Layout.PieceLength);
        });
    }

    private static PeerMessage Claim(long size) => PeerMessage.Extended(
        ExtensionHandshake.Id,
        new ExtensionHandshake { Extensions = new Dictionary<string, byte>(StringComparer.Ordinal) { [MetadataMessage.Name] = TheirMetadata }, MetadataSize = size }.Encode());

    private static byte[] DataOf(int piece, int size, byte[] data)
        => [.. Text(string.Create(CultureInfo.InvariantCulture, $"d8:msg_typei1e5:piecei{piece}e10:total_sizei{size}ee")), .. data];

    /// <summary>A peer that claims to have the metadata, and answers as the function says.</summary>
    private static async Task<WirePeer> OfferAsync(HostileStage stage, IPAddress address, GeneratedContent content, Func<int, byte[]> answer)
    {
        var peer = await stage.DialAsync(address, torrent: content.InfoHash, pieces: -1);
        await peer.SendAsync(Claim(content.Metainfo.InfoBytes.Length));
        peer.Serve(async () =>
        {
            while (await peer.ReceiveAsync() is { } message)
            {
                if (message.Kind == PeerMessageKind.Extended && message.ExtendedId == TheirMetadata
                    && MetadataMessage.Parse(message.Payload) is { Kind: MetadataMessageKind.Request, Piece: var piece })
                {
                    await peer.SendAsync(PeerMessage.Extended(Metadata, answer(piece)));
                }
            }
        });
        return peer;
    }
}
