using ActorTorrent.Engine.Discovery;
using ActorTorrent.Engine.Discovery.Dht;
using ActorTorrent.Engine.Filtering;
using ActorTorrent.Engine.Limits;
using ActorTorrent.Engine.Peers;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Coordination;

/// <summary>
/// The root of an engine: torrents by info hash, a disk actor per volume, the listener. One torrent's failure never
/// touches another's.
/// </summary>
public sealed class EngineActor : ObservedReceiveActor, IWithStash, IWithTimers
{
    private readonly EngineContext _context;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<InfoHash, IActorRef> _torrents = [];
    private readonly Dictionary<string, IActorRef> _disks = [];
    private readonly Dictionary<InfoHash, IActorRef> _removers = [];
    private readonly List<IActorRef> _stopWaiters = [];
    private readonly HashSet<InfoHash> _steered = [];
    private readonly TorrentQueue _queue;
    private readonly MemoryTrim _memory;
    private int _collections;
    private IActorRef _census = ActorRefs.Nobody;

    /// <param name="context">What the torrents share.</param>
    public EngineActor(EngineContext context)
    {
        _context = context;
        _queue = new TorrentQueue(context.Options.Queue);
        _memory = new MemoryTrim(context.Options.Memory);
        Become(Starting);
    }

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override ActorKind Kind => ActorKind.Engine;

