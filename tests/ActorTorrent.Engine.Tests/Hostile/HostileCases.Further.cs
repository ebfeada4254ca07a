using System.Globalization;
using System.Net;
using System.Text;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Peers;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.EndToEnd;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Lab.Trackers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.Hostile;

/// <content>Beyond the list of 54.</content>
internal static partial class HostileCases
{
    // So many repetitions that no allowance covers them.
    private const int Many = 2_000;

    /// <summary>Cases beyond the list, in order.</summary>
    public static IReadOnlyList<HostileCase> Further { get; } = [.. FurtherPeers(), .. FurtherRequests(), .. FurtherExtensions(), .. FurtherTrackers()];

    private static IEnumerable<HostileCase> FurtherPeers()
    {
        yield return new(101, "its handshake twice", [Stopped(FaultCause.OversizedMessage)], "", stage =>
            stage.OffendAsync(WirePeer.Greeting(stage.InfoHash, HostileStage.Both)));
        yield return new(102, "the peer id of an honest peer that is connected", [Stopped(FaultCause.Duplicate)], "the honest one stays", async stage =>
        {
            var peer = await stage.DialAsync(stage.GuiltyAddress(), id: stage.World.HonestId);
            await peer.ReadToEndAsync();
        });
        yield return new(103, "sixty handshakes for torrents that are not ours", [Stopped(FaultCause.WrongInfoHash, 60)], "", async stage =>
        {
            var address = stage.GuiltyAddress();
            for (var i = 0; i < 60; i++)
            {
                await using var peer = await WirePeer.ConnectAsync(stage.Port, 1, address);
                await peer.SendAsync(WirePeer.Greeting(InfoHash.Parse(i.ToString("x40", CultureInfo.InvariantCulture)), HostileStage.Both));
                Assert.Equal(0, await peer.ReadToEndAsync());
            }
        });
        yield return new(104, "two hundred connections of one address", [Stopped(FaultCause.ConnectionLimit, 100, 200)], "others are let in", async stage =>
        {
            var address = stage.Guilty(LoopbackAddresses.Next(), Stopped(FaultCause.ConnectionLimit, 100, 200), Stopped(FaultCause.Closed, 0, 50), Stopped(FaultCause.Reset, 0, 50), Stopped(FaultCause.HandshakeTimeout, 0, 50), Stopped(FaultCause.Idle, 0, 50));
            for (var i = 0; i < 200; i++)
            {
                var peer = await stage.ConnectAsync(address);
                await peer.TrySendAsync(WirePeer.Greeting(stage.InfoHash, HostileStage.Both));
            }
            await stage.UnchokedAsync(stage.InnocentAddress());
        });
        yield return new(105, "the end of what it sends, while it goes on reading", [Stopped(FaultCause.Closed)], "", async stage =>
        {
            var peer = await stage.UnchokedAsync(stage.GuiltyAddress());
            await peer.SendAsync(PeerMessage.Request(Block(0)));
            peer.EndSending();
            await peer.ReadToEndAsync();
        });
        yield return new(106, "a long message of which five bytes come, forty times", [Stopped(FaultCause.Idle)], "memory is taken for what came, not for what was claimed", async stage =>
        {
            for (var i = 0; i < 40; i++)
            {
                var peer = await stage.DialAsync(stage.GuiltyAddress());
                await peer.SendAsync(Raw(1 << 20, 20));
            }
            Assert.InRange(stage.Context.Budgets.Receive.Taken, 0, 32 << 20);
            await Eventually.HoldsAsync(() => stage.Observed().Count == 40, static () => "they are not thrown out");
        });
        yield return new(107, "keep-alives, a megabyte at once", [Stopped(FaultCause.Flood)], "", stage => stage.OffendAsync(new byte[1 << 20]));
        yield return new(108, "choke and unchoke while blocks are asked for", [], "the blocks go to others", async stage =>
        {
            var peer = await stage.DialAsync(stage.InnocentAddress());
            await peer.SendAsync(HaveAll(stage));
            for (var i = 0; i < 20; i++)
            {
                await peer.SendAsync(PeerMessage.Unchoke);
                await peer.ReceiveAsync(PeerMessageKind.Request);
                await peer.SendAsync(PeerMessage.Choke);
            }
        });
        yield return new(109, "haves of all pieces, again and again", [Stopped(FaultCause.Flood)], "", stage =>
        {
            var all = WirePeer.Bytes([.. Enumerable.Range(0, stage.Layout.PieceCount).Select(static piece => PeerMessage.Have(new PieceIndex(piece)))]);
            return stage.OffendAsync([.. all, .. all]);
        });
        yield return new(110, "bitfields, each with one piece more", [Stopped(FaultCause.Flood)], "", stage =>
        {
            var have = new Bitfield(stage.Layout.PieceCount);
            var bytes = new List<byte>();
            for (var piece = 0; piece < 400; piece++)
            {
                have.Set(new PieceIndex(piece));
                bytes.AddRange(WirePeer.Bytes(PeerMessage.Bitfield(have.ToBytes())));
            }
            return stage.OffendAsync([.. bytes]);
        });
        yield return new(111, "empty blocks", [Stopped(FaultCause.MalformedMessage)], "", stage => stage.OffendAsync(Numbers(7, 0, 0)));
        yield return new(112, "a block of half a megabyte", [Stopped(FaultCause.MalformedMessage)], "on its head", stage => stage.OffendAsync(Raw(500_000, [7, 0, 0, 0, 0, 0, 0, 0, 0])));
        yield return new(113, "suggestions without end", [Stopped(FaultCause.Flood)], "", stage => stage.OffendAsync(Repeat(Many, Numbers(13, 300))));
        yield return new(114, "the port of its DHT node without end", [Stopped(FaultCause.Flood)], "", stage => stage.OffendAsync(Repeat(Many, Raw(3, 9, 0x1A, 0xE1))));
        yield return new(115, "allowed fast pieces without end", [Stopped(FaultCause.Flood)], "", stage =>
            stage.OffendAsync([.. Enumerable.Range(0, 1_000).SelectMany(static piece => Numbers(17, (uint)piece))]));
    }

