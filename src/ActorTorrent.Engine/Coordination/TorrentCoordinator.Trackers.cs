using ActorTorrent.Engine.Trackers;
using Akka.Actor;

namespace ActorTorrent.Engine.Coordination;

/// <content>Changes of the trackers while the torrent goes on.</content>
internal sealed partial class TorrentCoordinator
{
    private readonly HashSet<IActorRef> _pastTrackers = [];
    private int _trackerGeneration;
    private IReadOnlyList<IReadOnlyList<Uri>>? _ownTiers;

    private void ReceiveTrackerChanges()
    {
        Receive<CoordinatorProtocol.Reannounce>(_ => _tracker.Tell(TrackerProtocol.NeedPeers.Instance));
        Receive<CoordinatorProtocol.SetTrackers>(OnSetTrackers);
    }

    private void OnSetTrackers(CoordinatorProtocol.SetTrackers set)
    {
        var isStarted = !_tracker.Equals(ActorRefs.Nobody);
        if (isStarted)
        {
            // It says good-bye to those that it had announced to, and ends then.
            _pastTrackers.Add(_tracker);
            _tracker.Tell(new TrackerProtocol.Stop(Stats()));
        }
        _ownTiers = set.Tiers;
        _trackerAnswers.Clear();
        _trackerStatus.Clear();
        _swarm.Clear();
        if (!isStarted)
            return;
        StartTracker(set.Tiers);
        if (_isActive && _rest is null)
            _tracker.Tell(new TrackerProtocol.Start(Stats()));
    }
}
