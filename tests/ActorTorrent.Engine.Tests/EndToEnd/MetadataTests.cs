using System.Net;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Resume;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>Magnet links: metadata from peers and to peers (BEP 9) over real sockets, and what hostile peers make of it.</summary>
public sealed class MetadataTests : IDisposable
{
    private const byte Id = 7;
    private const PeerCapabilities Both = PeerCapabilities.Fast | PeerCapabilities.Extended;

    // 5,860 pieces: 117 KB of metadata, 8 pieces of it.
    private readonly GeneratedContent _content = new("content", 9, 1 << 10, [new("a.bin", 5_000_000), new("b.bin", 1_000_000)]);
    private readonly TempFolder _folder = new();

    private ReadOnlyMemory<byte> Metadata => _content.Metainfo.InfoBytes;

    private int Pieces => MetadataMessage.PieceCount(Metadata.Length);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_magnet_link_and_one_peer_are_enough_and_the_connection_stays()
    {
        await using var seed = await EngineUnderTest.StartAsync();
        await using var engine = await EngineUnderTest.StartAsync();
        var port = await Seed(seed);

        await engine.MagnetAsync(_content, _folder["out"], new IPEndPoint(IPAddress.Loopback, port));
        var received = await engine.Until<TorrentEvent.MetadataReceived>();
        await engine.UntilComplete();

        Assert.Equal(_content.InfoHash, received.Metainfo.InfoHash);
        Assert.True(_content.Verify(_folder["out"]).IsGood);
        Assert.Contains(engine.Seen, item => item is TorrentSnapshot { Phase: TorrentPhase.FetchingMetadata, Metadata: not null });
        Assert.Empty(engine.Seen.OfType<FaultJournalEntry>());
        Assert.Empty(seed.Seen.OfType<FaultJournalEntry>());
    }

    [Fact]
    public async Task Metadata_from_five_peers_of_which_three_lie()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        var port = await Fetch(engine);
        await using var wrongBytes = await Offer(port, Metadata.Length, piece => Other(piece));
        await using var wrongSize = await Offer(port, Metadata.Length - 5000, piece => MetadataMessage.Bring(Metadata.Span[..^5000], piece));
        await using var silent = await Offer(port, Metadata.Length, _ => null);
        var faults = new Dictionary<IPEndPoint, FaultCause>();
        while (faults.Count < 3)
        {
            var entry = await engine.Until<FaultJournalEntry>(entry => entry.Fault.Cause.ToString().StartsWith("Metadata", StringComparison.Ordinal));
            faults.TryAdd(entry.Fault.EndPoint, entry.Fault.Cause);
        }
        await using var honest = await Offer(port, Metadata.Length, Right);
        await using var other = await Offer(port, Metadata.Length, Right);

        var received = await engine.Until<TorrentEvent.MetadataReceived>();