    private static IEnumerable<HostileCase> FurtherRequests()
    {
        yield return new(120, "what it is allowed while it is choked, asked for without end", [], "it gets it twice", async stage =>
        {
            var address = LoopbackAddresses.Next();
            PieceIndex? allowed;
            while ((allowed = AllowedFast.SetOf(address, stage.InfoHash, stage.Layout.PieceCount).Cast<PieceIndex?>().FirstOrDefault(static piece => piece!.Value.Value < 256)) is null)
                address = LoopbackAddresses.Next();
            var peer = await stage.DialAsync(stage.Innocent(address));
            var pieces = 0;
            while ((await peer.ReceiveAsync())!.Value is var said && (pieces == 0 || said.Kind == PeerMessageKind.AllowedFast))
            {
                if (said.Kind == PeerMessageKind.AllowedFast && ++pieces == 1)
                    break;
            }
            var most = 2 * AllowedFast.SetOf(address, stage.InfoHash, stage.Layout.PieceCount).Sum(stage.Layout.BlockCount);
            var (served, isRefused) = (0, false);
            while (!isRefused && served <= most)
            {
                await peer.SendAsync(PeerMessage.Request(Block(allowed.Value.Value)));
                PeerMessage answer;
                while ((answer = (await peer.ReceiveAsync())!.Value).Kind is not (PeerMessageKind.Piece or PeerMessageKind.Reject))
                {
                    // Haves and more of the allowed pieces come between.
                }
                isRefused = answer.Kind == PeerMessageKind.Reject;
                served += isRefused ? 0 : 1;
            }
            Assert.InRange(served, 1, most);
        });
        yield return new(121, "requests of pieces that we lack, without end", [Stopped(FaultCause.Flood)], "", async stage =>
        {
            var peer = await stage.UnchokedAsync(stage.GuiltyAddress());
            var lacking = (uint)stage.Layout.PieceCount - 1;
            peer.Serve(() => peer.ReadToEndAsync());
            for (var i = 0; i < Many && await peer.TrySendAsync(Numbers(6, lacking - (uint)(i % 20), 0, 16_384)); i++)
                await Task.Yield();
            await Eventually.HoldsAsync(() => stage.World.Journal.Of(peer.EndPoint.Address).Count > 0, static () => "it goes on");
        });
        yield return new(122, "cancels without end", [Stopped(FaultCause.Flood)], "", stage => stage.OffendAsync(Repeat(Many, Numbers(8, 0, 0, 16_384))));
        yield return new(123, "rejects of what was not asked for, without end", [Stopped(FaultCause.Flood)], "", stage => stage.OffendAsync(Repeat(Many, Numbers(16, 300, 0, 16_384))));
        yield return new(124, "asks much and reads a byte now and then", [Stopped(FaultCause.SendTimeout)], "what waits for it is bounded", async stage =>
        {
            var peer = await stage.UnchokedAsync(stage.GuiltyAddress(), receiveBuffer: 4096);
            await peer.TrySendAsync(WirePeer.Bytes([.. Enumerable.Range(0, 190).Select(static i => PeerMessage.Request(Block(i / 2, i % 2 * FileLayout.BlockLength)))]));
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            var asked = 190;
            while (stage.World.Journal.Of(peer.EndPoint.Address).Count == 0 && await peer.TryReceiveByteAsync())
            {
                if (asked++ < 500)
                    await peer.TrySendAsync(WirePeer.Bytes(PeerMessage.Request(Block(asked / 2, asked % 2 * FileLayout.BlockLength))));
                await pace.WaitForNextTickAsync();
            }
        });
        yield return new(125, "interest and none within one packet, for ever", [Stopped(FaultCause.Flood)], "", stage => stage.OffendAsync(Repeat(500, [.. Raw(1, 2), .. Raw(1, 3)])));
    }

