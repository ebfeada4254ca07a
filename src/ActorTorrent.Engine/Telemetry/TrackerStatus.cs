namespace ActorTorrent.Engine.Telemetry;

/// <summary>One tracker of a torrent.</summary>
/// <param name="Tier">Its tier; 0 is asked first.</param>
/// <param name="Tracker">Its announce URL.</param>
public sealed record TrackerStatus(int Tier, Uri Tracker)
{
    /// <summary>Whether it is left out: it is of a kind that is not spoken to.</summary>
    public bool IsSkipped { get; init; }

    /// <summary>When it answered or failed last; null before.</summary>
    public DateTimeOffset? LastAnnounce { get; init; }

    /// <summary>When it is asked next, as far as that is known.</summary>
    public DateTimeOffset? NextAnnounce { get; init; }

    /// <summary>Why it failed last; null when it answered.</summary>
    public string? Error { get; init; }

    /// <summary>Its last warning, if any.</summary>
    public string? Warning { get; init; }

    /// <summary>Peers in its last answer.</summary>
    public int Peers { get; init; }

    /// <summary>The swarm as it counts it; null while it has not said.</summary>
    public SwarmNumbers? Swarm { get; init; }
}
