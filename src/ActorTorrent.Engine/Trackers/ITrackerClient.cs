using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Engine.Trackers;

/// <summary>Announces to a tracker.</summary>
public interface ITrackerClient
{
    /// <summary>
    /// Announces once. Whatever a tracker or the network does wrong is a <see cref="TrackerAnswer.Failure"/>; an exception other
    /// than the cancellation asked for is a fault of ours. Ends by itself within the announce timeout.
    /// </summary>
    /// <param name="tracker">The announce URL.</param>
    /// <param name="request">What to tell.</param>
    /// <param name="cancellationToken">Ends the announce early.</param>
    Task<TrackerAnswer> AnnounceAsync(Uri tracker, AnnounceRequest request, CancellationToken cancellationToken);
}
