using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>The actor tree under failures: who restarts, who ends, and who does not notice.</summary>
public sealed class SupervisionTreeTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly GeneratedContent _content = new("content", 3, 64 << 10, [new("file.bin", 8_000_000)]);
    private readonly TempFolder _folder = new();
    private readonly List<StubPeer> _stubs = [];

    public SupervisionTreeTests()
        : base(Settings("").Akka)
    {
    }

    [Fact]
    public async Task A_peer_that_dies_takes_nobody_with_it()
    {
        // Slow enough that both run for a while after the restart, before there is nothing left to fetch.
        var dying = await Stub(PeerScript.Dies(200_000, TransferEnding.Reset, 200_000, TimeSpan.FromMilliseconds(20)));
        var slow = await Stub(PeerScript.Healthy(200_000));
        var faults = Faults();
        var torrent = await Start("", dying, slow);
        Watch(torrent);
        Watch(await Child(torrent, "tracker"));
        Watch(await Child(torrent, "storage"));

        var fault = faults.ExpectMsg<FaultJournalEntry>(Patience);

        Assert.Equal(FaultAction.Restart, fault.Decision.Action);
        Assert.Equal(dying.EndPoint, fault.Fault.EndPoint);
        // The peer's actor is the same one, restarted; the others were not touched.
        Assert.Equal(2, await RunningPeers(torrent));
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task A_banned_peer_ends_and_its_siblings_go_on()
    {
        var liar = await Stub(PeerScript.Corrupts(new BlockCorruption(Probability: 1), 100_000));
        var faults = Faults();
        var torrent = await Start("", liar);
        var actor = Watch(await Child(torrent, "peer-1"));

        var fault = faults.ExpectMsg<FaultJournalEntry>(Patience);
        Assert.Equal(FaultCause.HashFailure, fault.Fault.Cause);
        Assert.Equal(FaultAction.Ban, fault.Decision.Action);
        ExpectTerminated(actor, Patience);

        // Its address is refused from now on; another peer completes the torrent.
        var healthy = await Stub(PeerScript.Healthy());
        var events = Events();
        torrent.Tell(new CoordinatorProtocol.AddPeers([liar.EndPoint, healthy.EndPoint]));
        events.FishForMessage(e => e is TorrentEvent.Completed, Patience);
        Assert.True(_content.Verify(_folder["out"]).IsGood);
    }

    [Fact]
    public async Task An_exception_that_nobody_foresaw_restarts_the_peer_and_costs_its_session_only()
    {
        var stub = await Stub(PeerScript.Healthy(1_500_000));
        var torrent = await Start("", stub);
        await RunningPeers(torrent, atLeast: 1);
        var faults = Faults();
        var events = Events();

        (await Child(torrent, "peer-1")).Tell(Kill.Instance);

        var fault = faults.ExpectMsg<FaultJournalEntry>(Patience);
        Assert.Equal(FaultCause.InternalError, fault.Fault.Cause);
        Assert.Equal(FaultAction.Restart, fault.Decision.Action);
        events.FishForMessage(e => e is TorrentEvent.Completed, Patience);
        Assert.True(_content.Verify(_folder["out"]).IsGood);
    }

    [Fact]
    public async Task A_storage_that_crashes_has_the_torrent_checked_anew_and_completed()
    {
        var stub = await Stub(PeerScript.Healthy(3_000_000));
        var torrent = await Start("", stub);
        await RunningPeers(torrent, atLeast: 1);
        var events = Events();

        (await Child(torrent, "storage")).Tell(Kill.Instance);

        events.FishForMessage(e => e is TorrentEvent.Checked, Patience);
        events.FishForMessage(e => e is TorrentEvent.Completed, Patience);
        Assert.True(_content.Verify(_folder["out"]).IsGood);
    }

    [Fact]
    public async Task A_tracker_that_crashes_is_restarted_and_nobody_notices()
    {
        var stub = await Stub(PeerScript.Healthy(3_000_000));
        var torrent = await Start("", stub);
        Watch(torrent);
        var tracker = await Child(torrent, "tracker");
        var events = Events();
        var faults = Faults();

        tracker.Tell(Kill.Instance);

        events.FishForMessage(e => e is TorrentEvent.Completed, Patience);
        Assert.Equal(tracker, await Child(torrent, "tracker"));
        faults.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task Retries_grow_and_end_and_the_actor_ends_with_them()
    {
        var refusing = await Stub(PeerScript.Refuses());
        var slow = await Stub(PeerScript.Healthy(600_000));
        const string Overlay = "actortorrent.faults { retry-delay = 20ms, max-retry-delay = 10s, jitter = 0, max-retries = 4 }";
        var faults = Faults();
        var torrent = await Start(Overlay, refusing, slow);

        foreach (var (attempt, delay) in new[] { (1, 20), (2, 40), (3, 80) })
        {
            var fault = faults.ExpectMsg<FaultJournalEntry>(Patience);
            Assert.Equal(FaultCause.Refused, fault.Fault.Cause);
            Assert.Equal(FaultAction.Restart, fault.Decision.Action);
            Assert.Equal(attempt, fault.Attempt);
            Assert.Equal(delay, fault.Decision.Delay.TotalMilliseconds);
        }
        Assert.Equal(FaultAction.Stop, faults.ExpectMsg<FaultJournalEntry>(Patience).Decision.Action);
        await AwaitAssertAsync(async () => Assert.Equal(0, (await Snapshot(torrent)).Peers.Waiting), Patience);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        foreach (var stub in _stubs)
            stub.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _folder.Dispose();
    }

    private static EngineSettings Settings(string overlay)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "hocon");
        return EngineSettings.Parse(
            [.. new[] { "actortorrent.hocon", "profiles/test.hocon" }.Select(f => (f, File.ReadAllText(Path.Combine(folder, f)))), ("overlay", overlay)]);
    }

    private async Task<IActorRef> Start(string overlay, params StubPeer[] peers)
    {
        var options = Settings(overlay).Options;
        var engine = Sys.ActorOf(EngineActor.Props(new EngineContext(options, new HttpTrackerClient(options.Tracker), seed: 1)), "engine");
        var spec = new TorrentSpec(_content.Metainfo, _folder["out"]) { Peers = Array.ConvertAll(peers, p => p.EndPoint) };
        return (await engine.Ask<EngineProtocol.TorrentAdded>(new EngineProtocol.AddTorrent(spec), Patience)).Coordinator;
    }

    private async Task<StubPeer> Stub(PeerScript script)
    {
        var stub = await StubPeer.StartAsync(script, _content.InfoHash, _content);
        _stubs.Add(stub);
        return stub;
    }

    private Akka.TestKit.TestProbe Faults()
    {
        var probe = CreateTestProbe();
        Sys.EventStream.Subscribe(probe, typeof(FaultJournalEntry));
        return probe;
    }

    private Akka.TestKit.TestProbe Events()
    {
        var probe = CreateTestProbe();
        Sys.EventStream.Subscribe(probe, typeof(TorrentEvent));
        return probe;
    }

    private async Task<IActorRef> Child(IActorRef torrent, string name)
    {
        IActorRef? child = null;
        await AwaitAssertAsync(
            async () => child = await Sys.ActorSelection(torrent.Path.ToString() + "/" + name).ResolveOne(TimeSpan.FromMilliseconds(200)), Patience);
        return child!;
    }

    private static Task<TorrentSnapshot> Snapshot(IActorRef torrent)
        => torrent.Ask<TorrentSnapshot>(CoordinatorProtocol.GetSnapshot.Instance, Patience);

    private async Task<int> RunningPeers(IActorRef torrent, int atLeast = 2)
    {
        var running = 0;
        await AwaitAssertAsync(
            async () =>
            {
                running = (await Snapshot(torrent)).Peers.Running;
                Assert.True(running >= atLeast, $"{running} peers are running");
            },
            Patience);
        return running;
    }
}
