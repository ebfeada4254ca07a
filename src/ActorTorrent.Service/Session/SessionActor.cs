using ActorTorrent.Engine;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Limits;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Service.Session;

/// <summary>
/// The list of torrents over an engine, with what users want of each. It keeps it in a folder, so that it survives restarts and kills: what
/// was answered is on the disk. States: Starting (hands the engine what was kept) → Running → Stopping.
/// </summary>
public sealed partial class SessionActor : ObservedReceiveActor, IWithStash, IWithTimers
{
    private const int KeptRemovals = 1_000;
    private static readonly TimeSpan RemovalsKeptFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan HousekeepingInterval = TimeSpan.FromSeconds(10);

    private readonly SessionContext _context;
    private readonly TorrentEngine _engine;
    private readonly SessionStore _store;
    private readonly SessionBoard _board;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly SortedDictionary<int, SessionTorrent> _torrents = [];
    private readonly Dictionary<InfoHash, SessionTorrent> _byHash = [];
    private readonly List<int> _line = [];
    private readonly List<SessionProtocol.RemovedTorrent> _removed = [];
    private readonly List<IActorRef> _readyWaiters = [];
    private SessionSettings _settings;
    private long _revision;
    private int _nextId = 1;
    private int _starting;

    internal SessionActor(SessionContext context, TorrentEngine engine)
    {
        _context = context;
        _engine = engine;
        _store = context.Store;
        _board = context.Board;
        _settings = context.Current;
        _past = _store.LoadStatistics();
        _startedAt = Now;
        Become(Starting);
    }

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override ActorKind Kind => ActorKind.Session;

    private DateTimeOffset Now => _context.Time.GetUtcNow();

