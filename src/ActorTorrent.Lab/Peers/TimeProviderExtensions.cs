namespace ActorTorrent.Lab.Peers;

/// <summary>Waiting by a clock's timestamps.</summary>
internal static class TimeProviderExtensions
{
    /// <summary>Waits until a timestamp has come, never less: timers leave out the part of a millisecond, which would let a delay end too early.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="due">A timestamp of that clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async ValueTask UntilAsync(this TimeProvider time, long due, CancellationToken cancellation)
    {
        for (var now = time.GetTimestamp(); now < due; now = time.GetTimestamp())
        {
            var wait = time.GetElapsedTime(now, due);
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), time, cancellation);
        }
    }
}