    private static IEnumerable<HostileCase> FurtherExtensions()
    {
        yield return new(130, "extension handshakes that name hundreds of extensions", [Stopped(FaultCause.Flood)], "some are no matter, and few of the names are kept", async stage =>
        {
            var peer = await stage.DialAsync(stage.InnocentAddress());
            for (var i = 0; i < 20; i++)
                await peer.SendAsync(Named(i));
            await peer.SendAsync(PeerMessage.Interested);
            await peer.ReceiveAsync(PeerMessageKind.Unchoke);
            await stage.OffendAsync([.. Enumerable.Range(0, 200).SelectMany(static i => WirePeer.Bytes(Named(i)))]);

            static PeerMessage Named(int round) => Introduction($"d1:md{string.Concat(Enumerable.Range(0, 300).Select(i => string.Create(CultureInfo.InvariantCulture, $"10:{round:000}xx{i:00000}i{i % 256}e")))}ee");
        });
        yield return new(131, "an extension handshake of 100 KiB", [Stopped(FaultCause.MalformedMessage)], "", stage =>
            stage.OffendAsync(WirePeer.Bytes(Introduction($"d1:v100000:{new string('x', 100_000)}e"))));
        yield return new(132, "an extension handshake of impossible numbers", [], "what makes no sense counts as left out", async stage =>
        {
            var peer = await stage.DialAsync(stage.InnocentAddress());
            await peer.SendAsync(
                Introduction("d1:pi70000e4:reqqi0e6:yourip5:abcdee"), Introduction("d1:pi-1e4:reqqi-1e11:upload_onlyi-7ee"), Introduction("d1:pi0e4:reqqi9223372036854775807ee"),
                Introduction("d1:md6:ut_pexi999e11:ut_metadatai-3ee1:v0:e"), PeerMessage.Interested);
            await peer.ReceiveAsync(PeerMessageKind.Unchoke);
            await peer.SendAsync(PeerMessage.Request(Block(1)));
            await peer.ReceiveAsync(PeerMessageKind.Piece);
        });
        yield return new(133, "numbers that are none: -0, leading zeros, more than 64 bits", [Stopped(FaultCause.MalformedMessage)], "", async stage =>
        {
            foreach (var number in new[] { "-0", "007", "99999999999999999999", "", "-", "1.5" })
                await stage.OffendAsync(WirePeer.Bytes(Introduction($"d4:reqqi{number}ee")));
        });
        yield return new(134, "pieces taken back and told again, without end", [Stopped(FaultCause.Flood)], "", stage =>
            stage.OffendAsync([.. Enumerable.Range(0, 500).SelectMany(static _ => (byte[])[.. Numbers(4, 300), .. WirePeer.Bytes(PeerMessage.Extended(DontHave, new byte[] { 0, 0, 1, 44 }))])]));
        yield return new(135, "requests for metadata without end", [Stopped(FaultCause.Flood)], "it gets it twice", async stage =>
        {
            var peer = await stage.DialAsync(stage.GuiltyAddress());
            await peer.SendAsync(Claim(1));
            await peer.TrySendAsync(WirePeer.Bytes([.. Enumerable.Repeat(PeerMessage.Extended(Metadata, MetadataMessage.Request(0)), Many)]));
            await peer.ReadToEndAsync();
        });
        yield return new(136, "metadata that was not asked for", [Stopped(FaultCause.UnexpectedMessage)], "", async stage =>
        {
            var peer = await stage.DialAsync(stage.GuiltyAddress());
            await peer.SendAsync(Claim(16_000));
            await peer.TrySendAsync(WirePeer.Bytes(PeerMessage.Extended(Metadata, DataOf(0, 16_000, new byte[16_000]))));
            await peer.ReadToEndAsync();
        });
        yield return new(137, "messages of extensions that nobody offered, without end", [Stopped(FaultCause.Flood)], "", stage =>
            stage.OffendAsync(WirePeer.Bytes([.. Enumerable.Repeat(PeerMessage.Extended(99, Text("de")), Many)])));
        yield return new(138, "PEX that names ten thousand peers", [Stopped(FaultCause.OversizedMessage)], "", stage =>
            stage.OffendAsync(WirePeer.Bytes(PeerMessage.Extended(Pex, Text($"d5:added60000:{new string('a', 60_000)}e")))));
        yield return new(139, "PEX that names nobody's addresses, and us", [], "none of them is dialled", async stage =>
        {
            var content = stage.Small();
            var torrent = await stage.AddAsync(content);
            await ActiveAsync(torrent);
            var peer = await stage.DialAsync(stage.InnocentAddress(), torrent: content.InfoHash, pieces: content.Layout.PieceCount);
            await peer.ReceiveAsync();
            var before = (await HostileStage.SnapshotAsync(torrent)).Peers.Known;
            var told = new PexMessage
            {
                Added =
                [
                    .. new[] { "0.0.0.0", "224.0.0.1", "240.1.2.3", "255.255.255.255" }.Select(static address => new PexPeer(new IPEndPoint(IPAddress.Parse(address), 6881), PexFlags.None)),
                    new PexPeer(new IPEndPoint(IPAddress.Loopback, stage.Port), PexFlags.None),
                ],
            };
            await peer.SendAsync(PeerMessage.Extended(Pex, told.Encode()), PeerMessage.Interested);
            await peer.ReceiveAsync(PeerMessageKind.Unchoke);
            Assert.Equal(before, (await HostileStage.SnapshotAsync(torrent)).Peers.Known);
        });
        yield return new(140, "haves of piece after piece, before the metadata is known", [], "its memory does not grow with each", async stage =>
        {
            var content = await MagnetAsync(stage);
            var peer = await stage.DialAsync(stage.InnocentAddress(), torrent: content.InfoHash, pieces: -1);
            await peer.SendAsync([.. Enumerable.Range(0, 20_000).Select(static i => PeerMessage.Have(new PieceIndex(i * 8)))]);
            await peer.SendAsync(PeerMessage.KeepAlive);
        });
    }

