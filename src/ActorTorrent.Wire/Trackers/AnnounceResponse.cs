using System.Net;

namespace ActorTorrent.Wire.Trackers;

/// <summary>What a tracker answered.</summary>
/// <param name="Interval">How long to wait before the next regular announce; not negative, at most 68 years. Clamp it before use.</param>
/// <param name="MinInterval">The least time between two announces, if given; as above.</param>
/// <param name="Peers">The peers it named, at most 2,000.</param>
/// <param name="Seeders">How many have everything, if given.</param>
/// <param name="Leechers">How many have not, if given.</param>
/// <param name="Warning">A message to show, though the announce went well.</param>
/// <param name="TrackerId">What to give back at the next announce.</param>
public sealed record AnnounceResponse(
    TimeSpan Interval,
    TimeSpan? MinInterval,
    IReadOnlyList<TrackerPeer> Peers,
    int? Seeders,
    int? Leechers,
    string? Warning,
    string? TrackerId)
{
    /// <summary>Our own address as the tracker sees it (BEP 24), if given.</summary>
    public IPAddress? ExternalIp { get; init; }

    /// <summary>How many peers were left out: port 0, a host name in place of an address, or more than are accepted.</summary>
    public int SkippedPeers { get; init; }
}
