using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Engine.Trackers;

/// <summary>Asks each tracker in the way that its URL's scheme says: udp, or http and https.</summary>
/// <param name="http">For http and https.</param>
/// <param name="udp">For udp.</param>
public sealed class TrackerClients(ITrackerClient http, ITrackerClient udp) : ITrackerClient
{
    /// <summary>Whether trackers of this URL's scheme can be asked.</summary>
    /// <param name="tracker">The announce URL.</param>
    public static bool CanAsk(Uri tracker)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        return tracker.IsAbsoluteUri && tracker.Scheme is "http" or "https" or UdpTracker.Scheme;
    }

    /// <inheritdoc/>
    public Task<TrackerAnswer> AnnounceAsync(Uri tracker, AnnounceRequest request, CancellationToken cancellationToken) =>
        Of(tracker).AnnounceAsync(tracker, request, cancellationToken);

    /// <inheritdoc/>
    public Task<ScrapeAnswer> ScrapeAsync(Uri tracker, IReadOnlyList<InfoHash> torrents, CancellationToken cancellationToken) =>
        Of(tracker).ScrapeAsync(tracker, torrents, cancellationToken);

    private ITrackerClient Of(Uri tracker)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        return tracker.Scheme == UdpTracker.Scheme ? udp : http;
    }
}
