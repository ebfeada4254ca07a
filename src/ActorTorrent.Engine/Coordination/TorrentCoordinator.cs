using ActorTorrent.Engine.Discovery;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Metadata;
using ActorTorrent.Engine.Peers;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Coordination;

/// <summary>
/// One torrent. Owns what its peers share (which pieces we have and want, who has them, who is unchoked) and supervises
/// one actor per peer connection, the tracker actor and the storage actor. States: Checking → Active (downloading, then
/// seeding; with or without a working disk) → Stopping.
/// </summary>
internal sealed partial class TorrentCoordinator : ObservedReceiveActor, IWithTimers
{
    private readonly TorrentSpec _spec;
    private readonly EngineContext _engine;
    private readonly IActorRef _disk;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Random _random;
    private readonly List<PieceIndex> _discarded = [];

    private IActorRef _storage = ActorRefs.Nobody;
    private IActorRef _tracker = ActorRefs.Nobody;
    private PeerEnvironment? _environment;
    private FileLayout _layout;
    private PiecePicker _picker;
    private TorrentPhase _phase = TorrentPhase.Checking;
    private int _piecesChecked;
    private bool _isUnderPressure;
    private bool _isFlushed;
    private bool _isTrackerStopped;
    private bool _hasSaidGoodbye;
    private bool _hasStopped;
    private CoordinatorProtocol.Remove? _removal;
    private int? _maxPeers;

    public TorrentCoordinator(TorrentSpec spec, EngineContext engine, IActorRef disk)
    {
        _disk = disk;
        _spec = spec;
        _maxPeers = spec.MaxPeers;
        _ownTiers = spec.Trackers;
        _engine = engine;
        _random = engine.NextRandom();
        _metadata = new MetadataFetch(engine.Options.Metadata, _random, engine.Budgets.Metadata);
        _metainfo = spec.Metainfo;
        _layout = _metainfo?.Layout ?? NoLayout;
        _picker = NewPicker();
        _priorities = NewPriorities();
        RankPieces();
        _directory = NewDirectory();
        _policy = new PeerFaultPolicy(engine.Options.Faults, _random);
        _journal = new FaultJournal(engine.Options.Faults.JournalEntries, engine.Budgets.Journals);
        _choker = NewChoker();
        _commonGoal = new SeedingGoal(engine.Options.Queue.RatioLimit, engine.Options.Queue.SeedTimeLimit);
        (_ownRatio, _ownTime) = (spec.RatioLimit, spec.SeedTimeLimit);
        if (HasMetadata)
            Become(Checking);
        else
            Become(Recalling);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorKind Kind => ActorKind.Coordinator;

    public static Props Props(TorrentSpec spec, EngineContext engine, IActorRef disk)
        => Akka.Actor.Props.Create(() => new TorrentCoordinator(spec, engine, disk));

    private TimeSpan Now => _engine.Now;

    private InfoHash InfoHash => _spec.InfoHash;

    private bool IsWanting => _phase == TorrentPhase.Downloading && !_isUnderPressure && !_spec.FetchesNothing;

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        _engine.Options.Faults.MaxRestarts,
        (int)_engine.Options.Faults.RestartWindow.TotalMilliseconds,
        Decide,
        loggingEnabled: false);

    protected override void PreStart()
    {
        if (_metainfo is { } metainfo)
            StartWith(metainfo);
        else
            Recall();
        Wake();
    }

    protected override void PostStop()
    {
        _whenStopped.Cancel();
        // Of a restart, by a bug or because storage was lost; else there are none left.
        _engine.Connections.Return(_sessions.Count);
        _picker.Leave();
        _metadata.Leave();
        _journal.Leave();
        _directory.Leave();
        base.PostStop();
    }

    private PiecePicker NewPicker()
    {
        var options = _engine.Options.Torrent;
        return new PiecePicker(
            _layout,
            new PiecePickerOptions
            {
                MaxRequestersPerBlock = options.EndgameRequesters,
                EndgameBlocks = options.EndgameBlocks,
                UnprovenBlocks = options.UnprovenBlocks,
                Budget = _engine.Budgets.Pieces,
                MaxOpenPieces = (int)Math.Clamp(options.PieceBudgetBytes / _layout.PieceLength, 4, 4096),
                Order = _spec.IsSequential ? PieceOrder.Sequential : PieceOrder.RarestFirst,
            },
            _random);
    }

    /// <summary>The torrent's parts, once its metadata is known.</summary>
    private void StartWith(TorrentMetainfo metainfo)
    {
        StartTracker(_ownTiers ?? Tiers(metainfo));
        StartStorage(metainfo);
        _environment = NewEnvironment();
        _storage.Tell(StorageProtocol.Open.Instance);
    }

