using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.EndToEnd;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.Hostile;

/// <content>Before and during the handshake.</content>
internal static partial class HostileCases
{
    // What a peer that the engine dials comes to: dialled again until it is given up.
    private static Expected[] GivenUp(FaultCause cause) => [Restarted(cause, 2), Stopped(cause)];

    private static IEnumerable<HostileCase> Handshakes()
    {
        yield return new(1, "connects, sends nothing", [Stopped(FaultCause.HandshakeTimeout), Restarted(FaultCause.HandshakeTimeout)], "both directions; dialled again, then given up", async stage =>
        {
            var dialled = await stage.StubAsync(PeerScript.Silent(), stage.World.Content);
            stage.Guilty(dialled.EndPoint.Address, GivenUp(FaultCause.HandshakeTimeout));
            stage.Introduce(stage.World.Torrent, dialled.EndPoint);
            var peer = await stage.ConnectAsync(stage.GuiltyAddress(Stopped(FaultCause.HandshakeTimeout)));
            Assert.Equal(0, await peer.ReadToEndAsync());
        });
        yield return new(2, "half a handshake, then silence", [Stopped(FaultCause.HandshakeTimeout)], "both directions", async stage =>
        {
            var dialled = await stage.StubAsync(PeerScript.Silent(34), stage.World.Content);
            stage.Guilty(dialled.EndPoint.Address, GivenUp(FaultCause.HandshakeTimeout));
            stage.Introduce(stage.World.Torrent, dialled.EndPoint);
            var peer = await stage.ConnectAsync(stage.GuiltyAddress());
            await peer.SendAsync(WirePeer.Greeting(stage.InfoHash, HostileStage.Both).AsMemory(0, 34));
            Assert.Equal(0, await peer.ReadToEndAsync());
        });
        yield return new(3, "a handshake byte by byte", [Stopped(FaultCause.HandshakeTimeout)], "the deadline is absolute", async stage =>
        {
            var peer = await stage.ConnectAsync(stage.GuiltyAddress());
            var ended = peer.ReadToEndAsync();
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            foreach (var next in WirePeer.Greeting(stage.InfoHash, HostileStage.Both))
            {
                if (ended.IsCompleted || !await peer.TrySendAsync(new[] { next }))
                    break;
                await pace.WaitForNextTickAsync();
            }
            Assert.Equal(0, await ended);
        });
        yield return new(4, "a first byte other than 19", [Stopped(FaultCause.WrongProtocol)], "closed as soon as that byte is there", async stage =>
        {
            var peer = await stage.ConnectAsync(stage.GuiltyAddress());
            await peer.SendAsync(new byte[] { 20 });
            Assert.Equal(0, await peer.ReadToEndAsync());
            var http = await stage.ConnectAsync(stage.GuiltyAddress());
            await http.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
            Assert.Equal(0, await http.ReadToEndAsync());
        });
        yield return new(5, "another protocol's name", [Stopped(FaultCause.WrongProtocol)], "both directions", async stage =>
        {
            var dialled = await stage.StubAsync(PeerScript.WrongProtocol(), stage.World.Content);
            stage.Guilty(dialled.EndPoint.Address);
            stage.Introduce(stage.World.Torrent, dialled.EndPoint);
            var peer = await stage.ConnectAsync(stage.GuiltyAddress());
            await peer.TrySendAsync(Text("\u0013BitTorrent protocoL" + new string('\0', 48)));
            Assert.Equal(0, await peer.ReadToEndAsync());
        });
        yield return new(6, "an info hash that is not ours", [Stopped(FaultCause.WrongInfoHash)], "nothing is answered; both directions", async stage =>
        {
            var dialled = await stage.StubAsync(PeerScript.WrongInfoHash(), stage.World.Content);
            stage.Guilty(dialled.EndPoint.Address);
            stage.Introduce(stage.World.Torrent, dialled.EndPoint);
            var peer = await stage.ConnectAsync(stage.GuiltyAddress());
            await peer.SendAsync(WirePeer.Greeting(InfoHash.Parse(new string('a', 40)), HostileStage.Both));
            Assert.Equal(0, await peer.ReadToEndAsync());
        });
        yield return new(7, "the info hash of a torrent that is paused", [Stopped(FaultCause.NotActive)], "nothing is answered", async stage =>
        {
            var content = stage.Small();
            await stage.AddAsync(new TorrentSpec(content.Metainfo, stage.World.Folder()) { IsPaused = true });
            var peer = await stage.ConnectAsync(stage.GuiltyAddress());
            await peer.SendAsync(WirePeer.Greeting(content.InfoHash, HostileStage.Both));
            Assert.Equal(0, await peer.ReadToEndAsync());
        });
        yield return new(8, "our own peer id", [Stopped(FaultCause.Self)], "both directions; what was dialled is not dialled again", async stage =>
        {
            var dialled = await stage.StubAsync(PeerScript.Healthy() with { PeerId = stage.Context.OwnId }, stage.World.Content);
            stage.Guilty(dialled.EndPoint.Address);
            stage.Introduce(stage.World.Torrent, dialled.EndPoint);
            var peer = await stage.ConnectAsync(stage.GuiltyAddress());
            await peer.SendAsync(WirePeer.Greeting(stage.InfoHash, HostileStage.Both, stage.Context.OwnId));
            Assert.Equal(0, await peer.ReadToEndAsync());
            await Eventually.HoldsAsync(() => stage.World.Journal.Of(dialled.EndPoint.Address).Count > 0, static () => "it is not found out");
            stage.Introduce(stage.World.Torrent, dialled.EndPoint);
            await HostileStage.SnapshotAsync(stage.World.Torrent);
            Assert.Equal(1, dialled.Counts.Connections);
        });
        yield return new(9, "a peer id that is connected already", [Stopped(FaultCause.Duplicate)], "the first connection stays", async stage =>
        {
            var id = PeerId.Create(new Random(99_009));
            var first = await stage.DialAsync(stage.InnocentAddress(), id: id);
            await first.ReceiveAsync();
            var second = await stage.DialAsync(stage.GuiltyAddress(), id: id);
            await second.ReadToEndAsync();
            await first.SendAsync(PeerMessage.Interested);
            await first.ReceiveAsync(PeerMessageKind.Unchoke);
        });
        yield return new(10, "eight connections from one address", [Stopped(FaultCause.ConnectionLimit, 2)], "the six that are allowed stay", async stage =>
        {
            var address = stage.GuiltyAddress();
            for (var i = 0; i < 6; i++)
            {
                var peer = await stage.DialAsync(address);
                await peer.SendAsync(PeerMessage.Interested);
                await peer.ReceiveAsync(PeerMessageKind.Unchoke);
                peer.Serve(async () =>
                {
                    using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1));
                    while (await pace.WaitForNextTickAsync())
                        await peer.SendAsync(PeerMessage.KeepAlive);
                });
            }
            for (var i = 0; i < 2; i++)
            {
                var peer = await stage.ConnectAsync(address);
                await peer.SendAsync(WirePeer.Greeting(stage.InfoHash, HostileStage.Both));
                Assert.Equal(0, await peer.ReadToEndAsync());
            }
        });
        yield return new(
            11,
            "a banned address returns",
            [Stopped(FaultCause.MalformedMessage, 2), new(FaultCause.MalformedMessage, FaultAction.Ban), Stopped(FaultCause.Banned)],
            "closed when it is accepted, before it says a word; three violations ban",
            async stage =>
            {
                var address = stage.GuiltyAddress();
                for (var i = 0; i < 3; i++)
                {
                    var peer = await stage.DialAsync(address);
                    await peer.TrySendAsync(Raw(2, 0, 0));
                    await peer.ReadToEndAsync();
                }
                await Eventually.HoldsAsync(() => stage.Context.Bans.ReasonFor(address) is not null, static () => "it is not banned");
                var again = await stage.ConnectAsync(address);
                Assert.Equal(0, await again.ReadToEndAsync());
            });
        yield return new(
            12,
            "thirty connections at once that say nothing",
            [Stopped(FaultCause.ConnectionLimit, 1, 22), Stopped(FaultCause.HandshakeTimeout, 8, 29)],
            "eight handshakes of an address are pending at most; others are let in meanwhile",
            async stage =>
            {
                var address = stage.GuiltyAddress();
                var flood = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => stage.ConnectAsync(address)));
                var other = await stage.DialAsync(stage.InnocentAddress());
                await other.SendAsync(PeerMessage.Interested);
                await other.ReceiveAsync(PeerMessageKind.Unchoke);
                await Task.WhenAll(flood.Select(static peer => peer.ReadToEndAsync()));
            });
        yield return new(13, "resets in mid-handshake", GivenUp(FaultCause.Reset), "the delay doubles", async stage =>
        {
            var dialled = await stage.StubAsync(PeerScript.ResetsHandshake(40), stage.World.Content);
            var address = stage.Guilty(dialled.EndPoint.Address);
            stage.Introduce(stage.World.Torrent, dialled.EndPoint);
            await Eventually.HoldsAsync(() => stage.World.Journal.Of(address).Count == 3, static () => "it is not tried three times");
            var delays = stage.World.Journal.Of(address).Select(static entry => entry.Decision.Delay).ToList();
            Assert.True(delays[0] > TimeSpan.Zero && delays[1] > delays[0], $"{delays[0]}, {delays[1]}");
        });
        yield return new(14, "one more than the torrent may have", [Stopped(FaultCause.ConnectionLimit)], "those that are there stay", async stage =>
        {
            var content = stage.Small();
            await stage.AddAsync(new TorrentSpec(content.Metainfo, stage.World.Folder()) { MaxPeers = 2 });
            await Eventually.HoldsAsync(() => stage.World.Journal.Events<TorrentEvent.Checked>().Any(check => check.InfoHash == content.InfoHash), static () => "not checked");
            var pieces = content.Layout.PieceCount;
            var peers = new[]
            {
                await stage.DialAsync(stage.InnocentAddress(), torrent: content.InfoHash, pieces: pieces),
                await stage.DialAsync(stage.InnocentAddress(), torrent: content.InfoHash, pieces: pieces),
            };
            var third = await stage.ConnectAsync(stage.GuiltyAddress());
            await third.SendAsync(WirePeer.Greeting(content.InfoHash, HostileStage.Both));
            Assert.Equal(0, await third.ReadToEndAsync());
            foreach (var peer in peers)
            {
                await peer.SendAsync(PeerMessage.Interested);
                await peer.ReceiveAsync(PeerMessageKind.Unchoke);
            }
        });
    }
}
