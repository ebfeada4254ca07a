namespace ActorTorrent.Engine.Options;

/// <summary>What the <c>actortorrent.tracker</c> section of the HOCON files sets.</summary>
public sealed record TrackerOptions
{
    /// <summary>One announce must be over by then, redirects and body included.</summary>
    public TimeSpan AnnounceTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>One of the tracker's addresses must take the connection by then, else the next one is tried.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A tracker that has not answered by then is not waited for alone: the next one is asked, too.</summary>
    public TimeSpan NextTrackerAfter { get; init; } = TimeSpan.FromSeconds(5);

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

    /// <summary>A UDP tracker is asked again after this; each time in a row doubles it (15 · 2ⁿ s, BEP 15).</summary>
    public TimeSpan UdpRetransmit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a UDP tracker is asked again at most (the n of BEP 15).</summary>
    public int UdpMaxRetransmits { get; init; } = 8;

    /// <summary>One announce to a UDP tracker must be over by then.</summary>
    public TimeSpan UdpAnnounceTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a connection id is used (BEP 15).</summary>
    public TimeSpan UdpConnectionLife { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Questions to UDP trackers under way at once, of all torrents.</summary>
    public int UdpMaxQuestions { get; init; } = 2000;

    /// <summary>A tracker that has answered over IPv4 or IPv6 is waited for over the other no longer than this.</summary>
    public TimeSpan OtherFamilyPatience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often a tracker that answers announces is asked for its numbers, too.</summary>
    public TimeSpan ScrapeInterval { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long the torrents of one tracker are gathered before it is asked for their numbers at once.</summary>
    public TimeSpan ScrapeGather { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Torrents that one question over HTTP names.</summary>
    public int ScrapeMaxTorrents { get; init; } = 50;
}
