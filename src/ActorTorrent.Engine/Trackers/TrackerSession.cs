using Akka.Actor;

namespace ActorTorrent.Engine.Trackers;

/// <summary>What a <see cref="TrackerActor"/> must not forget when it is restarted.</summary>
internal sealed class TrackerSession
{
    private readonly Dictionary<Uri, TrackerEntry> _entries;

    public TrackerSession(TrackerTiers tiers)
    {
        Tiers = tiers;
        _entries = tiers.InOrder.ToDictionary(tracker => tracker, tracker => new TrackerEntry(tracker));
    }

    public TrackerTiers Tiers { get; }

    public bool IsRunning { get; set; }

    public TrackerProtocol.Stats Stats { get; set; } = new(0, 0, 0);

    /// <summary>The download completed and no tracker has heard of it yet.</summary>
    public bool IsCompletedPending { get; set; }

    /// <summary>Restarts since the last announce that worked.</summary>
    public int Restarts { get; set; }

    /// <summary>Who waits for <see cref="TrackerProtocol.Stopped"/>.</summary>
    public List<IActorRef> StopRequesters { get; } = [];

    public IEnumerable<TrackerEntry> InOrder => Tiers.InOrder.Select(tracker => _entries[tracker]);
}
