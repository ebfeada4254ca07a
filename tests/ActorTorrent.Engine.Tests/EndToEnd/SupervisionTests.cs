using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Lab.Trackers;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>Scripted peers over real sockets: what each fault becomes, and that it costs nobody else anything.</summary>
public sealed class SupervisionTests : IDisposable
{
    private const int PieceLength = 64 << 10;
    private const long FastEnough = 64 << 20;

    private readonly GeneratedContent _content = new("content", 11, PieceLength, [new("a/first.bin", 3_000_000), new("second.bin", 1_234_567)]);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_engines_download_from_each_other()
    {
        await _content.WriteFilesAsync(Path.Combine(_folder.Path, "seed"));
        await using var seed = await EngineUnderTest.StartAsync();
        var seeded = await seed.DownloadAsync(_content, Path.Combine(_folder.Path, "seed"));
        await seed.UntilComplete();
        await using var leech = await EngineUnderTest.StartAsync();
        await leech.DownloadAsync(_content, Output, new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, seeded.ListenPort));

        var complete = await leech.UntilComplete();

        Assert.Equal(_content.Layout.TotalLength, complete.Final.BytesVerified);
        Assert.Equal(_content.Layout.TotalLength, complete.Final.Downloaded);
        Assert.Equal(0, complete.Final.Wasted);
        AssertVerified();
    }

    [Theory]
    [InlineData(TransferEnding.Close, FaultCause.Closed)]
    [InlineData(TransferEnding.Reset, FaultCause.Reset)]
    public async Task A_peer_that_dies_is_dialled_again_and_its_blocks_go_to_others(TransferEnding ending, FaultCause cause)
    {
        await using var dying = await Stub(PeerScript.Dies(500_000, ending, bytesPerSecond: 4 << 20));
        await using var healthy = await Stub(PeerScript.Healthy(4 << 20));
        // Without endgame, in which blocks may come twice by design.
        await using var engine = await EngineUnderTest.StartAsync("actortorrent.torrent.endgame-requesters = 1");
        await engine.DownloadAsync(_content, Output, dying.EndPoint, healthy.EndPoint);

        var complete = await engine.UntilComplete();

        var entry = Faults(engine).First(e => e.Fault.EndPoint.Equals(dying.EndPoint));
        Assert.Equal(cause, entry.Fault.Cause);
        Assert.Equal(FaultAction.Restart, entry.Decision.Action);
        Assert.InRange(entry.BlocksReturned, 1, 500);
        Assert.DoesNotContain(Faults(engine), e => e.Fault.EndPoint.Equals(healthy.EndPoint));
        Assert.Equal(0, complete.Final.Wasted);
        AssertVerified();
    }

    [Fact]
    public async Task A_peer_that_stalls_is_resumed_without_its_blocks()
    {
        await using var stalling = await Stub(PeerScript.Stalls(300_000, FastEnough));
        await using var healthy = await Stub(PeerScript.Healthy(2 << 20));
        await using var engine = await EngineUnderTest.StartAsync("actortorrent.peer.snub-timeout = 500ms");
        await engine.DownloadAsync(_content, Output, stalling.EndPoint, healthy.EndPoint);

        await engine.UntilComplete();

        var entry = Faults(engine).First(e => e.Fault.EndPoint.Equals(stalling.EndPoint));
        Assert.Equal(FaultCause.Snubbed, entry.Fault.Cause);
        Assert.Equal(FaultAction.Resume, entry.Decision.Action);
        Assert.True(entry.BlocksReturned > 0);
        AssertVerified();
    }

    [Fact]
    public async Task A_peer_that_corrupts_is_proven_guilty_and_banned_and_nobody_else()
    {
        await using var corrupt = await Stub(PeerScript.Corrupts(new BlockCorruption(Probability: 0.5), 4 << 20) with { Seed = 5 });
        await using var first = await Stub(PeerScript.Healthy(4 << 20));
        await using var second = await Stub(PeerScript.Healthy(4 << 20));
        await using var engine = await EngineUnderTest.StartAsync();
        await engine.DownloadAsync(_content, Output, corrupt.EndPoint, first.EndPoint, second.EndPoint);

        var complete = await engine.UntilComplete();

        var bans = Faults(engine).Where(e => e.Decision.Action == FaultAction.Ban).ToList();
        Assert.Equal(corrupt.EndPoint, Assert.Single(bans).Fault.EndPoint);
        Assert.Equal(FaultCause.HashFailure, bans[0].Fault.Cause);
        Assert.Contains(engine.Seen, e => e is TorrentEvent.PieceFailed);
        Assert.True(complete.Final.Wasted > 0);
        AssertVerified();
    }

    [Fact]
    public async Task A_refused_dial_is_tried_again_with_a_growing_delay_until_it_is_given_up()
    {
        await using var refusing = await Stub(PeerScript.Refuses());
        await using var engine = await EngineUnderTest.StartAsync("actortorrent { faults { retry-delay = 20ms, jitter = 0, max-retries = 4 } }");
        await engine.DownloadAsync(_content, Output, refusing.EndPoint);

        var stuck = await engine.Until<TorrentEvent.Stuck>();

        var entries = Faults(engine).ToList();
        Assert.Equal([1, 2, 3, 4], entries.Select(e => e.Attempt));
        Assert.All(entries, e => Assert.Equal(FaultCause.Refused, e.Fault.Cause));
        Assert.Equal([20, 40, 80], entries.Take(3).Select(e => (int)e.Decision.Delay.TotalMilliseconds));
        Assert.Equal(FaultAction.Stop, entries[3].Decision.Action);
        Assert.Contains("refused", stuck.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("silent", FaultCause.HandshakeTimeout, FaultAction.Restart)]
    [InlineData("closes", FaultCause.Closed, FaultAction.Restart)]
    [InlineData("resets", FaultCause.Reset, FaultAction.Restart)]
    [InlineData("wrong protocol", FaultCause.WrongProtocol, FaultAction.Stop)]
    [InlineData("wrong info hash", FaultCause.WrongInfoHash, FaultAction.Stop)]
    [InlineData("never accepts", FaultCause.ConnectTimeout, FaultAction.Restart)]
    public async Task A_bad_handshake_costs_its_own_connection_only(string script, FaultCause cause, FaultAction action)
    {
        var bad = script switch
        {
            "silent" => PeerScript.Silent(20),
            "closes" => PeerScript.ClosesHandshake(40),
            "resets" => PeerScript.ResetsHandshake(),
            "wrong protocol" => PeerScript.WrongProtocol(),
            "wrong info hash" => PeerScript.WrongInfoHash(),
            _ => PeerScript.NeverAccepts(),
        };
        await using var stub = await Stub(bad);
        await using var healthy = await Stub(PeerScript.Healthy(4 << 20));
        await using var engine = await EngineUnderTest.StartAsync();
        await engine.DownloadAsync(_content, Output, stub.EndPoint, healthy.EndPoint);

        // Which comes first, the fault or the last piece, is chance.
        var entry = await engine.Until<FaultJournalEntry>(e => e.Fault.EndPoint.Equals(stub.EndPoint));
        await engine.UntilComplete();

        Assert.Equal(cause, entry.Fault.Cause);
        Assert.Equal(action, entry.Decision.Action);
        Assert.Equal(0, entry.BlocksReturned);
        Assert.DoesNotContain(Faults(engine), e => e.Fault.EndPoint.Equals(healthy.EndPoint));
        AssertVerified();
    }

    [Fact]
    public async Task A_tracker_that_is_down_at_first_is_asked_again()
    {
        await using var healthy = await Stub(PeerScript.Healthy());
        await using var tracker = new LabTracker(new LabTrackerOptions { Fault = new TrackerFault.HttpStatus(500) });
        await tracker.StartAsync();
        tracker.Swarms.Pin(_content.InfoHash, new SwarmPeer(healthy.EndPoint, healthy.PeerId, IsSeed: true));
        var torrent = Wire.Metainfo.TorrentFileParser.Parse(_content.BuildTorrent(tracker.AnnounceUri));
        await using var engine = await EngineUnderTest.StartAsync();
        await engine.Engine.AddAsync(new TorrentSpec(torrent, Output));
        await engine.Until<TorrentEvent.AnnounceFailed>();

        tracker.Fault = null;

        await engine.UntilComplete();
        AssertVerified();
    }

    [Fact]
    public async Task Memory_for_receiving_is_all_returned()
    {
        await using var dying = await Stub(PeerScript.Dies(200_000, TransferEnding.Reset, bytesPerSecond: FastEnough));
        await using var healthy = await Stub(PeerScript.Healthy());
        var engine = await EngineUnderTest.StartAsync();
        await engine.DownloadAsync(_content, Output, dying.EndPoint, healthy.EndPoint);
        await engine.UntilComplete();
        await engine.DisposeAsync();

        await Eventually.HoldsAsync(() => engine.Context.Slabs.Rented == 0, () => $"{engine.Context.Slabs.Rented} slabs are still rented");
    }

    private string Output => Path.Combine(_folder.Path, "out");

    private Task<StubPeer> Stub(PeerScript script) => StubPeer.StartAsync(script, _content.InfoHash, _content);

    private static IEnumerable<FaultJournalEntry> Faults(EngineUnderTest engine) => engine.Seen.OfType<FaultJournalEntry>();

    private void AssertVerified()
    {
        var verdict = _content.Verify(Output);
        Assert.True(verdict.IsGood, string.Join('\n', verdict.Differences));
    }
}