        Assert.Equal(Metadata.ToArray(), received.Metainfo.InfoBytes.ToArray());
        Assert.Equal(FaultCause.MetadataMismatch, faults[wrongBytes.EndPoint]);
        Assert.Equal(FaultCause.MetadataMismatch, faults[wrongSize.EndPoint]);
        Assert.Equal(FaultCause.MetadataTimeout, faults[silent.EndPoint]);
    }

    [Fact]
    public async Task A_liar_among_honest_senders_is_found_out()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        var port = await Fetch(engine);
        // Each answers one piece in its turn, so that all three have sent some of the first copy.
        using var gate = new SemaphoreSlim(0);
        await using var liar = await Offer(port, Metadata.Length, Other, gate);
        await using var honest = await Offer(port, Metadata.Length, Right, gate);
        await using var other = await Offer(port, Metadata.Length, Right, gate);
        gate.Release(1000);

        await engine.Until<TorrentEvent.MetadataReceived>();
        var entry = engine.Seen.OfType<FaultJournalEntry>().FirstOrDefault() ?? await engine.Until<FaultJournalEntry>();

        Assert.Equal((liar.EndPoint, FaultCause.MetadataMismatch, FaultAction.Ban), (entry.Fault.EndPoint, entry.Fault.Cause, entry.Decision.Action));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData((30L << 20) + 1)]
    [InlineData(long.MaxValue)]
    public async Task A_metadata_size_that_cannot_be_is_a_fault(long size)
    {
        await using var engine = await EngineUnderTest.StartAsync();
        await using var peer = await Offer(await Fetch(engine), size, Right);

        Assert.Equal((FaultCause.MetadataSize, FaultAction.Stop), await FaultOf(engine, peer));
    }

    [Fact]
    public async Task A_metadata_size_that_changes_is_a_fault()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        await using var peer = await Offer(await Fetch(engine), Metadata.Length, _ => null);
        await peer.SendAsync(Introduce(Metadata.Length + 1));

        Assert.Equal(FaultCause.MetadataSize, (await FaultOf(engine, peer)).Cause);
    }

    [Theory]
    [InlineData("index out of range", FaultCause.IndexOutOfRange)]
    [InlineData("index negative", FaultCause.IndexOutOfRange)]
    [InlineData("never asked for", FaultCause.UnexpectedMessage)]
    [InlineData("other total size", FaultCause.MetadataSize)]
    [InlineData("too short", FaultCause.MalformedMessage)]
    [InlineData("too long", FaultCause.MalformedMessage)]
    [InlineData("no bencode", FaultCause.MalformedMessage)]
    public async Task Metadata_that_breaks_the_rules_is_a_fault(string what, FaultCause cause)
    {
        await using var engine = await EngineUnderTest.StartAsync();
        // Of one piece, so that it is known which one was asked for.
        var whole = Metadata.Span[..1000].ToArray();
        await using var peer = await Offer(await Fetch(engine), what == "never asked for" ? 40_000 : whole.Length, what == "never asked for" ? _ => null : piece => what switch
        {
            "index out of range" => Head(1, 1, whole.Length, whole),
            "index negative" => Head(1, -1, whole.Length, whole),
            "other total size" => Head(1, 0, whole.Length + 1, whole),
            "too short" => Head(1, 0, whole.Length, whole[..^1]),
            "too long" => Head(1, 0, whole.Length, [.. whole, 0]),
            _ => "d8:msg_type"u8.ToArray(),
        });
        if (what == "never asked for")
        {
            // One answer to each of its questions, and one more of the same.
            var twice = MetadataMessage.Bring(new byte[40_000], 0);
            await peer.SendAsync(PeerMessage.Extended(2, twice), PeerMessage.Extended(2, twice), PeerMessage.Extended(2, twice));
        }

        Assert.Equal(cause, (await FaultOf(engine, peer)).Cause);
    }

    [Fact]
    public async Task Metadata_unasked_of_a_seed_is_a_fault()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        await using var peer = await Offer(await Seed(engine), Metadata.Length, Right);
        await peer.SendAsync(PeerMessage.Extended(2, Right(0)!));

        Assert.Equal(FaultCause.UnexpectedMessage, (await FaultOf(engine, peer)).Cause);
    }

    [Theory]
    [InlineData(true, FaultCause.BadBitfield)]
    [InlineData(false, FaultCause.IndexOutOfRange)]
    public async Task Pieces_told_before_the_metadata_are_checked_when_it_is_there(bool isBitfield, FaultCause cause)
    {
        await using var engine = await EngineUnderTest.StartAsync();
        var port = await Fetch(engine);
        await using var liar = await WirePeer.DialAsync(port, _content.InfoHash, pieceCount: -1, Both);
        await liar.SendAsync(isBitfield ? PeerMessage.Bitfield(new byte[3]) : PeerMessage.Have(new PieceIndex(_content.Layout.PieceCount)));
        await liar.SendAsync(PeerMessage.Interested);
        await liar.ReceiveAsync(PeerMessageKind.Extended);
        await using var honest = await Offer(port, Metadata.Length, Right);

        Assert.Equal(cause, (await FaultOf(engine, liar)).Cause);
    }

    [Fact]
    public async Task A_have_of_more_pieces_than_metadata_can_name_is_a_fault_at_once()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        await using var peer = await WirePeer.DialAsync(await Fetch(engine), _content.InfoHash, pieceCount: -1, Both);
        await peer.SendAsync(PeerMessage.Have(new PieceIndex(int.MaxValue)));

        Assert.Equal(FaultCause.IndexOutOfRange, (await FaultOf(engine, peer)).Cause);
    }

    [Fact]
    public async Task We_serve_it_whole_and_reject_what_is_not_there()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        await using var peer = await WirePeer.DialAsync(await Seed(engine), _content.InfoHash, _content.Layout.PieceCount, Both);
        var told = ExtensionHandshake.Parse((await peer.ReceiveAsync(PeerMessageKind.Extended)).Payload);
        Assert.Equal(Metadata.Length, told.MetadataSize);
        await peer.SendAsync(Introduce(size: null));
        await peer.SendAsync([.. Enumerable.Range(0, Pieces + 1).Select(piece => PeerMessage.Extended(told.Extensions[MetadataMessage.Name], MetadataMessage.Request(piece)))]);

        var got = new SortedDictionary<int, byte[]>();
        var rejected = new List<int>();
        while (got.Count < Pieces || rejected.Count < 1)
        {
            var extended = await peer.ReceiveAsync(PeerMessageKind.Extended);
            if (extended.ExtendedId != Id)
                continue;
            var message = MetadataMessage.Parse(extended.Payload);
            if (message.Kind == MetadataMessageKind.Data)
                got.Add(message.Piece, message.Data.ToArray());
            else
                rejected.Add(message.Piece);
        }

        Assert.Equal(Metadata.ToArray(), got.Values.SelectMany(data => data));
        Assert.Equal([Pieces], rejected);
    }

    [Fact]
    public async Task Who_asks_for_it_without_end_is_a_flood()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        await using var peer = await WirePeer.DialAsync(await Seed(engine), _content.InfoHash, _content.Layout.PieceCount, Both);
        await peer.SendAsync(Introduce(size: null));
        await peer.SendAsync([.. Enumerable.Range(0, 200).Select(i => PeerMessage.Extended(2, MetadataMessage.Request(i % Pieces)))]);

        Assert.Equal(FaultCause.Flood, (await FaultOf(engine, peer)).Cause);
    }

    [Fact]
    public async Task It_is_kept_for_the_next_start()
    {
        var state = new ResumeStore(_folder["state"]);
        await using (var engine = await EngineUnderTest.StartAsync(resume: state))
        {
            await using var peer = await Offer(await Fetch(engine), Metadata.Length, Right);
            await engine.Until<TorrentEvent.MetadataReceived>();
        }
        await using var again = await EngineUnderTest.StartAsync(resume: state);
        await again.MagnetAsync(_content, _folder["out"]);

        await again.Until<TorrentEvent.MetadataReceived>();
        await again.Until<TorrentEvent.Checked>();
        Assert.DoesNotContain(again.Seen, item => item is TorrentSnapshot { Phase: TorrentPhase.FetchingMetadata });
    }

    [Fact]
    public async Task Metadata_of_no_use_stops_the_torrent_and_says_why()
    {
        var info = "d6:lengthi5e4:name2:..12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae"u8.ToArray();
        var hash = new InfoHash(System.Security.Cryptography.SHA1.HashData(info));
        await using var engine = await EngineUnderTest.StartAsync();
        var added = await engine.Engine.AddAsync(new TorrentSpec(new MagnetLink(hash), _folder["out"]));
        await engine.Until<TorrentSnapshot>(s => s.Phase == TorrentPhase.FetchingMetadata);
        await using var peer = await WirePeer.DialAsync(added.ListenPort, hash, pieceCount: -1, Both);
        await peer.SendAsync(Introduce(info.Length));
        await peer.ReceiveAsync(PeerMessageKind.Extended);
        await peer.ReceiveAsync(PeerMessageKind.Extended);
        await peer.SendAsync(PeerMessage.Extended(2, MetadataMessage.Bring(info, 0)));

        Assert.Contains("name", (await engine.Until<TorrentEvent.MetadataRefused>()).Reason, StringComparison.Ordinal);
        await engine.Until<TorrentEvent.Stopped>();
    }

    [Fact]
    public async Task Only_the_files_that_the_link_selects_are_fetched()
    {
        await using var seed = await EngineUnderTest.StartAsync();
        await using var engine = await EngineUnderTest.StartAsync();
        var port = await Seed(seed);
        var link = MagnetLink.Parse($"magnet:?xt=urn:btih:{_content.InfoHash}&so=1,7-9");
        await engine.Engine.AddAsync(new TorrentSpec(link, _folder["out"]) { Peers = [new IPEndPoint(IPAddress.Loopback, port)] });

        var final = (await engine.UntilComplete()).Final;

        Assert.InRange(final.BytesWanted, 1_000_000, 1_002_000);
        Assert.False(File.Exists(Path.Combine(_folder["out"], "content", "a.bin")));
    }

    private async Task<(FaultCause Cause, FaultAction Action)> FaultOf(EngineUnderTest engine, WirePeer peer)
    {
        var entry = await engine.Until<FaultJournalEntry>(entry => entry.Fault.EndPoint.Equals(peer.EndPoint));
        return (entry.Fault.Cause, entry.Decision.Action);
    }

    private async Task<int> Seed(EngineUnderTest engine)
    {
        await _content.WriteFilesAsync(_folder["data"]);
        var added = await engine.DownloadAsync(_content, _folder["data"]);
        await engine.UntilComplete();
        return added.ListenPort;
    }

    private async Task<int> Fetch(EngineUnderTest engine)
    {
        var added = await engine.MagnetAsync(_content, _folder["out"]);
        await engine.Until<TorrentSnapshot>(s => s.Phase == TorrentPhase.FetchingMetadata);
        return added.ListenPort;
    }

    /// <summary>Dials, claims a size, and answers what is asked for as the function says; null is silence.</summary>
    private async Task<WirePeer> Offer(int port, long size, Func<int, byte[]?> answer, SemaphoreSlim? gate = null)
    {
        var peer = await WirePeer.DialAsync(port, _content.InfoHash, pieceCount: -1, Both);
        await peer.SendAsync(Introduce(size));
        peer.Serve(async () =>
        {
            byte id = 0;
            while (await peer.ReceiveAsync() is { } message)
            {
                if (message.Kind != PeerMessageKind.Extended)
                    continue;
                if (message.ExtendedId == ExtensionHandshake.Id)
                {
                    id = ExtensionHandshake.Parse(message.Payload).Extensions[MetadataMessage.Name];
                    continue;
                }
                if (MetadataMessage.Parse(message.Payload) is not { Kind: MetadataMessageKind.Request, Piece: var piece })
                    continue;
                if (gate is not null)
                    await gate.WaitAsync();
                if (answer(piece) is { } payload)
                    await peer.SendAsync(PeerMessage.Extended(id, payload));
            }
        });
        return peer;
    }

    private static PeerMessage Introduce(long? size) => PeerMessage.Extended(
        ExtensionHandshake.Id,
        new ExtensionHandshake { Extensions = new Dictionary<string, byte>(StringComparer.Ordinal) { [MetadataMessage.Name] = Id }, MetadataSize = size }.Encode());

    private byte[]? Right(int piece) => MetadataMessage.Bring(Metadata.Span, piece);

    private byte[]? Other(int piece)
    {
        var message = MetadataMessage.Bring(Metadata.Span, piece);
        message[^1] ^= 1;
        return message;
    }

    private static byte[] Head(int kind, int piece, int size, byte[] data) =>
        [.. System.Text.Encoding.ASCII.GetBytes(FormattableString.Invariant($"d8:msg_typei{kind}e5:piecei{piece}e10:total_sizei{size}ee")), .. data];
}
