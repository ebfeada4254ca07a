namespace ActorTorrent.Engine.Options;

/// <summary>Everything the engine's HOCON files set, bound and validated.</summary>
public sealed record EngineOptions
{
    /// <summary>Peer connections.</summary>
    public PeerOptions Peer { get; init; } = new();

    /// <summary>One torrent.</summary>
    public TorrentOptions Torrent { get; init; } = new();

    /// <summary>Metadata of torrents that begin as a magnet link.</summary>
    public MetadataOptions Metadata { get; init; } = new();

    /// <summary>Peer exchange.</summary>
    public PexOptions Pex { get; init; } = new();

    /// <summary>Disk.</summary>
    public StorageOptions Storage { get; init; } = new();

    /// <summary>Trackers.</summary>
    public TrackerOptions Tracker { get; init; } = new();

    /// <summary>Faults and what is done about them.</summary>
    public FaultOptions Faults { get; init; } = new();

    /// <summary>Rate limits.</summary>
    public LimitOptions Limits { get; init; } = new();

    /// <summary>Whose turn it is, and how much is seeded.</summary>
    public QueueOptions Queue { get; init; } = new();

    /// <summary>The distributed hash table.</summary>
    public DhtOptions Dht { get; init; } = new();

    /// <summary>The own addresses that are used.</summary>
    public BindOptions Bind { get; init; } = new();

    /// <summary>Who connects for us.</summary>
    public ProxyOptions Proxy { get; init; } = new();

    /// <summary>The listening socket.</summary>
    public ListenOptions Listen { get; init; } = new();

    /// <summary>Peers in the local network.</summary>
    public LsdOptions Lsd { get; init; } = new();

    /// <summary>What all torrents and connections hold in memory together.</summary>
    public BudgetOptions Budgets { get; init; } = new();

    /// <summary>Memory that is given back.</summary>
    public MemoryOptions Memory { get; init; } = new();

    /// <summary>Addresses that nobody talks to.</summary>
    public FilterOptions Filter { get; init; } = new();

    /// <summary>What the engine tells of itself.</summary>
    public TelemetryOptions Telemetry { get; init; } = new();
}