    private void StartStorage(TorrentMetainfo metainfo) => _storage = Context.ActorOf(
        StorageActor.Props(
            _layout,
            metainfo.PieceHashes,
            InfoHash,
            _spec.OutputFolder,
            WantedFiles(),
            _engine.Options.Storage,
            _disk,
            _engine.Resume,
            _spec.KeepsSavedPriorities,
            _engine.Disk,
            _engine.Loans),
        "storage");

    private PeerEnvironment NewEnvironment() =>
        new(InfoHash, _engine.OwnId, _layout, _engine.Options.Peer, _storage, _engine.Slabs, _engine.ListenPort, _engine.Time)
        {
            Connector = _engine.Connector,
            Bandwidth = _engine.Limits,
            SendBudget = _engine.Budgets.Send,
            Rounds = _engine.Rounds,
            Dht = IsPrivate ? ActorRefs.Nobody : _engine.Dht,
            DhtPort = IsPrivate ? 0 : _engine.DhtPort,
            KnowsPieces = HasMetadata,
            IsPrivate = IsPrivate,
            Metadata = _metainfo?.InfoBytes,
            MetadataOptions = _engine.Options.Metadata,
            Pex = _engine.Options.Pex,
        };

    private void StartTracker(IReadOnlyList<IReadOnlyList<Uri>> tiers)
    {
        _trackers = tiers;
        _tracker = Context.ActorOf(
            TrackerActor.Props(
                tiers,
                InfoHash,
                _engine.OwnId,
                (ushort)_engine.ListenPort,
                (uint)_random.Next(),
                _engine.Options.Tracker,
                _engine.TrackerClient,
                _random.Next(),
                _engine.Scrapes),
            _trackerGeneration++ == 0 ? "tracker" : FormattableString.Invariant($"tracker-{_trackerGeneration}"));
    }

    private void Checking()
    {
        Receive<StorageProtocol.CheckProgress>(progress => _piecesChecked = progress.PiecesChecked);
        Receive<StorageProtocol.Checked>(OnChecked);
        Receive<CoordinatorProtocol.Incoming>(incoming => Refuse(incoming, FaultCause.NotActive, "the torrent is being checked"));
        Receive<CoordinatorProtocol.AddPeers>(add => _named.AddRange(add.Peers));
        Receive<Tick>(_ =>
        {
            Publish();
            Pace();
        });
        Common();
    }

    private void Active()
    {
        Receive<CoordinatorProtocol.Rest>(rest => Rest(rest.Reason));
        Receive<CoordinatorProtocol.Run>(_ => { });
        Receive<TrackerProtocol.PeersFound>(OnPeersFound);
        Receive<DiscoveryProtocol.PeersFound>(found =>
        {
            Know(found.Peers, found.Source, found.IsLocal);
            DialMore();
        });
        Receive<CoordinatorProtocol.AddPeers>(add =>
        {
            Know(add.Peers, PeerSource.Manual, isLocal: true);
            DialMore();
        });
        Receive<Tick>(_ => OnTick());
        Receive<ChokeRound>(_ => Choke());
        WhateverTheTurn();
    }

    /// <summary>What is handled alike at work and at rest.</summary>
    private void WhateverTheTurn()
    {
        ReceivePeers();
        ReceiveMetadata();
        ReceivePex();
        Receive<StorageProtocol.BlocksStored>(OnBlocksStored);
        ReceiveRecheck();
        Receive<StorageProtocol.PieceVerified>(OnPieceVerified);
        Receive<StorageProtocol.PieceFailed>(OnPieceFailed);
        Receive<StorageProtocol.Drained>(drained => CloseSession(drained.Peer));
        Receive<StorageProtocol.Pressure>(pressure =>
        {
            _isUnderPressure = pressure.IsHigh;
            FeedHungry();
        });
        Receive<TrackerProtocol.Stopped>(_ =>
        {
            if (_pastTrackers.Remove(Sender))
                Context.Stop(Sender);
        });
        Receive<TrackerProtocol.AnnounceSucceeded>(OnAnnounced);
        Receive<TrackerProtocol.AnnounceFailed>(OnAnnounceFailed);
        Receive<TrackerProtocol.TrackerSkipped>(skipped =>
            Publish(new TorrentEvent.TrackerSkipped(InfoHash, skipped.Tracker, skipped.Reason)));
        Receive<TrackerProtocol.ScrapeSucceeded>(OnScraped);
        Receive<TrackerProtocol.ScrapeFailed>(OnScrapeFailed);
        Receive<TrackerProtocol.StatsWanted>(_ => Sender.Tell(Stats()));
        ReceiveLimits();
        Receive<TellHaves>(_ => SendHaves());
        Common();
    }

