using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Engine.Trackers;

/// <summary>Asks nobody, and says why.</summary>
/// <param name="reason">Why.</param>
internal sealed class RefusingTrackerClient(string reason) : ITrackerClient
{
    /// <inheritdoc/>
    public Task<TrackerAnswer> AnnounceAsync(Uri tracker, AnnounceRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<TrackerAnswer>(new TrackerAnswer.Failure(Refusal(tracker)));

    /// <inheritdoc/>
    public Task<ScrapeAnswer> ScrapeAsync(Uri tracker, IReadOnlyList<InfoHash> torrents, CancellationToken cancellationToken) =>
        Task.FromResult<ScrapeAnswer>(new ScrapeAnswer.Failure(Refusal(tracker)));

    private TrackerError Refusal(Uri tracker) => new(TrackerErrorKind.Unreachable, $"{tracker.Host}: {reason}");
}
