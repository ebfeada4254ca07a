namespace ActorTorrent.Engine.Trackers;

/// <summary>What we know of one tracker.</summary>
internal sealed class TrackerEntry(Uri tracker)
{
    private DateTimeOffset _heldUntil;
    private TimeSpan _held;

    public Uri Tracker { get; } = tracker;

    /// <summary>It was told <c>started</c> and not <c>stopped</c> since.</summary>
    public bool IsStarted { get; set; }

    /// <summary>The id it gave us, to be sent back.</summary>
    public string? TrackerId { get; set; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; set; }

    /// <summary>It asked never to be tried again (BEP 31).</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>When it is asked for its numbers again at the earliest.</summary>
    public DateTimeOffset NextScrape { get; set; }

    /// <summary>It has no scrape, or asked not to be tried again: it is not asked for its numbers any more.</summary>
    public bool IsScrapeGivenUp { get; set; }

    /// <summary>Leaves it alone for a while: back-off after a failure, <c>min interval</c> after an answer.</summary>
    public void Hold(DateTimeOffset now, TimeSpan duration)
    {
        _heldUntil = now + duration;
        _held = duration;
    }

    /// <summary>How long it is still left alone; zero when it is not.</summary>
    public TimeSpan Remaining(DateTimeOffset now)
    {
        var remaining = _heldUntil - now;
        if (remaining <= TimeSpan.Zero)
            return TimeSpan.Zero;

        // The clock is the wall's: when it is set back, nothing is held for longer than was meant.
        return remaining < _held ? remaining : _held;
    }
}
