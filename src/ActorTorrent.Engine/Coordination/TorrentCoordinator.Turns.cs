using ActorTorrent.Engine.Discovery;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Trackers;
using Akka.Actor;

namespace ActorTorrent.Engine.Coordination;

/// <content>Whether it is this torrent's turn: at work, or at rest without peers and trackers. The engine decides, the torrent says what it needs.</content>
internal sealed partial class TorrentCoordinator
{
    private SeedingGoal _commonGoal;
    private double? _ownRatio;
    private TimeSpan? _ownTime;
    private RestReason? _rest = RestReason.Queued;
    private bool _hasWorked;
    private bool _isGoalTold;
    private TimeSpan _seeding;
    private TimeSpan _seedingSeenAt;

    private static TorrentPhase PhaseOf(RestReason reason) => reason switch
    {
        RestReason.Paused => TorrentPhase.Paused,
        RestReason.Finished => TorrentPhase.Finished,
        _ => TorrentPhase.Queued,
    };

    /// <summary>Checked, and not its turn: what is still under way from before ends, nothing new begins.</summary>
    private void Resting()
    {
        Receive<CoordinatorProtocol.Incoming>(incoming => Refuse(incoming, Faults.FaultCause.NotActive, $"the torrent is {PhaseOf(_rest ?? RestReason.Queued).ToString().ToLowerInvariant()}"));
        Receive<CoordinatorProtocol.AddPeers>(add => Know(add.Peers, PeerSource.Manual, isLocal: true));
        Receive<CoordinatorProtocol.Run>(_ => Work());
        Receive<CoordinatorProtocol.Rest>(rest =>
        {
            _rest = rest.Reason;
            SettlePhase();
            SaveResume();
        });
        Receive<TrackerProtocol.PeersFound>(found => Know(found.Peers, PeerSource.Tracker, found.TrackerIsLocal));
        Receive<DiscoveryProtocol.PeersFound>(found => Know(found.Peers, found.Source, found.IsLocal));
        Receive<DialDue>(_ => { });
        Receive<ChokeRound>(_ => { });
        Receive<Tick>(_ =>
        {
            Publish();
            Pace();
        });
        WhateverTheTurn();
    }

    /// <summary>It is its turn.</summary>
    private void Work()
    {
        _rest = null;
        _seedingSeenAt = _lastHopeAt = Now;
        _nextAskAt = Now + _engine.Options.Tracker.DefaultMinInterval;
        Become(Active);
        _tracker.Tell(new TrackerProtocol.Start(Stats()));
        TellFinders(new DiscoveryProtocol.Follow(InfoHash));
        BeginRounds();
        if (!_hasWorked)
        {
            _hasWorked = true;
            Know(_spec.Peers, PeerSource.Manual, isLocal: true);
            Know(_named, PeerSource.Manual, isLocal: true);
        }
        var wasTold = _isCompleteTold;
        SettlePhase();
        // What is complete has been saved with that.
        if (_isCompleteTold == wasTold)
            SaveResume();
        DialMore();
    }

    /// <summary>Its turn is over: peers and trackers are left, what was fetched is kept.</summary>
    private void Rest(RestReason reason)
    {
        CountSeeding();
        _rest = reason;
        Timers.Cancel(nameof(ChokeRound));
        Timers.Cancel(nameof(DialDue));
        foreach (var peer in _sessions.Values.ToArray())
            Dismiss(peer, retryAt: Now);
        foreach (var peer in _peers.Values)
            Stop(peer);
        _tracker.Tell(new TrackerProtocol.Stop(Stats()));
        TellFinders(new DiscoveryProtocol.Unfollow(InfoHash));
        Become(Resting);
        SettlePhase();
        SaveResume();
    }

    /// <summary>Whether peers are looked for without a tracker, too: not those of a private torrent (BEP 27).</summary>
    private bool IsLookedFor => !IsPrivate && _engine.Finders.Count > 0;

    private void TellFinders(object message)
    {
        if (!IsLookedFor)
            return;
        foreach (var finder in _engine.Finders)
            finder.Tell(message);
    }

    private void TellReady() => Context.Parent.Tell(new EngineProtocol.TorrentReady(InfoHash, Need(), _spec.IsPaused ?? _before.IsPaused));

    private void TellNeed() => Context.Parent.Tell(new EngineProtocol.NeedChanged(InfoHash, Need()));

    /// <summary>What the torrent would do in its turn.</summary>
    private TorrentNeed Need()
    {
        if (!IsComplete)
            return TorrentNeed.Download;
        _isGoalTold = IsGoalReached();
        return _isGoalTold ? TorrentNeed.Nothing : TorrentNeed.Seed;
    }

    /// <summary>Looks, each tick, whether it has been seeded enough. Who lets it go on after that has the goal lifted.</summary>
    private void LookForGoal()
    {
        CountSeeding();
        if (_phase == TorrentPhase.Seeding && !_isGoalTold && IsGoalReached())
            TellNeed();
    }

    /// <summary>Time spent seeding, over all sessions, until now.</summary>
    private TimeSpan SeedingTime() => _before.Seeding + _seeding + (_phase == TorrentPhase.Seeding ? Now - _seedingSeenAt : TimeSpan.Zero);

    private void CountSeeding()
    {
        if (_phase == TorrentPhase.Seeding)
            _seeding += Now - _seedingSeenAt;
        _seedingSeenAt = Now;
    }

    private void ReceiveGoals()
    {
        Receive<CoordinatorProtocol.SetCommonGoal>(set =>
        {
            _commonGoal = set.Goal;
            OnGoalChanged();
        });
        Receive<CoordinatorProtocol.SetOwnGoal>(set =>
        {
            (_ownRatio, _ownTime) = (set.Ratio, set.Time);
            OnGoalChanged();
        });
    }

    private void OnGoalChanged()
    {
        if (_isActive && IsComplete && IsGoalReached() != _isGoalTold)
            TellNeed();
    }

    private bool IsGoalReached() => new SeedingGoal(_ownRatio ?? _commonGoal.Ratio, _ownTime ?? _commonGoal.Time).IsReached(
        _before.Uploaded + _uploaded, _before.Downloaded + _downloaded, _bytesWanted, SeedingTime());

    /// <summary>The end of removal: storage has deleted what it was told to.</summary>
    private void OnRemoved(StorageProtocol.Removed removed)
    {
        if (removed.Fault is { } fault)
            Publish(new TorrentEvent.DiskFailed(InfoHash, fault));
        Publish(new TorrentEvent.Removed(InfoHash, removed.Fault));
        Context.Stop(Self);
    }
}
