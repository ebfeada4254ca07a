namespace ActorTorrent.Engine.Options;

/// <summary>What the <c>actortorrent.dht</c> section of the HOCON files sets (BEP 5).</summary>
public sealed record DhtOptions
{
    private static readonly IReadOnlyList<string> PublicNodes =
        ["dht.libtorrent.org:25401", "dht.transmissionbt.com:6881", "router.bittorrent.com:6881", "router.utorrent.com:6881"];

    /// <summary>Whether there is a DHT node at all.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Whether the node asks and announces only, and answers nobody (BEP 43): for hosts that cannot be reached.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>HOST:PORT of the nodes that are asked first while no others are known.</summary>
    public IReadOnlyList<string> Bootstrap { get; init; } = PublicNodes;

    /// <summary>Queries of one lookup in flight at once (α).</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>A node that has not answered by then counts as failed.</summary>
    public TimeSpan QueryTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After this long without an answer a lookup asks another node in the meantime.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Nodes that one lookup asks at most.</summary>
    public int QueriesPerLookup { get; init; } = 200;

    /// <summary>Lookups at once; more wait.</summary>
    public int MaxLookups { get; init; } = 16;

    /// <summary>Queries in flight at once, over all.</summary>
    public int MaxQueries { get; init; } = 500;

    /// <summary>A node not heard of, and a bucket not changed, for this long is looked after.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How often a torrent's peers are looked for and it is announced.</summary>
    public TimeSpan AnnounceInterval { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The first pause after a search that found nobody; doubled each time up to <see cref="AnnounceInterval"/>.</summary>
    public TimeSpan SearchInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often the secret behind tokens changes; a token is good for one to two of these.</summary>
    public TimeSpan TokenInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Torrents whose peers are kept for others.</summary>
    public int MaxTorrents { get; init; } = 2_000;

    /// <summary>Peers kept of one torrent.</summary>
    public int MaxPeersPerTorrent { get; init; } = 200;

    /// <summary>Bytes that torrents and peers kept for others take, about.</summary>
    public long StoreBytes { get; init; } = 32L << 20;

    /// <summary>How long an announced peer is kept.</summary>
    public TimeSpan PeerLifetime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Queries a second that an address may send in the long run.</summary>
    public int QueriesPerSecond { get; init; } = 10;

    /// <summary>Queries that an address may send at once; one more is a flood.</summary>
    public int QueryBurst { get; init; } = 100;

    /// <summary>How long a flooder is ignored.</summary>
    public TimeSpan FloodPause { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Queries a second that are answered, over all addresses.</summary>
    public int AnswersPerSecond { get; init; } = 500;

    /// <summary>Whether an address counts once in a routing table and in a lookup, and its network (/24, /64) twice a bucket.</summary>
    public bool RestrictAddresses { get; init; } = true;

    /// <summary>Whether nodes whose id does not follow from their address (BEP 42) are kept out of the routing table.</summary>
    public bool EnforceNodeIds { get; init; }

    /// <summary>How often the known nodes are saved.</summary>
    public TimeSpan SaveInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often deadlines are looked at.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(500);
}
