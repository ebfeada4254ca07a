using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Engine.Trackers;

/// <summary>Asks trackers.</summary>
public interface ITrackerClient
{
    /// <summary>
    /// Announces once, over IPv4 and IPv6 where the tracker has addresses of both. Whatever a tracker or the network does wrong is a
    /// <see cref="TrackerAnswer.Failure"/>; an exception other than the cancellation asked for is a fault of ours. Ends by itself within
    /// the announce timeout.
    /// </summary>
    /// <param name="tracker">The announce URL.</param>
    /// <param name="request">What to tell.</param>
    /// <param name="cancellationToken">Ends the announce early.</param>
    Task<TrackerAnswer> AnnounceAsync(Uri tracker, AnnounceRequest request, CancellationToken cancellationToken);

    /// <summary>Asks for the numbers of torrents without announcing (BEP 48). Failures as with an announce.</summary>
    /// <param name="tracker">The announce URL; the scrape URL is made of it.</param>
    /// <param name="torrents">The torrents; one at least. Where a single question cannot name them all, several are put.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    Task<ScrapeAnswer> ScrapeAsync(Uri tracker, IReadOnlyList<InfoHash> torrents, CancellationToken cancellationToken);
}
