using System.Net;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Peers;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>The fast extension (BEP 6) and taking back a have (BEP 54) over real sockets.</summary>
public sealed class FastExtensionTests : IDisposable
{
    private const int Block = 16 << 10;

    private readonly GeneratedContent _content = new("content", 6, 32 << 10, [new("a.bin", 3_000_000)]);
    private readonly TempFolder _folder = new();

    private string Data => Path.Combine(_folder.Path, "data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_newcomer_gets_its_allowed_fast_pieces_while_it_is_choked()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        await using var peer = await Dial(await Seed(engine));
        var allowed = new List<PieceIndex>();
        Assert.Equal(PeerMessageKind.HaveAll, (await peer.ReceiveAsync())!.Value.Kind);
        while (allowed.Count < AllowedFast.Count)
            allowed.Add((await peer.ReceiveAsync(PeerMessageKind.AllowedFast)).Piece);
        Assert.Equal(AllowedFast.SetOf(IPAddress.Loopback, _content.InfoHash, _content.Layout.PieceCount), allowed);

        // Not interested, so not unchoked.
        var wanted = new BlockRequest(allowed[3], Block, Block);
        var other = new BlockRequest(Enumerable.Range(0, 92).Select(n => new PieceIndex(n)).First(piece => !allowed.Contains(piece)), 0, Block);
        await peer.SendAsync(PeerMessage.Request(wanted), PeerMessage.Request(other));

        PeerMessage[] answers = [(await peer.ReceiveAsync())!.Value, (await peer.ReceiveAsync())!.Value];
        Assert.Contains(answers, answer => answer.Kind == PeerMessageKind.Piece && answer.AsBlockRequest == wanted);
        Assert.Contains(answers, answer => answer.Kind == PeerMessageKind.Reject && answer.AsBlockRequest == other);
    }

    [Fact]
    public async Task Who_has_enough_to_trade_with_gets_no_more_of_them()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        await using var peer = await Dial(await Seed(engine));
        var allowed = (await peer.ReceiveAsync(PeerMessageKind.AllowedFast)).Piece;
        var block = new BlockRequest(allowed, 0, Block);

        await peer.SendAsync([.. Enumerable.Range(0, AllowedFast.Count).Select(n => PeerMessage.Have(new PieceIndex(n))), PeerMessage.Request(block)]);

