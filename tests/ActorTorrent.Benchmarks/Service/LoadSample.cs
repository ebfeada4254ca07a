namespace ActorTorrent.Benchmarks.Service;

/// <summary>A download, all its parts together.</summary>
internal sealed class LoadSample
{
    /// <summary>From each part's being added until it seeds.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>CPU time of the service meanwhile.</summary>
    public TimeSpan Cpu { get; set; }

    /// <summary>CPU time of who called.</summary>
    public TimeSpan ClientCpu { get; set; }

    /// <summary>How often the service's threads left the processor.</summary>
    public ThreadSwitches Switches { get; set; }

    /// <summary>Requests answered.</summary>
    public int Requests { get; set; }

    /// <summary>Of these, before the part was complete.</summary>
    public int Meanwhile { get; set; }

    /// <summary>Answers that were no success, and connections that failed.</summary>
    public int Errors { get; set; }

    /// <summary>How long the callers were at work.</summary>
    public TimeSpan Span { get; set; }

    /// <summary>Milliseconds that each answer took.</summary>
    public List<double> Latencies { get; } = [];
}