    private void Stopping()
    {
        Receive<PeerProtocol.Progress>(OnProgress);
        Receive<PeerEnded>(ended =>
        {
            _peers.Remove(ended.Number);
            if (_peers.Count == 0)
                SayGoodbye();
        });
        // Whoever wants it gone while it stops wants it gone.
        Receive<CoordinatorProtocol.Remove>(remove => _removal ??= remove);
        Receive<TrackerProtocol.Stopped>(_ =>
        {
            if (_pastTrackers.Remove(Sender))
                return;
            _isTrackerStopped = true;
            FinishStop();
        });
        Receive<StorageProtocol.Flushed>(_ =>
        {
            _isFlushed = true;
            FinishStop();
        });
        Receive<StorageProtocol.Removed>(OnRemoved);
        Receive<StopDeadline>(_ =>
        {
            SayGoodbye();
            _log.Warning("{0} stops before trackers ({1}) and disk ({2}) are done", InfoHash, _isTrackerStopped, _isFlushed);
            _isFlushed = _isTrackerStopped = true;
            FinishStop();
        });
        Receive<StorageProtocol.PieceVerified>(verified => _picker.PieceVerified(verified.Piece));
        Receive<StorageProtocol.BlocksStored>(stored => stored.Batch.ReleaseData());
        Receive<TrackerProtocol.StatsWanted>(_ => Sender.Tell(Stats()));
        Receive<CoordinatorProtocol.Incoming>(incoming => incoming.Connection.Socket.Dispose());
        Receive<CoordinatorProtocol.GetSnapshot>(_ => Sender.Tell(Snapshot()));
        Receive<CoordinatorProtocol.GetPeers>(_ => Sender.Tell(ListPeers()));
        ReceiveDetails();
        ReceiveAny(_ => { });
    }

    /// <summary>What every state but the last one handles alike.</summary>
    private void Common()
    {
        ReceiveStorage();
        ReceivePriorities();
        ReceiveGoals();
        Receive<CoordinatorProtocol.GetSnapshot>(_ => Sender.Tell(Snapshot()));
        Receive<CoordinatorProtocol.GetPeers>(_ => Sender.Tell(ListPeers()));
        ReceiveDetails();
        ReceiveTrackerChanges();
        Receive<CoordinatorProtocol.SetMaxPeers>(set => _maxPeers = set.MaxPeers);
        Receive<CoordinatorProtocol.Stop>(_ => BeginStop());
        Receive<CoordinatorProtocol.Remove>(remove =>
        {
            _removal = remove;
            BeginStop();
        });
    }

    private void OnChecked(StorageProtocol.Checked message)
    {
        _picker.SetHave(message.Have);
        ServeReads();
        TakeUp(message);
        TakeUpUnfinished(message.Unfinished);
        // Before anybody hears of the check: who dials then finds the torrent at work, if it is its turn.
        TellReady();
        Publish(new TorrentEvent.Checked(InfoHash, message.Have.SetCount, _layout.PieceCount)
        {
            PiecesTrusted = message.PiecesTrusted,
            BlocksKept = message.Unfinished.Sum(piece => piece.Blocks.SetCount),
            Rejection = message.Rejection,
        });
        Become(Resting);
        _isActive = true;
        if (IsComplete)
        {
            _isCompleteTold = true;
            _completedAt ??= _engine.Time.GetUtcNow();
            Publish(new TorrentEvent.Completed(Snapshot()));
        }
    }

    private void OnBlocksStored(StorageProtocol.BlocksStored stored)
    {
        _wasted += stored.WastedBytes;
        _cancels.Clear();
        var wasProven = _picker.IsProven(stored.Batch.Peer);
        foreach (var block in stored.Batch.Blocks)
        {
            _downloaded += block.Block.Length;
            // What came for a piece that was given up meanwhile must not keep a buffer.
            if (_picker.BlockReceived(stored.Batch.Peer, block.Block, _cancels) != BlockBooking.Accepted && !_picker.IsOpen(block.Block.Piece))
                _storage.Tell(new StorageProtocol.DiscardPiece(block.Block.Piece));
        }
        SendCancels();
        var session = stored.Batch.Peer;
        stored.Batch.Recycle();
        if (PeerTrace.IsWatched && _sessions.TryGetValue(session, out var sender))
            sender.Trace?.GotBlock();
        // In the endgame a peer may share a few blocks at a time, the next when these have come; before its first block it gets few at all.
        if ((_picker.IsEndgame || wasProven != _picker.IsProven(session)) && _sessions.TryGetValue(session, out var peer) && peer.Hungry > 0)
            Feed(peer, peer.Hungry);
    }