        Assert.Equal(block, (await peer.ReceiveAsync(PeerMessageKind.Reject)).AsBlockRequest);
    }

    [Fact]
    public async Task While_choked_we_ask_for_what_is_allowed_and_after_that_for_the_rest()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        var added = await engine.DownloadAsync(_content, Data);
        await engine.Until<TorrentEvent.Checked>();
        await using var peer = await Dial(added.ListenPort);
        await peer.SendAsync(PeerMessage.HaveAll, PeerMessage.AllowedFast(new PieceIndex(5)), PeerMessage.AllowedFast(new PieceIndex(17)));

        var asked = new HashSet<BlockRequest>();
        while (asked.Count < 4)
        {
            var block = (await peer.ReceiveAsync(PeerMessageKind.Request)).AsBlockRequest;
            Assert.True(asked.Add(block));
            Assert.Contains(block.Piece.Value, (int[])[5, 17]);
            var data = new byte[block.Length];
            _content.Read(((long)block.Piece.Value * _content.Layout.PieceLength) + block.Offset, data);
            await peer.SendAsync(PeerMessage.Block(block.Piece, block.Offset, data));
        }
        await peer.SendAsync(PeerMessage.Unchoke);
        Assert.DoesNotContain((await peer.ReceiveAsync(PeerMessageKind.Request)).Piece.Value, (int[])[5, 17]);
    }

    [Fact]
    public async Task What_a_peer_suggests_is_asked_for_first()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        var added = await engine.DownloadAsync(_content, Data);
        await engine.Until<TorrentEvent.Checked>();
        await using var peer = await Dial(added.ListenPort);
        await peer.SendAsync(PeerMessage.HaveAll, PeerMessage.Suggest(new PieceIndex(17)), PeerMessage.Suggest(new PieceIndex(5)), PeerMessage.Unchoke);

        var asked = new List<int>();
        while (asked.Count < 6)
            asked.Add((await peer.ReceiveAsync(PeerMessageKind.Request)).Piece.Value);

        Assert.Equal([17, 17, 5, 5], asked.Take(4));
        Assert.DoesNotContain(asked.Skip(4), piece => piece is 5 or 17);
    }

    [Fact]
    public async Task A_piece_that_a_peer_takes_back_is_not_asked_of_it()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        var added = await engine.DownloadAsync(_content, Data);
        await engine.Until<TorrentEvent.Checked>();
        await using var peer = await Dial(added.ListenPort);
        var introduced = ExtensionHandshake.Parse((await peer.ReceiveAsync(PeerMessageKind.Extended)).Payload);
        var id = introduced.Extensions[DontHave.Name];

        await peer.SendAsync(PeerMessage.Have(new PieceIndex(5)), PeerMessage.Have(new PieceIndex(9)));
        await peer.ReceiveAsync(PeerMessageKind.Interested);
        await peer.SendAsync(PeerMessage.Extended(id, DontHave.Encode(new PieceIndex(5))), PeerMessage.Unchoke);

        var asked = new HashSet<int>();
        while (asked.Count < 1)
            asked.Add((await peer.ReceiveAsync(PeerMessageKind.Request)).Piece.Value);
        Assert.Equal([9], asked);
        // When it takes back the other one as well, there is nothing left to want.
        await peer.SendAsync(PeerMessage.Extended(id, DontHave.Encode(new PieceIndex(9))));
        await peer.ReceiveAsync(PeerMessageKind.NotInterested);
    }

    [Theory]
    [InlineData("000000", FaultCause.MalformedMessage)]
    [InlineData("7fffffff", FaultCause.IndexOutOfRange)]
    public async Task Taking_back_nonsense_ends_the_connection(string payload, FaultCause cause)
    {
        await using var engine = await EngineUnderTest.StartAsync();
        await using var peer = await Dial(await Seed(engine));
        var id = ExtensionHandshake.Parse((await peer.ReceiveAsync(PeerMessageKind.Extended)).Payload).Extensions[DontHave.Name];

        await peer.SendAsync(PeerMessage.Extended(id, Convert.FromHexString(payload)));

        Assert.Equal(cause, (await engine.Until<FaultJournalEntry>()).Fault.Cause);
    }

    [Fact]
    public async Task A_piece_that_is_told_and_taken_back_in_one_breath_does_not_count()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        var added = await engine.DownloadAsync(_content, Path.Combine(_folder.Path, "out"));
        await engine.Until<TorrentEvent.Checked>();
        await using var peer = await Dial(added.ListenPort);
        var id = ExtensionHandshake.Parse((await peer.ReceiveAsync(PeerMessageKind.Extended)).Payload).Extensions[DontHave.Name];

        await peer.SendAsync(
            PeerMessage.HaveNone,
            PeerMessage.Have(new PieceIndex(5)),
            PeerMessage.Extended(id, DontHave.Encode(new PieceIndex(5))),
            PeerMessage.Have(new PieceIndex(6)));
        await peer.ReceiveAsync(PeerMessageKind.Interested);
        await peer.SendAsync(PeerMessage.Extended(id, DontHave.Encode(new PieceIndex(6))));

        await peer.ReceiveAsync(PeerMessageKind.NotInterested);
    }

    [Fact]
    public async Task We_take_back_what_we_lost()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        await using var elsewhere = await StubPeer.StartAsync(PeerScript.Healthy(), _content.InfoHash, _content);
        var added = await engine.DownloadAsync(_content, Data, elsewhere.EndPoint);
        await engine.UntilComplete();
        await using var peer = await Dial(added.ListenPort);
        const byte Id = 42;
        await peer.SendAsync(PeerMessage.Extended(
            ExtensionHandshake.Id, new ExtensionHandshake { Extensions = new Dictionary<string, byte> { [DontHave.Name] = Id } }.Encode()));
        // An answer shows that the handshake was read.
        await peer.SendAsync(PeerMessage.Interested);
        await peer.ReceiveAsync(PeerMessageKind.Unchoke);

        await using (var damage = new FileStream(
            GeneratedContent.PathOf(Data, _content.Layout.Files[0]), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            damage.Position = 7 * (32 << 10);
            damage.Write(new byte[100]);
        }
        added.Coordinator.Tell(CoordinatorProtocol.Recheck.Instance, ActorRefs.NoSender);

        PeerMessage taken;
        do
            taken = await peer.ReceiveAsync(PeerMessageKind.Extended);
        while (taken.ExtendedId != Id);
        Assert.Equal(new PieceIndex(7), DontHave.Parse(taken.Payload.Span, _content.Layout.PieceCount));
        // The seed that was let go is dialled again.
        await engine.Until<TorrentEvent.Completed>();
        Assert.True(_content.Verify(Data).IsGood);
    }

    private async Task<int> Seed(EngineUnderTest engine)
    {
        await _content.WriteFilesAsync(Data);
        var added = await engine.DownloadAsync(_content, Data);
        await engine.UntilComplete();
        return added.ListenPort;
    }

    private Task<WirePeer> Dial(int port) =>
        WirePeer.DialAsync(port, _content.InfoHash, _content.Layout.PieceCount, PeerCapabilities.Fast | PeerCapabilities.Extended);
}
