using System.Net;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>The extension protocol's handshake (BEP 10, BEP 21) over real sockets.</summary>
public sealed class ExtensionProtocolTests : IDisposable
{
    private const PeerCapabilities Both = PeerCapabilities.Fast | PeerCapabilities.Extended;

    private readonly GeneratedContent _content = new("content", 3, 64 << 10, [new("a.bin", 1_000_000)]);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task We_tell_who_we_are_and_what_we_take(bool isSeed)
    {
        await using var engine = await EngineUnderTest.StartAsync();
        var port = await Start(engine, isSeed);
        await using var peer = await Dial(port, Both);

        var message = await peer.ReceiveAsync(PeerMessageKind.Extended);
        var told = ExtensionHandshake.Parse(message.Payload);

        Assert.True(peer.Handshake.Capabilities.HasFlag(PeerCapabilities.Extended));
        Assert.Equal(ExtensionHandshake.Id, message.ExtendedId);
        Assert.StartsWith("ActorTorrent", told.Client, StringComparison.Ordinal);
        Assert.Equal(port, told.ListenPort);
        Assert.Equal(engine.Context.Options.Peer.MaxQueuedRequests, told.RequestQueue);
        Assert.Equal(IPAddress.Loopback, told.YourIp);
        Assert.Equal(isSeed ? true : null, told.IsUploadOnly);
    }

    [Fact]
    public async Task A_peer_without_the_protocol_is_not_spoken_to_in_it()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        await using var peer = await Dial(await Start(engine, isSeed: true), PeerCapabilities.None);

        Assert.Equal(PeerMessageKind.Bitfield, (await peer.ReceiveAsync())!.Value.Kind);
        await peer.SendAsync(PeerMessage.Interested);
        Assert.Equal(PeerMessageKind.Unchoke, (await peer.ReceiveAsync())!.Value.Kind);
    }

    [Fact]
    public async Task No_more_is_asked_for_than_the_peer_queues()
    {
        const int Queue = 3;
        await using var engine = await EngineUnderTest.StartAsync();
        await using var peer = await Dial(await Start(engine, isSeed: false), Both);
        await peer.SendAsync(
            PeerMessage.HaveAll,
            PeerMessage.Extended(ExtensionHandshake.Id, new ExtensionHandshake { RequestQueue = Queue }.Encode()),
            PeerMessage.Unchoke);

        var owed = new Queue<BlockRequest>();
        var unserved = _content.Layout.TotalLength;
        while (unserved > 0)
        {
            while (owed.Count < Queue && owed.Sum(block => block.Length) < unserved)
                owed.Enqueue((await peer.ReceiveAsync(PeerMessageKind.Request)).AsBlockRequest);
            // A request that must be rejected, since we are choked: what was asked for before stands in front of the answer.
            await peer.SendAsync(PeerMessage.Request(owed.Peek()));
            Assert.Equal(PeerMessageKind.Reject, (await peer.ReceiveAsync())!.Value.Kind);
            // Off the books before it is on the wire: what is asked for next may be quicker than this test.
            var next = owed.Dequeue();
            unserved -= next.Length;
            var data = new byte[next.Length];
            _content.Read(((long)next.Piece.Value * _content.Layout.PieceLength) + next.Offset, data);
            await peer.SendAsync(PeerMessage.Block(next.Piece, next.Offset, data));
        }

        await engine.UntilComplete();
    }

    [Fact]
    public async Task A_malformed_handshake_ends_the_connection()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        await using var peer = await Dial(await Start(engine, isSeed: true), Both);

        await peer.SendAsync(PeerMessage.Extended(ExtensionHandshake.Id, "d1:m"u8.ToArray()));

        Assert.Equal(FaultCause.MalformedMessage, (await FaultOf(engine, peer)).Fault.Cause);
    }

    [Fact]
    public async Task The_protocol_unannounced_ends_the_connection()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        await using var peer = await Dial(await Start(engine, isSeed: true), PeerCapabilities.Fast);

        await peer.SendAsync(PeerMessage.Extended(ExtensionHandshake.Id, new ExtensionHandshake().Encode()));

        Assert.Equal(FaultCause.UnexpectedMessage, (await FaultOf(engine, peer)).Fault.Cause);
    }

    [Fact]
    public async Task A_fault_names_the_client_as_it_named_itself()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        await using var peer = await Dial(await Start(engine, isSeed: true), Both);

        await peer.SendAsync(
            PeerMessage.Extended(ExtensionHandshake.Id, new ExtensionHandshake { Client = "Test 7" }.Encode()),
            PeerMessage.Extended(ExtensionHandshake.Id, "x"u8.ToArray()));

        Assert.Equal("Test 7", (await FaultOf(engine, peer)).Fault.Client);
    }

    private static Task<FaultJournalEntry> FaultOf(EngineUnderTest engine, WirePeer peer) =>
        engine.Until<FaultJournalEntry>(entry => entry.Fault.EndPoint.Equals(peer.EndPoint));

    private async Task<int> Start(EngineUnderTest engine, bool isSeed)
    {
        var folder = Path.Combine(_folder.Path, "data");
        if (isSeed)
            await _content.WriteFilesAsync(folder);
        var added = await engine.DownloadAsync(_content, folder);
        if (isSeed)
            await engine.UntilComplete();
        else
            await engine.Until<TorrentEvent.Checked>();
        return added.ListenPort;
    }

    private Task<WirePeer> Dial(int port, PeerCapabilities capabilities) =>
        WirePeer.DialAsync(port, _content.InfoHash, _content.Layout.PieceCount, capabilities);
}