    internal static Props Props(SessionContext context, TorrentEngine engine) => Akka.Actor.Props.Create(() => new SessionActor(context, engine));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _board.Clear();
        Context.System.EventStream.Subscribe(Self, typeof(TorrentSnapshot));
        Context.System.EventStream.Subscribe(Self, typeof(TorrentEvent));
        Context.System.EventStream.Subscribe(Self, typeof(FaultJournalEntry));
        LoadAsync().PipeTo(Self, Self, static loaded => loaded, static failure => new LoadFailed(failure));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _board.Clear();
        base.PostStop();
    }

    /// <summary>What is kept, and what the engine has already: torrents outlive a restart of this actor.</summary>
    private async Task<Loaded> LoadAsync()
    {
        var there = await _engine.ListAsync().ConfigureAwait(false);
        var saved = await Task.Run(_store.LoadTorrents).ConfigureAwait(false);
        return new Loaded(saved, there);
    }

    private void Starting()
    {
        Receive<Loaded>(OnLoaded);
        Receive<LoadFailed>(failed => throw new InvalidOperationException("The session's folder could not be read.", failed.Cause));
        Receive<InEngine>(OnInEngine);
        Receive<EngineRefused>(refused =>
        {
            OnEngineRefused(refused);
            CountStarted();
        });
        Receive<SessionProtocol.WhenReady>(_ => _readyWaiters.Add(Sender));
        ReceiveEvents();
        ReceiveAny(_ => Stash.Stash());
    }

    private void Running()
    {
        ReceiveTorrents();
        ReceiveChanges();
        Receive<SessionProtocol.WhenReady>(_ => Sender.Tell(SessionProtocol.Done.Instance));
        Receive<SessionProtocol.Stop>(_ => BeginStop(Sender));
        Receive<Housekeeping>(_ => KeepHouse());
        Receive<SaveDue>(_ => SaveNumbers());
        ReceiveEvents();
    }

    private void Stopping()
    {
        Receive<EngineStopped>(stopped =>
        {
            // Its last words have the last numbers.
            SaveNumbers();
            SaveStatistics().PipeTo(stopped.Asker, Self, static () => SessionProtocol.Done.Instance, static _ => SessionProtocol.Done.Instance);
        });
        Receive<SessionProtocol.GetTorrents>(OnGetTorrents);
        ReceiveEvents();
        ReceiveAny(_ => Sender.Tell(new SessionProtocol.Refused(SessionErrorKind.Conflict, "The service is stopping.")));
    }

    private void OnLoaded(Loaded loaded)
    {
        var there = loaded.There.ToDictionary(static added => added.InfoHash);
        _ = _engine.SetQueueAsync(QueueOptions());
        ApplyLimits();
        ApplyGroups(before: null);
        foreach (var saved in loaded.Saved)
        {
            var torrent = new SessionTorrent(saved.Settings, saved.Metainfo, saved.Magnet, _board);
            if (torrent.Settings.Id < 1 || !_torrents.TryAdd(torrent.Settings.Id, torrent))
            {
                torrent.Set(torrent.Settings with { Id = 1 + Math.Max(_nextId, _torrents.Count == 0 ? 0 : _torrents.Keys.Max()) });
                _torrents.Add(torrent.Settings.Id, torrent);
            }
            _byHash.Add(torrent.InfoHash, torrent);
            _line.Add(torrent.Settings.Id);
            _nextId = Math.Max(_nextId, torrent.Settings.Id + 1);
            torrent.ListTrackers();
            if (!torrent.Settings.IsPaused)
                torrent.StartedAt = Now;
            if (there.TryGetValue(torrent.InfoHash, out var added))
                torrent.Route = added;
            else
                HandToEngine(torrent, []);
        }
        Renumber();
        CountStarted();
    }

    private void CountStarted()
    {
        if (_starting > 0)
            return;
        Timers.StartPeriodicTimer(nameof(Housekeeping), Housekeeping.Instance, HousekeepingInterval);
        Timers.StartPeriodicTimer(nameof(SaveDue), SaveDue.Instance, _context.Settings.SaveInterval);
        Become(Running);
        Self.Tell(Housekeeping.Instance);
        Stash.UnstashAll();
        foreach (var waiter in _readyWaiters)
            waiter.Tell(SessionProtocol.Done.Instance);
        _readyWaiters.Clear();
        _ = SaveStatistics();
    }

    /// <summary>Gives a torrent to the engine; the answer comes as <see cref="InEngine"/> or <see cref="EngineRefused"/>.</summary>
    private void HandToEngine(SessionTorrent torrent, IReadOnlyList<System.Net.IPEndPoint> peers, IActorRef? asker = null)
    {
        _starting++;
        torrent.IsAway = true;
        var hash = torrent.InfoHash;
        var spec = torrent.Spec(peers, LimitsOf(torrent.Settings), torrent.Settings.MaxPeers ?? _settings.MaxPeersPerTorrent);
        _engine.AddAsync(spec).PipeTo(
            Self, Self, added => new InEngine(added, asker), failure => new EngineRefused(hash, failure, asker));
    }

    private void OnInEngine(InEngine message)
    {
        _starting--;
        if (_byHash.TryGetValue(message.Added.InfoHash, out var torrent))
        {
            torrent.Route = message.Added;
            torrent.IsAway = false;
            Touch(torrent);
            message.Asker?.Tell(new SessionProtocol.Added(torrent.View, IsDuplicate: false));
            PlaceInEngine(torrent);
        }
        if (IsStarting)
            CountStarted();
    }

    private void OnEngineRefused(EngineRefused refused)
    {
        _starting--;
        _log.Error("The engine does not take {0}: {1}", refused.InfoHash, refused.Cause.Message);
        if (!_byHash.TryGetValue(refused.InfoHash, out var torrent))
            return;
        torrent.IsAway = false;
        torrent.Error = refused.Cause.Message;
        Touch(torrent);
        refused.Asker?.Tell(new SessionProtocol.Added(torrent.View, IsDuplicate: false));
    }

    private bool IsStarting => State == nameof(Starting);

    private void BeginStop(IActorRef asker)
    {
        Timers.CancelAll();
        _board.Clear();
        Become(Stopping);
        _engine.StopAsync(_context.Options.Torrent.StopTimeout + TimeSpan.FromSeconds(2)).PipeTo(
            Self, Self, () => new EngineStopped(asker), _ => new EngineStopped(asker));
    }

    /// <summary>Something about a torrent changed: whoever watches is told.</summary>
    private void Touch(SessionTorrent torrent)
    {
        torrent.Touch(++_revision, Now);
        Publish(new SessionEvent.Changed(torrent.View));
    }

    private static void Publish(SessionEvent what) => Context.System.EventStream.Publish(what);

    private QueueOptions QueueOptions() => new()
    {
        MaxActiveDownloads = _settings.IsDownloadQueued ? _settings.DownloadQueueSize : 0,
        MaxActiveSeeds = _settings.IsSeedQueued ? _settings.SeedQueueSize : 0,
        RatioLimit = _settings.IsRatioLimited ? _settings.RatioLimit : 0,
        SeedTimeLimit = _context.Options.Queue.SeedTimeLimit,
    };

    private void ApplyLimits() => _engine.SetLimits(_settings.IsAltOn
        ? new RateLimits(new SpeedLimit(IsOn: true, _settings.AltDownload).ToRate(), new SpeedLimit(IsOn: true, _settings.AltUpload).ToRate())
        : new RateLimits(_settings.DownloadLimit.ToRate(), _settings.UploadLimit.ToRate()));

    /// <summary>Tells the engine the bandwidth groups that are new or changed.</summary>
    private void ApplyGroups(IReadOnlyDictionary<string, BandwidthGroupSettings>? before)
    {
        foreach (var (name, group) in _settings.Groups)
        {
            if (before?.GetValueOrDefault(name) != group)
                _engine.SetGroup(name, new RateLimits(group.DownloadLimit.ToRate(), group.UploadLimit.ToRate()), group.HonorsSessionLimits);
        }
    }

    private static RateLimits LimitsOf(TorrentSettings settings) => new(settings.DownloadLimit.ToRate(), settings.UploadLimit.ToRate());

    private void Refuse(SessionErrorKind kind, string reason) => Sender.Tell(new SessionProtocol.Refused(kind, reason));

    private sealed record Loaded(IReadOnlyList<SavedTorrent> Saved, IReadOnlyList<EngineProtocol.TorrentAdded> There);

    private sealed record LoadFailed(Exception Cause);

    private sealed record InEngine(EngineProtocol.TorrentAdded Added, IActorRef? Asker);

    private sealed record EngineRefused(InfoHash InfoHash, Exception Cause, IActorRef? Asker);

    private sealed record EngineStopped(IActorRef Asker);

    private sealed record Housekeeping
    {
        public static readonly Housekeeping Instance = new();
    }

    private sealed record SaveDue
    {
        public static readonly SaveDue Instance = new();
    }
}