    private void OnPieceVerified(StorageProtocol.PieceVerified verified)
    {
        _picker.PieceVerified(verified.Piece);
        ServeReads(verified.Piece);
        _lastHopeAt = Now;
        foreach (var session in verified.Contributors)
            Trust(session, isGood: true);
        foreach (var session in verified.Liars)
            Condemn(session, $"its block of piece {verified.Piece} differs from the good one");
        if (_newPieces.Count == 0)
            Timers.StartSingleTimer(nameof(TellHaves), TellHaves.Instance, _engine.Options.Torrent.HaveDelay);
        _newPieces.Add(verified.Piece);
        foreach (var peer in _sessions.Values)
            UpdateInterest(peer);
        if (IsComplete && _phase == TorrentPhase.Downloading)
            Complete();
        else
            FeedHungry();
    }

    private void OnPieceFailed(StorageProtocol.PieceFailed failed)
    {
        _wasted += _layout.PieceSize(failed.Piece);
        Publish(new TorrentEvent.PieceFailed(InfoHash, failed.Piece, failed.Contributors.Count));
        foreach (var session in failed.Contributors)
            Trust(session, isGood: false);
        _picker.PieceFailed(failed.Piece, exclusive: true, failed.Contributors);
        if (failed.Contributors.Count == 1)
            Condemn(failed.Contributors.First(), $"it alone sent piece {failed.Piece}, which does not match its hash");
        FeedHungry();
    }

    private void Complete()
    {
        SendHaves();
        _isCompleteTold = true;
        _completedAt ??= _engine.Time.GetUtcNow();
        SetPhase(TorrentPhase.Seeding);
        SaveResume();
        _tracker.Tell(new TrackerProtocol.Completed(Stats()));
        _log.Info("{0} is complete", InfoHash);
        Publish(new TorrentEvent.Completed(Snapshot()));
        DismissPointless();
        TellNeed();
    }

    private void BeginStop()
    {
        if (_phase == TorrentPhase.Stopping)
            return;
        SetPhase(TorrentPhase.Stopping);
        Timers.CancelAll();
        TellFinders(new DiscoveryProtocol.Unfollow(InfoHash));
        foreach (var peer in _sessions.Values.ToArray())
            EndSession(peer);
        foreach (var peer in _peers.Values)
            Context.Stop(peer.Actor);
        Become(Stopping);
        RefuseReads();
        Timers.StartSingleTimer(nameof(StopDeadline), StopDeadline.Instance, _engine.Options.Torrent.StopTimeout);
        if (_peers.Count == 0)
            SayGoodbye();
    }

    /// <summary>The peers have ended, and what they moved is known: trackers and resume data get the last numbers.</summary>
    private void SayGoodbye()
    {
        if (_hasSaidGoodbye)
            return;
        _hasSaidGoodbye = true;
        if (_isActive)
        {
            _tracker.Tell(new TrackerProtocol.Stop(Stats()));
            SaveResume();
        }
        else
        {
            _isTrackerStopped = true;
        }
        if (_storage.Equals(ActorRefs.Nobody))
            _isFlushed = true;
        else
            _storage.Tell(StorageProtocol.Flush.Instance);
        FinishStop();
    }

    private void FinishStop()
    {
        if (!_isFlushed || !_isTrackerStopped || _hasStopped)
            return;
        if (_removal is not null && _storage.Equals(ActorRefs.Nobody))
        {
            Publish(new TorrentEvent.Removed(InfoHash, Fault: null));
        }
        else if (_removal is { } removal)
        {
            // Whatever the disk does, this ends.
            _removal = null;
            Timers.StartSingleTimer(nameof(StopDeadline), StopDeadline.Instance, _engine.Options.Torrent.StopTimeout);
            _storage.Tell(new StorageProtocol.Remove(removal.WithData));
            return;
        }
        _hasStopped = true;
        Publish(new TorrentEvent.Stopped(Snapshot()));
        Context.Stop(Self);
    }

    private void DiscardPieces()
    {
        _discarded.Clear();
        _picker.TakeDiscarded(_discarded);
        foreach (var piece in _discarded)
            _storage.Tell(new StorageProtocol.DiscardPiece(piece));
    }

    private TrackerProtocol.Stats Stats() => new(_uploaded, _downloaded, HasMetadata ? _picker.BytesLeft : UnknownBytesLeft);

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }

    private sealed record TellHaves
    {
        public static readonly TellHaves Instance = new();
    }

    private sealed record ChokeRound
    {
        public static readonly ChokeRound Instance = new();
    }

    private sealed record StopDeadline
    {
        public static readonly StopDeadline Instance = new();
    }
}
