using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Engine.Trackers;

/// <summary>How an announce ended: <see cref="Success"/> or <see cref="Failure"/>.</summary>
public abstract record TrackerAnswer
{
    private TrackerAnswer()
    {
    }

    /// <summary>The tracker answered.</summary>
    /// <param name="Response">What it said.</param>
    /// <param name="TrackerIsLocal">It answered from a loopback address of this host, so that loopback peers of its are credible.</param>
    public sealed record Success(AnnounceResponse Response, bool TrackerIsLocal) : TrackerAnswer;

    /// <summary>It did not, or said no.</summary>
    /// <param name="Error">Why.</param>
    public sealed record Failure(TrackerError Error) : TrackerAnswer;
}
