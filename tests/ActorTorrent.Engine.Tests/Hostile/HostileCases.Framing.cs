using ActorTorrent.Engine.Faults;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.Hostile;

/// <content>Framing, floods and silence.</content>
internal static partial class HostileCases
{
    private static IEnumerable<HostileCase> Framing()
    {
        yield return new(15, "a length over 1 MiB, or negative", [Stopped(FaultCause.OversizedMessage)], "closed on the length alone", async stage =>
        {
            foreach (var length in new uint[] { (1 << 20) + 1, int.MaxValue, 0x8000_0000, uint.MaxValue })
                await stage.OffendAsync(Raw(length));
        });
        yield return new(16, "a message of fixed size with another length", [Stopped(FaultCause.MalformedMessage)], "each kind", async stage =>
        {
            foreach (var (id, length) in new (byte Id, uint Length)[] { (0, 2), (1, 5), (2, 2), (3, 9), (4, 4), (4, 6), (6, 12), (8, 14), (9, 2), (13, 4), (14, 2), (15, 3), (16, 12), (17, 6), (20, 1) })
                await stage.OffendAsync(Raw(length, id));
        });
        yield return new(17, "a piece message shorter than its head", [Stopped(FaultCause.MalformedMessage)], "", async stage =>
        {
            foreach (var length in new uint[] { 1, 5, 8 })
                await stage.OffendAsync(Raw(length, [7, .. new byte[length - 1]]));
        });
        yield return new(18, "unknown message ids", [Stopped(FaultCause.Flood)], "some are skipped, too many are not", async stage =>
        {
            var unknown = Raw(101, [99, .. new byte[100]]);
            var some = await stage.DialAsync(stage.InnocentAddress());
            await some.SendAsync(Repeat(20, unknown));
            await some.SendAsync(PeerMessage.Interested);
            await some.ReceiveAsync(PeerMessageKind.Unchoke);
            await stage.OffendAsync(Repeat(300, unknown));
        });
        yield return new(19, "half a message, then the end", [Stopped(FaultCause.Closed)], "", async stage =>
        {
            var peer = await stage.DialAsync(stage.GuiltyAddress());
            await peer.SendAsync(Raw(13, 6, 0, 0));
            peer.EndSending();
            await peer.ReadToEndAsync();
        });
        yield return new(20, "a flood of keep-alives", [Stopped(FaultCause.Flood)], "some are no matter", async stage =>
        {
            var some = await stage.DialAsync(stage.InnocentAddress());
            await some.SendAsync(Repeat(30, 0, 0, 0, 0));
            await some.SendAsync(PeerMessage.Interested);
            await some.ReceiveAsync(PeerMessageKind.Unchoke);
            await stage.OffendAsync(Repeat(1000, 0, 0, 0, 0));
        });
        yield return new(21, "choke and unchoke, interest and none, for ever", [Stopped(FaultCause.Flood)], "", async stage =>
        {
            await stage.OffendAsync(Repeat(500, WirePeerBytes(PeerMessage.Choke, PeerMessage.Unchoke)));
            await stage.OffendAsync(Repeat(500, WirePeerBytes(PeerMessage.Interested, PeerMessage.NotInterested)));
        });
        yield return new(22, "silence after the handshake", [Stopped(FaultCause.Idle)], "one that sends a keep-alive now and then stays", async stage =>
        {
            var quiet = await stage.DialAsync(stage.InnocentAddress());
            var silent = await stage.DialAsync(stage.GuiltyAddress());
            var ended = silent.ReadToEndAsync();
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
            while (!ended.IsCompleted)
            {
                await quiet.SendAsync(PeerMessage.KeepAlive);
                await pace.WaitForNextTickAsync();
            }
            await quiet.SendAsync(PeerMessage.Interested);
            await quiet.ReceiveAsync(PeerMessageKind.Unchoke);
        });
        yield return new(23, "a message's body byte by byte", [Stopped(FaultCause.Idle)], "bytes that end no message do not count as progress", async stage =>
        {
            var peer = await stage.DialAsync(stage.GuiltyAddress());
            var ended = peer.ReadToEndAsync();
            await peer.SendAsync(Raw(16_393, 7, 0, 0, 1, 0, 0, 0, 0, 0));
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            while (!ended.IsCompleted && await peer.TrySendAsync(new byte[1]))
                await pace.WaitForNextTickAsync();
            await ended;
        });
    }

    private static byte[] WirePeerBytes(params PeerMessage[] messages) => EndToEnd.WirePeer.Bytes(messages);
}
