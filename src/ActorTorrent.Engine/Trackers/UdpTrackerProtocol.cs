using System.Net;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Engine.Trackers;

/// <summary>The conversation with the <see cref="UdpTrackerActor"/>.</summary>
internal static class UdpTrackerProtocol
{
    /// <summary>Client → actor: a question to a tracker. Answered by an <see cref="Answer"/>, unless it is cancelled.</summary>
    /// <param name="Ticket">By which it can be cancelled; compared by reference.</param>
    /// <param name="Address">The tracker's address.</param>
    /// <param name="Tracker">The announce URL.</param>
    public abstract record Question(object Ticket, IPEndPoint Address, Uri Tracker);

    /// <summary>Client → actor: announce. Answered by <see cref="Announced"/> or <see cref="Failed"/>.</summary>
    /// <param name="Ticket">By which it can be cancelled.</param>
    /// <param name="Address">The tracker's address.</param>
    /// <param name="Tracker">The announce URL.</param>
    /// <param name="Request">What to tell.</param>
    public sealed record Announce(object Ticket, IPEndPoint Address, Uri Tracker, AnnounceRequest Request) : Question(Ticket, Address, Tracker);

    /// <summary>Client → actor: ask for numbers. Answered by <see cref="Scraped"/> or <see cref="Failed"/>.</summary>
    /// <param name="Ticket">By which it can be cancelled.</param>
    /// <param name="Address">The tracker's address.</param>
    /// <param name="Tracker">The announce URL.</param>
    /// <param name="Torrents">The torrents, 1 to <see cref="UdpTracker.MaxScrape"/>.</param>
    public sealed record Scrape(object Ticket, IPEndPoint Address, Uri Tracker, IReadOnlyList<InfoHash> Torrents) : Question(Ticket, Address, Tracker);

    /// <summary>Client → actor: nobody waits for this one any more.</summary>
    /// <param name="Ticket">The question's.</param>
    public sealed record Cancel(object Ticket);

    /// <summary>Actor → client: how it ended.</summary>
    public abstract record Answer;

    /// <summary>Actor → client: the tracker took the announce.</summary>
    /// <param name="Response">What it said.</param>
    public sealed record Announced(AnnounceResponse Response) : Answer;

    /// <summary>Actor → client: the tracker's numbers.</summary>
    /// <param name="Entries">An entry a torrent, in the order asked.</param>
    public sealed record Scraped(IReadOnlyList<ScrapeEntry> Entries) : Answer;

    /// <summary>Actor → client: it came to nothing.</summary>
    /// <param name="Error">Why.</param>
    public sealed record Failed(TrackerError Error) : Answer;

    /// <summary>Anyone → actor: what came in that was of no use? Answered by <see cref="Counts"/>.</summary>
    public sealed record GetCounts
    {
        /// <summary>The one instance.</summary>
        public static readonly GetCounts Instance = new();
    }

    /// <summary>Actor → asker: the answer.</summary>
    /// <param name="Strangers">Datagrams that answer no question of ours, or come from elsewhere than where it went.</param>
    /// <param name="Malformed">Answers that cannot be understood.</param>
    /// <param name="Questions">Questions under way.</param>
    /// <param name="Trackers">Trackers that something is kept of.</param>
    public sealed record Counts(long Strangers, long Malformed, int Questions, int Trackers);
}
