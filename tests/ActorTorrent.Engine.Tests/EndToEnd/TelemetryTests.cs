using System.Collections.Concurrent;
using System.Diagnostics;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Engine.Tests.Telemetry;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Lab.Trackers;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>Metrics, traces and details of a whole engine, and reading a file before it is complete.</summary>
public sealed class TelemetryTests : IDisposable
{
    private readonly GeneratedContent _content = new("content", 23, 64 << 10, [new("a.bin", 1_500_000), new("b.bin", 2_500_000)]);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_happens_shows_in_the_metrics()
    {
        await using var dying = await Stub(PeerScript.Dies(300_000, TransferEnding.Reset, returnsAfter: TimeSpan.FromMilliseconds(20)));
        await using var healthy = await Stub(PeerScript.Healthy(3 << 20));
        using var metrics = new EngineMetrics();
        using var reader = new MetricsReader(metrics.Meter);
        await using var engine = await EngineUnderTest.StartAsync(
            "actortorrent { telemetry.metrics-interval = 20ms, faults { retry-delay = 20ms, max-retry-delay = 60ms } }", metrics: metrics);
        await engine.DownloadAsync(_content, _folder["out"], dying.EndPoint, healthy.EndPoint);
        await engine.Until<FaultJournalEntry>();
        await engine.UntilComplete();

        await Eventually.HoldsAsync(
            () =>
            {
                var read = reader.Read();
                return Task.FromResult(
                    read.GetValueOrDefault("actortorrent.content.size{actortorrent.piece.state=verified}") == 4_000_000
                    && read.GetValueOrDefault("actortorrent.transfer.io{network.io.direction=receive}") >= 4_000_000
                    && read.Keys.Any(k => k.StartsWith("actortorrent.faults{", StringComparison.Ordinal))
                    && read.GetValueOrDefault("actortorrent.actor.restarts") >= 1
                    && read.GetValueOrDefault("actortorrent.actors{actortorrent.actor.kind=metrics}") == 1
                    && read.GetValueOrDefault("actortorrent.peer.handshake.duration{actortorrent.peer.direction=outgoing}") >= 2
                    && read.Any(m => m.Key.StartsWith("actortorrent.disk.operation.duration{actortorrent.disk.operation=write", StringComparison.Ordinal)));
            },
            () => string.Join('\n', reader.Read()));
    }

    [Fact]
    public async Task A_peers_life_is_a_trace()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == MetricNames.Scope,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var dying = await Stub(PeerScript.Dies(300_000, TransferEnding.Reset));
        await using var healthy = await Stub(PeerScript.Healthy(3 << 20));
        await using (var engine = await EngineUnderTest.StartAsync())
        {
            await engine.DownloadAsync(_content, _folder["out"], dying.EndPoint, healthy.EndPoint);
            await engine.UntilComplete();
        }

