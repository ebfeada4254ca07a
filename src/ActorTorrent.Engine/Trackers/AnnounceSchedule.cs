using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Engine.Trackers;

/// <summary>How long to wait after an announce that worked and after one that did not.</summary>
internal sealed class AnnounceSchedule(TrackerOptions options, Random random)
{
    /// <summary>Until the next regular announce: what the tracker asks for, not below its own <c>min interval</c>, within our bounds.</summary>
    public TimeSpan Interval(AnnounceResponse response)
    {
        var wanted = response.MinInterval is { } least && least > response.Interval ? least : response.Interval;
        return Clamp(wanted, options.IntervalFloor, options.IntervalCeiling);
    }

    /// <summary>Until an early announce is allowed: never longer than the regular interval.</summary>
    public TimeSpan MinInterval(AnnounceResponse response)
    {
        var interval = Interval(response);
        return Clamp(response.MinInterval ?? options.DefaultMinInterval, options.IntervalFloor, interval);
    }

    /// <summary>
    /// Until a tracker is tried again that failed <paramref name="failures"/> times in a row (1 and more); longer when it asked for
    /// a longer <paramref name="retryIn"/>, within the cap.
    /// </summary>
    public TimeSpan Backoff(int failures, TimeSpan? retryIn = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        var doubled = options.BackoffBase * Math.Pow(2, Math.Min(failures - 1, 30));
        var capped = doubled < options.BackoffCap ? doubled : options.BackoffCap;

        // Chance only shortens: the cap holds, and with a share below one half every pause is still longer than the one before.
        var delay = capped * (1 - (options.BackoffJitter * random.NextDouble()));
        return retryIn is { } wanted && wanted > delay ? Clamp(wanted, delay, options.BackoffCap) : delay;
    }

    // Math.Clamp throws when the bounds cross; here the lower bound gives way.
    private static TimeSpan Clamp(TimeSpan value, TimeSpan least, TimeSpan most) =>
        value > most ? most : value < least ? (least < most ? least : most) : value;
}
