namespace ActorTorrent.Engine.Options;

/// <summary>What the <c>actortorrent.tracker</c> section of the HOCON files sets.</summary>
public sealed record TrackerOptions
{
    /// <summary>One announce must be over by then, redirects and body included.</summary>
    public TimeSpan AnnounceTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>One of the tracker's addresses must take the connection by then, else the next one is tried.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Never announce more often than this, whatever a tracker asks for.</summary>
    public TimeSpan IntervalFloor { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Never announce less often than this, whatever a tracker asks for.</summary>
    public TimeSpan IntervalCeiling { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Pause before an early announce for more peers, when the tracker names no <c>min interval</c> of its own.</summary>
    public TimeSpan DefaultMinInterval { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Peers asked for.</summary>
    public int NumWant { get; init; } = 80;

    /// <summary>Pause after a tracker's first failure; each further one doubles it.</summary>
    public TimeSpan BackoffBase { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause after a failure.</summary>
    public TimeSpan BackoffCap { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The share of such a pause, 0 to 1, that chance may take off.</summary>
    public double BackoffJitter { get; init; } = 0.2;

    /// <summary>The largest answer taken, after decompression.</summary>
    public int BodyLimitBytes { get; init; } = 1 << 20;

    /// <summary>Redirects followed in one announce.</summary>
    public int MaxRedirects { get; init; } = 5;

    /// <summary>The <c>stopped</c> announces must be over by then.</summary>
    public TimeSpan StopDeadline { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The <c>User-Agent</c> header.</summary>
    public string UserAgent { get; init; } = "ActorTorrent/0.1";
}