        // Other engines of the process are traced, too.
        var ours = ended.Where(a => a.OperationName == "peer" && a.GetTagItem(MetricNames.InfoHash) as string == _content.InfoHash.ToString()).ToList();
        var failed = ours.First(a => (int)a.GetTagItem(MetricNames.PeerPort)! == dying.EndPoint.Port && a.Status == ActivityStatusCode.Error);
        var good = ours.Single(a => (int)a.GetTagItem(MetricNames.PeerPort)! == healthy.EndPoint.Port);
        Assert.Equal("reset", failed.GetTagItem(MetricNames.ErrorType));
        Assert.Equal(ActivityStatusCode.Unset, good.Status);
        Assert.All([failed, good], life =>
        {
            var steps = ended.Where(a => a.ParentSpanId == life.SpanId).OrderBy(a => a.StartTimeUtc).ToList();
            Assert.Equal(["connect", "handshake", "transfer"], steps.Select(a => a.OperationName));
            Assert.All(steps, step => Assert.Equal(life.TraceId, step.TraceId));
            Assert.Contains(steps[2].Events, e => e.Name == "first_block");
        });
        Assert.Contains(ended.Where(a => a.ParentSpanId == failed.SpanId).SelectMany(a => a.Events), e => e.Name == "fault");
        Assert.Null(Activity.Current);
    }

    [Fact]
    public async Task Files_pieces_and_trackers_are_told()
    {
        await using var tracker = new LabTracker();
        await tracker.StartAsync();
        var metainfo = TorrentFileParser.Parse(_content.BuildTorrent([tracker.AnnounceUri]));
        await using var healthy = await Stub(PeerScript.Healthy(3 << 20));
        await using var engine = await EngineUnderTest.StartAsync();
        var torrent = await engine.Engine.AddAsync(new TorrentSpec(metainfo, _folder["out"])
        {
            Peers = [healthy.EndPoint],
            WantedFiles = new HashSet<int> { 1 },
        });
        await engine.Until<TorrentEvent.Announced>();
        await engine.UntilComplete();

        var files = await TorrentEngine.FilesAsync(torrent);
        Assert.Equal(["content/a.bin", "content/b.bin"], files.Select(f => f.Path));
        Assert.Equal([FilePriority.Skip, FilePriority.Normal], files.Select(f => f.Priority));
        Assert.Equal(2_500_000, files[1].BytesVerified);
        Assert.InRange(files[0].BytesVerified, 0, 64 << 10);

        var pieces = await TorrentEngine.PiecesAsync(torrent);
        Assert.Equal(PieceState.Skipped, pieces.States[0]);
        Assert.Equal(PieceState.Verified, pieces.States[^1]);
        Assert.Equal(metainfo.Layout.PieceCount, pieces.Availability.Count);

        var said = Assert.Single(await TorrentEngine.TrackersAsync(torrent));
        Assert.Equal(tracker.AnnounceUri, said.Tracker);
        Assert.Null(said.Error);
        Assert.NotNull(said.LastAnnounce);
        Assert.True(said.NextAnnounce > said.LastAnnounce);
        Assert.NotNull(said.Swarm);
    }

    [Fact]
    public async Task A_file_is_read_from_its_middle_before_it_is_complete()
    {
        await using var slow = await Stub(PeerScript.Healthy(400_000));
        await using var engine = await EngineUnderTest.StartAsync();
        var torrent = await engine.DownloadAsync(_content, _folder["out"], slow.EndPoint);

        using var reader = await TorrentEngine.OpenContentAsync(torrent, 1);
        Assert.Equal(2_500_000, reader.Length);
        var from = 2_000_000L;
        var read = new MemoryStream();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (read.Length < 200_000)
        {
            using var some = await reader.ReadAsync(from + read.Length, 200_000 - read.Length, patience.Token);
            read.Write(some.Memory.Span);
        }

        var all = new byte[_content.Metainfo.Layout.TotalLength];
        _content.Read(0, all);
        Assert.Equal(all.AsSpan(1_500_000 + 2_000_000, 200_000).ToArray(), read.ToArray());
        // Rarest first would have brought about an eighth of these by now; they came long before the end.
        var snapshot = await TorrentEngine.SnapshotAsync(torrent);
        Assert.NotEqual(TorrentPhase.Seeding, snapshot.Phase);
    }

    [Fact]
    public async Task Bytes_that_will_never_come_are_refused()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        var torrent = await engine.Engine.AddAsync(new TorrentSpec(_content.Metainfo, _folder["out"]) { WantedFiles = new HashSet<int> { 1 } });
        await engine.Until<TorrentEvent.Checked>();

        using (var unwanted = await TorrentEngine.OpenContentAsync(torrent, 0))
            await Assert.ThrowsAsync<EngineRefusalException>(() => unwanted.ReadAsync(0, 100));
        await Assert.ThrowsAsync<EngineRefusalException>(() => TorrentEngine.OpenContentAsync(torrent, 2));

        // One that waits hears of the end.
        using var waiting = await TorrentEngine.OpenContentAsync(torrent, 1);
        var read = waiting.ReadAsync(1_000_000, 100);
        await engine.Engine.RemoveAsync(torrent.InfoHash, withData: false);
        await Assert.ThrowsAsync<EngineRefusalException>(() => read);
    }

    private Task<StubPeer> Stub(PeerScript script) => StubPeer.StartAsync(script, _content.InfoHash, _content);
}
