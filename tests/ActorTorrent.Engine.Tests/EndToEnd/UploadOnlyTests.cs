using System.Net;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>Who wants nothing more (BEP 21): it says so, and leaves those who want nothing either.</summary>
public sealed class UploadOnlyTests : IDisposable
{
    private readonly GeneratedContent _content = new("content", 4, 64 << 10, [new("a.bin", 500_000)]);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("has all")]
    [InlineData("got all")]
    [InlineData("wants nothing")]
    public async Task A_seed_leaves_who_wants_nothing_and_blames_nobody(string why)
    {
        var data = Path.Combine(_folder.Path, "data");
        await _content.WriteFilesAsync(data);
        await using var engine = await EngineUnderTest.StartAsync();
        var added = await engine.DownloadAsync(_content, data);
        await engine.UntilComplete();
        await using var peer = await Dial(added.ListenPort);

        PeerMessage[] saying = why switch
        {
            "has all" => [PeerMessage.HaveAll],
            "got all" => [PeerMessage.HaveNone, .. Enumerable.Range(0, _content.Layout.PieceCount).Select(piece => PeerMessage.Have(new(piece)))],
            _ => [PeerMessage.Extended(ExtensionHandshake.Id, new ExtensionHandshake { IsUploadOnly = true }.Encode())],
        };
        await peer.SendAsync(saying);

        while (await peer.ReceiveAsync() is not null)
        {
            // What it said before it understood.
        }
        await engine.Until<TorrentSnapshot>(snapshot => snapshot.Peers.Running == 0);
        Assert.Empty(engine.Seen.OfType<FaultJournalEntry>());
    }

    [Fact]
    public async Task Others_hear_when_we_want_nothing_more_and_stay()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        var added = await engine.DownloadAsync(_content, Path.Combine(_folder.Path, "out"));
        await engine.Until<TorrentEvent.Checked>();
        await using var peer = await Dial(added.ListenPort);
        Assert.Null(ExtensionHandshake.Parse((await peer.ReceiveAsync(PeerMessageKind.Extended)).Payload).IsUploadOnly);

        await using var seed = await StubPeer.StartAsync(PeerScript.Healthy(), _content.InfoHash, _content);
        added.Coordinator.Tell(new CoordinatorProtocol.AddPeers([seed.EndPoint]), ActorRefs.NoSender);

        Assert.True(ExtensionHandshake.Parse((await peer.ReceiveAsync(PeerMessageKind.Extended)).Payload).IsUploadOnly);
        // It still serves: the newcomer that has nothing is unchoked and gets what it asks for.
        await peer.SendAsync(PeerMessage.Interested);
        await peer.ReceiveAsync(PeerMessageKind.Unchoke);
        var block = new BlockRequest(new(3), 0, 16 << 10);
        await peer.SendAsync(PeerMessage.Request(block));
        Assert.Equal(block, (await peer.ReceiveAsync(PeerMessageKind.Piece)).AsBlockRequest);
    }

    [Fact]
    public async Task Two_engines_that_dial_each_other_at_once_keep_one_connection()
    {
        var data = Path.Combine(_folder.Path, "data");
        await _content.WriteFilesAsync(data);
        await using var seed = await EngineUnderTest.StartAsync();
        var seeded = await seed.DownloadAsync(_content, data);
        await seed.UntilComplete();
        await using var leech = await EngineUnderTest.StartAsync();
        var leeched = await leech.DownloadAsync(_content, Path.Combine(_folder.Path, "out"));
        await leech.Until<TorrentEvent.Checked>();

        seeded.Coordinator.Tell(
            new CoordinatorProtocol.AddPeers([new IPEndPoint(IPAddress.Loopback, leeched.ListenPort)]), ActorRefs.NoSender);
        leeched.Coordinator.Tell(
            new CoordinatorProtocol.AddPeers([new IPEndPoint(IPAddress.Loopback, seeded.ListenPort)]), ActorRefs.NoSender);

        var complete = await leech.UntilComplete();
        Assert.Equal(_content.Layout.TotalLength, complete.Final.Downloaded);
        Assert.All(
            leech.Seen.Concat(seed.Seen).OfType<FaultJournalEntry>(),
            entry => Assert.Contains(entry.Fault.Cause, (FaultCause[])[FaultCause.Duplicate, FaultCause.Closed, FaultCause.Reset]));
    }

    private Task<WirePeer> Dial(int port) =>
        WirePeer.DialAsync(port, _content.InfoHash, _content.Layout.PieceCount, PeerCapabilities.Fast | PeerCapabilities.Extended);
}