    /// <param name="context">What the torrents share.</param>
    public static Props Props(EngineContext context) => Akka.Actor.Props.Create(() => new EngineActor(context));

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        _context.Options.Faults.MaxRestarts,
        (int)_context.Options.Faults.RestartWindow.TotalMilliseconds,
        exception =>
        {
            _log.Error(exception, "A part of the engine failed and is restarted");
            return Directive.Restart;
        },
        loggingEnabled: false);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));
        _census = Context.ActorOf(CensusActor.Props(_context.Options.Telemetry, _context.Time), "census");
        if (_context.Metrics is { } metrics)
            Context.ActorOf(MetricsActor.Props(metrics, _context.Options.Telemetry), "metrics");
        _context.Limits = Context.ActorOf(LimitsActor.Props(_context.Options.Limits, _context.Time), "limits");
        var udpTrackers = Context.ActorOf(UdpTrackerActor.Props(_context.Options.Tracker, _context.Options.Bind), "udp-trackers");
        _context.SpeakUdp(_context.Options.Proxy.IsUsed
            ? new RefusingTrackerClient("UDP trackers are not asked: the proxy carries TCP alone")
            : new UdpTrackerClient(udpTrackers, _context.Options.Tracker, _context.Time));
        _context.Scrapes = Context.ActorOf(ScrapeActor.Props(_context.Options.Tracker, _context.TrackerClient), "scrapes");
        if (_context.Options.Lsd.Enabled && !_context.Options.Proxy.IsUsed)
            _context.Finders.Add(Context.ActorOf(LsdActor.Props(_context), "lsd"));
        if (_context.Options.Filter.Files.Count > 0)
            Context.ActorOf(IpFilterActor.Props(_context), "ip-filter");
        Context.ActorOf(PeerListenerActor.Props(_context), "listener");
        if (_context.Options.Memory.TrimsAtRest)
            Timers.StartPeriodicTimer(nameof(LookAtMemory), LookAtMemory.Instance, _context.Options.Memory.Interval);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        // Whatever is still to come of these would become a dead letter itself, for ever.
        Context.System.EventStream.Unsubscribe(Self);
        base.PostStop();
    }

    /// <inheritdoc/>
    protected override void PreRestart(Exception reason, object message)
    {
        _context.Finders.Clear();
        _context.Dht = ActorRefs.Nobody;
        _context.DhtPort = 0;
        base.PreRestart(reason, message);
    }

    /// <summary>
    /// The torrents ended with the instance that failed: they are taken in again, as resume data has them. Whether one was stopped is known
    /// here, too: there is no resume data of a magnet link before its metadata.
    /// </summary>
    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        foreach (var spec in _context.Torrents.Values.ToArray())
            Self.Tell(new EngineProtocol.AddTorrent(spec with { KeepsSavedPriorities = true }), ActorRefs.NoSender);
    }

    private void Starting()
    {
        Receive<DeadLetter>(letter => LostMessages.Release(letter.Message));
        Receive<EngineProtocol.Listening>(listening =>
        {
            _context.ListenPort = listening.Port;
            if (_context.Options.Dht.Enabled && !_context.Options.Proxy.IsUsed)
            {
                StartDht();
            }
            else
            {
                Become(Running);
                Stash.UnstashAll();
            }
        });
        // Before the first torrent starts, so that its peers are told of our node.
        Receive<DhtProtocol.Ready>(ready =>
        {
            _context.DhtPort = ready.Port;
            Become(Running);
            Stash.UnstashAll();
        });
        Receive<DhtEnded>(_ =>
        {
            OnDhtEnded();
            Become(Running);
            Stash.UnstashAll();
        });
        Receive<EngineProtocol.ListenFailed>(failed =>
        {
            Become(() => Deaf(failed.Reason), nameof(Deaf));
            Stash.UnstashAll();
        });
        ReceiveAny(_ => Stash.Stash());
    }

    private void Running()
    {
        Receive<EngineProtocol.AddTorrent>(Add);
        Receive<EngineProtocol.PauseTorrent>(pause => SetPaused(pause.InfoHash, isPaused: true));
        Receive<EngineProtocol.ResumeTorrent>(resume => SetPaused(resume.InfoHash, isPaused: false, resume.IsForced));
        Receive<EngineProtocol.MoveInQueue>(move => WithTorrent(move.InfoHash, () => _queue.Move(move.InfoHash, move.Position)));
        Receive<EngineProtocol.SetQueue>(set =>
        {
            _queue.Options = set.Options;
            foreach (var torrent in _torrents.Values)
                torrent.Tell(CommonGoal());
            GiveTurns();
            Sender.Tell(EngineProtocol.Done.Instance);
        });
        Receive<EngineProtocol.SetSeedingGoal>(set => WithTorrent(
            set.InfoHash, () => _torrents[set.InfoHash].Tell(new CoordinatorProtocol.SetOwnGoal(set.Ratio, set.Time))));
        Receive<EngineProtocol.RemoveTorrent>(remove => LetGo(remove.InfoHash, new CoordinatorProtocol.Remove(remove.WithData)));
        Receive<EngineProtocol.UnloadTorrent>(unload => LetGo(unload.InfoHash, CoordinatorProtocol.Stop.Instance));
        Receive<EngineProtocol.TorrentReady>(ready =>
        {
            _queue.Forget(ready.InfoHash);
            _queue.SetNeed(ready.InfoHash, ready.Need);
            // What it was when it ended counts until the user says something else.
            if (ready.IsPaused && !_steered.Contains(ready.InfoHash))
            {
                _queue.SetPaused(ready.InfoHash, true);
                KeepPaused(ready.InfoHash, isPaused: true);
            }
            GiveTurns();
        });
        Receive<EngineProtocol.NeedChanged>(changed =>
        {
            _queue.SetNeed(changed.InfoHash, changed.Need);
            GiveTurns();
        });
        Receive<EngineProtocol.GetTorrents>(_ => Sender.Tell(new EngineProtocol.Torrents(
            [.. _queue.Order.Select(hash => new EngineProtocol.TorrentAdded(hash, _torrents[hash], _context.ListenPort))])));
        Receive<EngineProtocol.FindTorrent>(find => Sender.Tell(new EngineProtocol.Route(_torrents.GetValueOrDefault(find.InfoHash))));
        Receive<EngineProtocol.Listening>(listening => _context.ListenPort = listening.Port);
        Receive<EngineProtocol.ListenFailed>(failed => _log.Error("The listener lost its port: {0}", failed.Reason));
        Common();
    }

    private void Deaf(string reason)
    {
        Receive<EngineProtocol.AddTorrent>(_ => Sender.Tell(new EngineProtocol.Refused(reason)));
        Common();
    }

    private void Common()
    {
        Receive<DeadLetter>(letter => LostMessages.Release(letter.Message));
        Receive<LookAtMemory>(_ => TrimMemory());
        Receive<EngineProtocol.FindDisk>(find => Sender.Tell(new EngineProtocol.DiskFound(find.Folder, DiskOf(find.Folder), find.IsForMove)));
        Receive<DhtProtocol.Ready>(ready => _context.DhtPort = ready.Port);
        Receive<DhtProtocol.GetStatus>(message =>
        {
            if (_context.Dht.IsNobody())
                Sender.Tell(new EngineProtocol.Refused("There is no DHT node."));
            else
                _context.Dht.Forward(message);
        });
        Receive<DhtEnded>(_ => OnDhtEnded());
        Receive<LimitsProtocol.SetLimits>(set => _context.Limits.Tell(set));
        Receive<LimitsProtocol.SetPeerLimits>(set => _context.Limits.Tell(set));
        Receive<LimitsProtocol.SetTorrentLimits>(set => _context.Limits.Tell(set));
        Receive<LimitsProtocol.SetTorrentTerms>(set => _context.Limits.Tell(set));
        Receive<LimitsProtocol.SetGroup>(set => _context.Limits.Tell(set));
        Receive<CoordinatorProtocol.FilterChanged>(changed =>
        {
            foreach (var torrent in _torrents.Values)
                torrent.Tell(changed);
        });
        Receive<CensusProtocol.Watch>(message => _census.Forward(message));
        Receive<CensusProtocol.Take>(message => _census.Forward(message));
        Receive<EngineProtocol.Stop>(_ =>
        {
            _stopWaiters.Add(Sender);
            foreach (var torrent in _torrents.Values)
                torrent.Tell(CoordinatorProtocol.Stop.Instance);
            AnswerWhenStopped();
        });
        Receive<TorrentEnded>(ended =>
        {
            _torrents.Remove(ended.InfoHash);
            _context.Torrents.Remove(ended.InfoHash);
            _steered.Remove(ended.InfoHash);
            _queue.Remove(ended.InfoHash);
            if (_removers.Remove(ended.InfoHash, out var remover))
                remover.Tell(EngineProtocol.Done.Instance);
            GiveTurns();
            _context.Limits.Tell(new LimitsProtocol.ForgetTorrent(ended.InfoHash));
            AnswerWhenStopped();
        });
    }

    private void StartDht()
    {
        _context.Dht = Context.ActorOf(DhtActor.Props(_context), "dht");
        _context.Finders.Add(_context.Dht);
        Context.WatchWith(_context.Dht, DhtEnded.Instance);
    }

    private void OnDhtEnded()
    {
        _log.Error("The DHT node failed too often and is given up");
        _context.Finders.Remove(_context.Dht);
        _context.Dht = ActorRefs.Nobody;
        _context.DhtPort = 0;
    }

    private void Add(EngineProtocol.AddTorrent add)
    {
        var hash = add.Spec.InfoHash;
        if (_stopWaiters.Count > 0 || _torrents.ContainsKey(hash))
        {
            Sender.Tell(new EngineProtocol.Refused(_stopWaiters.Count > 0 ? "The engine is stopping." : $"Torrent {hash} is there already."));
            return;
        }
        _context.Limits.Tell(new LimitsProtocol.SetTorrentLimits(hash, add.Spec.Limits));
        if (add.Spec.Terms != BandwidthTerms.Default)
            _context.Limits.Tell(new LimitsProtocol.SetTorrentTerms(hash, add.Spec.Terms));
        var coordinator = Context.ActorOf(TorrentCoordinator.Props(add.Spec, _context, DiskOf(add.Spec.OutputFolder)), $"torrent-{hash}");
        Context.WatchWith(coordinator, new TorrentEnded(hash));
        coordinator.Tell(CommonGoal());
        _torrents.Add(hash, coordinator);
        _context.Torrents[hash] = add.Spec;
        _queue.Add(hash, isPaused: false);
        Sender.Tell(new EngineProtocol.TorrentAdded(hash, coordinator, _context.ListenPort));
    }

    private void LetGo(InfoHash hash, object how)
    {
        if (!_torrents.TryGetValue(hash, out var coordinator))
            Sender.Tell(Unknown(hash));
        else if (!_removers.TryAdd(hash, Sender))
            Sender.Tell(new EngineProtocol.Refused($"Torrent {hash} is being removed already."));
        else
            coordinator.Tell(how);
    }

    private void WithTorrent(InfoHash hash, Action then)
    {
        if (!_torrents.ContainsKey(hash))
        {
            Sender.Tell(Unknown(hash));
            return;
        }
        then();
        GiveTurns();
        Sender.Tell(EngineProtocol.Done.Instance);
    }

    private void SetPaused(InfoHash hash, bool isPaused, bool isForced = false) => WithTorrent(hash, () =>
    {
        _steered.Add(hash);
        _queue.SetPaused(hash, isPaused, isForced);
        KeepPaused(hash, isPaused);
    });

    private void KeepPaused(InfoHash hash, bool isPaused)
    {
        if (_context.Torrents.TryGetValue(hash, out var spec))
            _context.Torrents[hash] = spec with { IsPaused = isPaused };
    }

    private static EngineProtocol.Refused Unknown(InfoHash hash) => new($"There is no torrent {hash}.");

    private CoordinatorProtocol.SetCommonGoal CommonGoal() => new(new SeedingGoal(_queue.Options.RatioLimit, _queue.Options.SeedTimeLimit));

    private void GiveTurns()
    {
        foreach (var (torrent, rest) in _queue.TakeChanges())
            _torrents[torrent].Tell(rest is { } reason ? new CoordinatorProtocol.Rest(reason) : CoordinatorProtocol.Run.Instance);
    }

    private IActorRef DiskOf(string folder)
    {
        var volume = Volumes.Of(folder);
        if (!_disks.TryGetValue(volume, out var disk))
        {
            var load = _context.Metrics?.LoadOf(volume) ?? new DiskLoad(volume);
            _disks[volume] = disk = Context.ActorOf(DiskActor.Props(_context.Options.Storage, load), $"disk-{Volumes.NameOf(volume)}");
        }
        return disk;
    }

    private void TrimMemory()
    {
        if (_memory.IsDue(_context.Transfers.QuietFor(_context.Now), GC.GetTotalAllocatedBytes()))
        {
            ReadMemory.Trim();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            return;
        }
        var collections = GC.CollectionCount(0);
        if (collections == _collections)
            return;
        _collections = collections;
        var old = GC.GetGCMemoryInfo(GCKind.Any).GenerationInfo[GC.MaxGeneration];
        if (_memory.IsToCompact(old.SizeAfterBytes, old.FragmentationAfterBytes))
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
    }

    private void AnswerWhenStopped()
    {
        if (_torrents.Count > 0)
            return;
        foreach (var waiter in _stopWaiters)
            waiter.Tell(EngineProtocol.Stopped.Instance);
        _stopWaiters.Clear();
    }

    private sealed record DhtEnded
    {
        public static readonly DhtEnded Instance = new();
    }

    private sealed record LookAtMemory
    {
        public static readonly LookAtMemory Instance = new();
    }

    private sealed record TorrentEnded(InfoHash InfoHash);
}
