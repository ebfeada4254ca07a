using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Engine.Trackers;

/// <summary>How a scrape ended: <see cref="Success"/> or <see cref="Failure"/>.</summary>
public abstract record ScrapeAnswer
{
    private ScrapeAnswer()
    {
    }

    /// <summary>The tracker answered.</summary>
    /// <param name="Torrents">What it knows of the torrents asked for; one it does not know may be missing.</param>
    public sealed record Success(IReadOnlyDictionary<InfoHash, ScrapeEntry> Torrents) : ScrapeAnswer;

    /// <summary>It did not, or said no.</summary>
    /// <param name="Error">Why.</param>
    public sealed record Failure(TrackerError Error) : ScrapeAnswer;
}