    private static IEnumerable<HostileCase> FurtherTrackers()
    {
        yield return new(150, "a tracker names a hundred thousand addresses of nobody, an interval below zero and an id of 300 KB", [], "nobody is learned of it", async stage =>
        {
            var peers = new byte[600_000];
            Array.Fill(peers, (byte)241);
            foreach (var interval in new[] { "-5", "0", "9223372036854775807" })
            {
                var tracker = await stage.TrackerAsync(new TrackerFault.Garbage((byte[])
                    [.. Text($"d8:intervali{interval}e12:min intervali{interval}e5:peers{peers.Length}:"), .. peers, .. Text($"10:tracker id300000:{new string('t', 300_000)}e")]));
                var content = new GeneratedContent($"case 150 {interval}", (ulong)tracker.Port, 64 << 10, [new("file.bin", 1000)]);
                var torrent = await stage.AddAsync(new TorrentSpec(TorrentFileParser.Parse(content.BuildTorrent(tracker.AnnounceUri)), stage.World.Folder()));
                await Eventually.HoldsAsync(
                    () => stage.World.Journal.Events<object>().Any(heard => heard is TorrentEvent.AnnounceFailed failed && failed.InfoHash == content.InfoHash
                        || heard is TorrentEvent.Announced announced && announced.InfoHash == content.InfoHash),
                    static () => "nothing comes of it");
                Assert.Equal(0, (await HostileStage.SnapshotAsync(torrent)).Peers.Known);
            }
        });
        yield return new(151, "a tracker of endless headers, of endless interim answers, of a body that drips", [], "each is over in time", async stage =>
        {
            foreach (var (head, rest) in new[]
                     {
                         ("HTTP/1.1 200 OK\r\n", "X-More: and more\r\n"),
                         ("", "HTTP/1.1 100 Continue\r\n\r\n"),
                         ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nd\r\n"),
                     })
            {
                var tracker = stage.Keep(new EndlessServer(head, rest));
                var content = new GeneratedContent($"case 151 {head.Length}", (ulong)tracker.Port, 64 << 10, [new("file.bin", 1000)]);
                await stage.AddAsync(new TorrentSpec(TorrentFileParser.Parse(content.BuildTorrent(new Uri($"http://127.0.0.1:{tracker.Port}/announce"))), stage.World.Folder()));
                await Eventually.HoldsAsync(
                    () => stage.World.Journal.Events<TorrentEvent.AnnounceFailed>().Any(failed => failed.InfoHash == content.InfoHash), () => $"{head}{rest} is waited for");
            }
        });
    }

    private static PeerMessage Introduction(string bencode) => PeerMessage.Extended(ExtensionHandshake.Id, Encoding.Latin1.GetBytes(bencode));
}
