namespace ActorTorrent.Engine.Trackers;

/// <summary>
/// A torrent's trackers in the order to try them (BEP 12): each tier shuffled once, the tracker that answered at the head of
/// its tier. A URL named twice counts where it comes first.
/// </summary>
internal sealed class TrackerTiers
{
    private readonly Uri[][] _tiers;

    public TrackerTiers(IReadOnlyList<IReadOnlyList<Uri>> tiers, Random random)
    {
        ArgumentNullException.ThrowIfNull(tiers);
        ArgumentNullException.ThrowIfNull(random);
        var seen = new HashSet<Uri>();
        var skipped = new List<Uri>();
        var kept = new List<Uri[]>(tiers.Count);
        foreach (var tier in tiers)
        {
            var trackers = new List<Uri>(tier.Count);
            foreach (var tracker in tier)
            {
                if (seen.Add(tracker))
                    (TrackerClients.CanAsk(tracker) ? trackers : skipped).Add(tracker);
            }
            if (trackers.Count == 0)
                continue;
            var shuffled = trackers.ToArray();
            random.Shuffle(shuffled);
            kept.Add(shuffled);
        }
        _tiers = [.. kept];
        Skipped = skipped;
    }

    /// <summary>Entries whose scheme is not HTTP, HTTPS or UDP.</summary>
    public IReadOnlyList<Uri> Skipped { get; }

    /// <summary>The trackers in the order to try them.</summary>
    public IEnumerable<Uri> InOrder => _tiers.SelectMany(tier => tier);

    /// <summary>Moves the tracker that answered to the head of its tier; the others keep their order.</summary>
    public void Promote(Uri tracker)
    {
        foreach (var tier in _tiers)
        {
            var at = Array.IndexOf(tier, tracker);
            if (at < 0)
                continue;
            Array.Copy(tier, 0, tier, 1, at);
            tier[0] = tracker;
            return;
        }
    }
}
