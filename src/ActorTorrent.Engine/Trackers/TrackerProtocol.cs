using System.Net;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Engine.Trackers;

/// <summary>The conversation between a torrent's coordinator and its <see cref="TrackerActor"/>.</summary>
public static class TrackerProtocol
{
    /// <summary>Coordinator → tracker: the torrent's numbers. Part of most messages; alone, the answer to <see cref="StatsWanted"/>.</summary>
    /// <param name="Uploaded">Payload bytes sent since <see cref="Start"/>.</param>
    /// <param name="Downloaded">Payload bytes received since <see cref="Start"/>.</param>
    /// <param name="Left">Bytes still missing; 0 for a seed.</param>
    public sealed record Stats(long Uploaded, long Downloaded, long Left);

    /// <summary>Coordinator → tracker: announce <c>started</c> now, and regularly from then on.</summary>
    /// <param name="Stats">The numbers of this moment.</param>
    public sealed record Start(Stats Stats);

    /// <summary>Coordinator → tracker: announce as soon as the tracker's <c>min interval</c> allows.</summary>
    public sealed record NeedPeers
    {
        /// <summary>The one instance.</summary>
        public static readonly NeedPeers Instance = new();
    }

    /// <summary>Coordinator → tracker: the download is complete; announced at once. Not sent when it was complete at the start.</summary>
    /// <param name="Stats">The numbers of this moment.</param>
    public sealed record Completed(Stats Stats);

    /// <summary>
    /// Coordinator → tracker: tell <c>stopped</c> to every tracker that was told <c>started</c>, then answer the sender with
    /// <see cref="Stopped"/>. A <see cref="Start"/> may follow.
    /// </summary>
    /// <param name="Stats">The numbers of this moment.</param>
    public sealed record Stop(Stats Stats);

    /// <summary>Tracker → sender of <see cref="Stop"/>: it is over, at the latest when the deadline of the options has passed.</summary>
    /// <param name="Told">Trackers that answered the <c>stopped</c>.</param>
    /// <param name="Missed">Trackers that did not.</param>
    public sealed record Stopped(int Told, int Missed);

    /// <summary>Tracker → coordinator: a regular announce is due; answer with <see cref="Stats"/>.</summary>
    public sealed record StatsWanted
    {
        /// <summary>The one instance.</summary>
        public static readonly StatsWanted Instance = new();
    }

    /// <summary>Tracker → coordinator: addresses of peers; never an empty list. Comes after its <see cref="AnnounceSucceeded"/>.</summary>
    /// <param name="Peers">The addresses.</param>
    /// <param name="Tracker">Who named them.</param>
    /// <param name="TrackerIsLocal">The tracker answered from a loopback address, so that loopback peers may be believed.</param>
    public sealed record PeersFound(IReadOnlyList<IPEndPoint> Peers, Uri Tracker, bool TrackerIsLocal);

    /// <summary>Tracker → coordinator: a tracker answered.</summary>
    /// <param name="Tracker">Which one.</param>
    /// <param name="PeerCount">Peers in the answer.</param>
    /// <param name="Seeders">Seeds it knows of, if it said so.</param>
    /// <param name="Leechers">Leechers it knows of, if it said so.</param>
    /// <param name="Next">Time until the next regular announce.</param>
    /// <param name="Warning">Its warning, if any.</param>
    public sealed record AnnounceSucceeded(Uri Tracker, int PeerCount, int? Seeders, int? Leechers, TimeSpan Next, string? Warning);

    /// <summary>Tracker → coordinator: a tracker did not answer, or said no. The next tracker is tried at once.</summary>
    /// <param name="Tracker">Which one.</param>
    /// <param name="Error">Why.</param>
    /// <param name="RetryIn">
    /// It is left alone for this long; longer when another tracker answers meanwhile and asks for a longer interval. Null when it
    /// asked never to be tried again.
    /// </param>
    public sealed record AnnounceFailed(Uri Tracker, TrackerError Error, TimeSpan? RetryIn);

    /// <summary>Tracker → coordinator, after <see cref="Start"/>: an entry of the torrent that is left out, and why.</summary>
    /// <param name="Tracker">Which one.</param>
    /// <param name="Reason">Why, in a sentence.</param>
    public sealed record TrackerSkipped(Uri Tracker, string Reason);

    /// <summary>Coordinator → tracker: ask the trackers that answer for their numbers now. Answered by <see cref="ScrapeSucceeded"/> or <see cref="ScrapeFailed"/>, one each.</summary>
    public sealed record Scrape
    {
        /// <summary>The one instance.</summary>
        public static readonly Scrape Instance = new();
    }

    /// <summary>Tracker → coordinator: a tracker told its numbers (BEP 48).</summary>
    /// <param name="Tracker">Which one.</param>
    /// <param name="Numbers">What it knows of the torrent; null when it does not know it.</param>
    public sealed record ScrapeSucceeded(Uri Tracker, ScrapeEntry? Numbers);

    /// <summary>Tracker → coordinator: a tracker did not tell its numbers. It is not held against its announces.</summary>
    /// <param name="Tracker">Which one.</param>
    /// <param name="Error">Why.</param>
    public sealed record ScrapeFailed(Uri Tracker, TrackerError Error);
}
