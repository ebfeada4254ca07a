using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>The census of a whole engine against what its coordinator says it has, through faults.</summary>
public sealed class ActorCensusTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly GeneratedContent _content = new("content", 19, 64 << 10, [new("file.bin", 6_000_000)]);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // One of each lives as long as an engine with one torrent.
    private static readonly ActorKind[] Always =
    [
        ActorKind.Engine, ActorKind.Census, ActorKind.Limits, ActorKind.Listener, ActorKind.UdpTrackers, ActorKind.Scrapes, ActorKind.Disk,
        ActorKind.Coordinator, ActorKind.Tracker, ActorKind.Storage,
    ];

    [Fact]
    public async Task After_a_download_with_faults_exactly_the_actors_of_the_tree_live()
    {
        await using var dying = await Stub(PeerScript.Dies(500_000, TransferEnding.Reset, returnsAfter: TimeSpan.FromMilliseconds(20)));
        await using var liar = await Stub(PeerScript.Corrupts(new BlockCorruption(Probability: 1), 200_000));
        await using var refusing = await Stub(PeerScript.Refuses());
        await using var healthy = await Stub(PeerScript.Healthy(3 << 20));
        await using var engine = await EngineUnderTest.StartAsync(
            "actortorrent { faults { retry-delay = 20ms, max-retry-delay = 60ms, max-retries = 50 } }");
        var torrent = await engine.DownloadAsync(
            _content, _folder["out"], dying.EndPoint, liar.EndPoint, refusing.EndPoint, healthy.EndPoint);

        await engine.UntilComplete();

        var first = await engine.Engine.CensusAsync();
        // Nobody looked before, and nothing was asked: this count alone sent probes.
        Assert.InRange(first.Probes, first.Actors.Count, first.Actors.Count + 10);
        await AssertHoldsWhatItShould(engine, torrent);
        var status = (await engine.Engine.CensusAsync()).Actors;
        Assert.Contains(status, a => a.Kind == ActorKind.Peer && a.LastFault is not null);

        await engine.Engine.StopAsync(Patience);
        var stopped = await engine.Engine.CensusAsync();
        Assert.Equal(["", "census", "disk", "limits", "listener", "scrapes", "udp"], stopped.Actors.Select(a => a.Path.Split('-')[0]));
    }

    [Fact]
    public async Task A_peer_that_is_resumed_has_a_last_fault_and_no_restart()
    {
        await using var stalling = await Stub(PeerScript.Stalls(300_000, 64 << 20));
        await using var healthy = await Stub(PeerScript.Healthy(2 << 20));
        await using var engine = await EngineUnderTest.StartAsync("actortorrent.peer.snub-timeout = 500ms");
        await engine.DownloadAsync(_content, _folder["out"], stalling.EndPoint, healthy.EndPoint);
        await engine.Until<FaultJournalEntry>(e => e.Fault.Cause == FaultCause.Snubbed);

        await Eventually.HoldsAsync(
            async () => (await engine.Engine.CensusAsync()).Actors.Any(a => a is { Kind: ActorKind.Peer, Restarts: 0, LastFault: not null }),
            () => "no peer shows its fault");
    }

    [Fact]
    public async Task A_watcher_sees_the_tree_grow_and_leaves_no_trace()
    {
        await using var healthy = await Stub(PeerScript.Healthy(3 << 20));
        await using var engine = await EngineUnderTest.StartAsync();
        using var patience = new CancellationTokenSource(Patience);
        var before = 0;
        await foreach (var census in engine.Engine.WatchActorsAsync(patience.Token))
        {
            if (before == 0)
                await engine.DownloadAsync(_content, _folder["out"], healthy.EndPoint);
            before = census.Actors.Count;
            if (census.Actors.Any(a => a is { Kind: ActorKind.Connection, Depth: 3 }))
                break;
        }
        await engine.UntilComplete();

        var last = await engine.Engine.CensusAsync();
        await Eventually.HoldsAsync(
            async () =>
            {
                var next = await engine.Engine.CensusAsync();
                var isQuiet = next.Probes - last.Probes == next.Actors.Count;
                last = next;
                return isQuiet;
            },
            () => "somebody still has the actors counted");
    }

    /// <summary>Holds once what is on its way has arrived: a peer's end reaches the coordinator a message later.</summary>
    private static async Task AssertHoldsWhatItShould(EngineUnderTest engine, EngineProtocol.TorrentAdded torrent)
    {
        var said = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                var peers = (await TorrentEngine.SnapshotAsync(torrent)).Peers;
                var census = await engine.Engine.CensusAsync();
                while (engine.Events.TryRead(out var item))
                    engine.Note(item);
                var faults = engine.Seen.OfType<FaultJournalEntry>().ToList();
                var restarts = faults.Count(f => f.Decision.Action == FaultAction.Restart);
                said = $"{peers}, {restarts} restarts decided; {census.Restarts} counted:\n{string.Join('\n', census.Actors)}";
                return census.Count(ActorKind.Peer) == peers.Waiting + peers.Connecting + peers.Running
                    && census.Count(ActorKind.Connection) == peers.Connecting + peers.Running
                    && census.Restarts == restarts
                    && Always.All(kind => census.Count(kind) == 1)
                    && census.Actors.Count == Always.Length + census.Count(ActorKind.Peer) + census.Count(ActorKind.Connection);
            },
            () => said);
    }

    private Task<StubPeer> Stub(PeerScript script) => StubPeer.StartAsync(script, _content.InfoHash, _content);
}
