using ActorTorrent.Engine.Trackers;

namespace ActorTorrent.Service.Session;

/// <summary>One tracker of one torrent as this session saw it.</summary>
/// <param name="Tracker">Its announce URL.</param>
/// <param name="Tier">Its tier, from 0.</param>
public sealed record TrackerState(Uri Tracker, int Tier)
{
    /// <summary>When it was announced to last; null before.</summary>
    public DateTimeOffset? AnnouncedAt { get; init; }

    /// <summary>When it will be announced to next; null while that is not planned.</summary>
    public DateTimeOffset? NextAnnounceAt { get; init; }

    /// <summary>Addresses in its last answer.</summary>
    public int Peers { get; init; }

    /// <summary>Seeds that it knows of; null while it has not said.</summary>
    public int? Seeders { get; init; }

    /// <summary>Leechers that it knows of; null while it has not said.</summary>
    public int? Leechers { get; init; }

    /// <summary>Times the torrent was completed, by its count; null while it has not said.</summary>
    public int? Completed { get; init; }

    /// <summary>Its warning, if any.</summary>
    public string? Warning { get; init; }

    /// <summary>What went wrong with the last announce; null when it worked.</summary>
    public TrackerError? Error { get; init; }

    /// <summary>When it was asked for its numbers last (BEP 48); null before.</summary>
    public DateTimeOffset? ScrapedAt { get; init; }

    /// <summary>What went wrong with that; null when it worked.</summary>
    public TrackerError? ScrapeError { get; init; }
}
