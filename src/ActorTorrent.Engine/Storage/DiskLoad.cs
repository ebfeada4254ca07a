using System.Diagnostics;
using System.Diagnostics.Metrics;
using ActorTorrent.Engine.Telemetry;

namespace ActorTorrent.Engine.Storage;

/// <summary>How busy a volume is; written by its disk actor and its threads, read by whoever measures.</summary>
/// <param name="volume">The volume.</param>
/// <param name="duration">Takes how long operations took, in seconds; null when nobody wants to know.</param>
internal sealed class DiskLoad(string volume, Histogram<double>? duration = null)
{
    private volatile int _queued;
    private volatile int _running;

    /// <summary>The volume.</summary>
    public string Volume { get; } = volume;

    /// <summary>Operations that wait for a thread.</summary>
    public int Queued { get => _queued; set => _queued = value; }

    /// <summary>Operations under way.</summary>
    public int Running { get => _running; set => _running = value; }

    /// <summary>An operation begins.</summary>
    /// <returns>For <see cref="End"/>; 0 while nobody measures.</returns>
    public long Begin() => duration is { Enabled: true } ? Stopwatch.GetTimestamp() : 0;

    /// <summary>An operation has ended.</summary>
    /// <param name="since">Of <see cref="Begin"/>.</param>
    /// <param name="job">The operation.</param>
    public void End(long since, DiskJob job)
    {
        if (since == 0)
            return;
        var kind = job switch
        {
            ReadJob => "read",
            PieceJob => "write",
            ResumeJob => "resume",
            CheckJob => "check",
            _ => "files",
        };
        duration!.Record(
            Stopwatch.GetElapsedTime(since).TotalSeconds,
            new KeyValuePair<string, object?>(MetricNames.DiskOperation, kind),
            new KeyValuePair<string, object?>(MetricNames.DiskVolume, Volume));
    }
}
