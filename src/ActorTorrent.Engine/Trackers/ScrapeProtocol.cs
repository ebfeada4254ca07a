using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Engine.Trackers;

/// <summary>The conversation with the <see cref="ScrapeActor"/>.</summary>
internal static class ScrapeProtocol
{
    /// <summary>Tracker actor → scrapes: what does this tracker know of this torrent? Answered by <see cref="Scraped"/>.</summary>
    /// <param name="Tracker">The announce URL.</param>
    /// <param name="Torrent">The torrent.</param>
    public sealed record Want(Uri Tracker, InfoHash Torrent);

    /// <summary>Scrapes → tracker actor: the answer.</summary>
    /// <param name="Tracker">Which one was asked.</param>
    /// <param name="Numbers">What it said; null when it does not know the torrent, or <paramref name="Error"/> happened.</param>
    /// <param name="Error">Why it did not answer; null when it did.</param>
    public sealed record Scraped(Uri Tracker, ScrapeEntry? Numbers, TrackerError? Error);
}
