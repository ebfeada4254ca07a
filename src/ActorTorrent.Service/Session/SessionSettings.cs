namespace ActorTorrent.Service.Session;

/// <summary>What users of the service may change while it runs. Changes are kept in the session's folder and go before the configuration.</summary>
public sealed record SessionSettings
{
    /// <summary>Where files go unless a torrent says otherwise, absolute.</summary>
    public string DownloadFolder { get; init; } = "";

    /// <summary>Where files are while they are not complete, absolute.</summary>
    public string IncompleteFolder { get; init; } = "";

    /// <summary>Whether <see cref="IncompleteFolder"/> is used.</summary>
    public bool UsesIncompleteFolder { get; init; }

    /// <summary>Limit of all torrents together, from peers.</summary>
    public SpeedLimit DownloadLimit { get; init; } = new(IsOn: false, 100);

    /// <summary>Limit of all torrents together, to peers.</summary>
    public SpeedLimit UploadLimit { get; init; } = new(IsOn: false, 100);

    /// <summary>Thousands of bytes a second from peers while the alternative limits hold.</summary>
    public int AltDownload { get; init; } = 50;

    /// <summary>Thousands of bytes a second to peers while the alternative limits hold.</summary>
    public int AltUpload { get; init; } = 50;

    /// <summary>Whether the alternative limits hold now.</summary>
    public bool IsAltOn { get; init; }

    /// <summary>Whether the clock switches them.</summary>
    public bool IsAltScheduled { get; init; }

    /// <summary>When the clock switches them on: minutes after midnight, local time.</summary>
    public int AltBegin { get; init; } = 540;

    /// <summary>When the clock switches them off.</summary>
    public int AltEnd { get; init; } = 1020;

    /// <summary>The days of that: 1 for Sunday, 2 for Monday, 4, 8, …, added up.</summary>
    public int AltDays { get; init; } = 127;

    /// <summary>Connections of all torrents together.</summary>
    public int MaxPeers { get; init; } = 200;

    /// <summary>Connections of a torrent.</summary>
    public int MaxPeersPerTorrent { get; init; } = 50;

    /// <summary>The port for peers.</summary>
    public int PeerPort { get; init; } = 51413;

    /// <summary>Whether any free port is taken at each start.</summary>
    public bool IsPeerPortRandom { get; init; }

    /// <summary>Whether the router is asked to forward the port.</summary>
    public bool IsPortForwarded { get; init; } = true;

    /// <summary>Whether peers are looked for in the DHT.</summary>
    public bool Dht { get; init; } = true;

    /// <summary>Whether peers tell each other of peers.</summary>
    public bool Pex { get; init; } = true;

    /// <summary>Whether peers are looked for in the local network.</summary>
    public bool Lpd { get; init; } = true;

    /// <summary>Whether peers are spoken to over uTP, where the engine can.</summary>
    public bool Utp { get; init; } = true;

    /// <summary>How encryption is meant: <c>required</c>, <c>preferred</c> or <c>tolerated</c>.</summary>
    public string Encryption { get; init; } = "preferred";

    /// <summary>Torrents that download at once.</summary>
    public int DownloadQueueSize { get; init; } = 5;

    /// <summary>Whether that number holds.</summary>
    public bool IsDownloadQueued { get; init; } = true;

    /// <summary>Torrents that seed at once.</summary>
    public int SeedQueueSize { get; init; } = 10;

    /// <summary>Whether that number holds.</summary>
    public bool IsSeedQueued { get; init; }

    /// <summary>Minutes without payload after which a torrent is called stalled.</summary>
    public int StalledMinutes { get; init; } = 30;

    /// <summary>Whether stalled torrents are told apart.</summary>
    public bool IsStalledOn { get; init; } = true;

    /// <summary>Bytes sent for each of a torrent's own, after which its seeding ends.</summary>
    public double RatioLimit { get; init; } = 2;

    /// <summary>Whether that number holds.</summary>
    public bool IsRatioLimited { get; init; }

    /// <summary>Minutes without upload after which seeding ends.</summary>
    public int IdleMinutes { get; init; } = 30;

    /// <summary>Whether that number holds.</summary>
    public bool IsIdleLimited { get; init; }

    /// <summary>Whether files have another name while they are not complete. The engine does not do that; kept for those who ask.</summary>
    public bool RenamesPartialFiles { get; init; }

    /// <summary>Whether torrents start when they are added.</summary>
    public bool StartsAdded { get; init; } = true;

    /// <summary>Whether torrent files are deleted when they are added from the watch folder.</summary>
    public bool DeletesWatched { get; init; }

    /// <summary>Megabytes kept in memory for the disk. The engine has its own budget; kept for those who ask.</summary>
    public int CacheMegabytes { get; init; } = 4;

    /// <summary>Where the list of blocked addresses comes from.</summary>
    public string BlocklistUrl { get; init; } = "http://www.example.com/blocklist";

    /// <summary>Whether the list is used.</summary>
    public bool IsBlocklistOn { get; init; }

    /// <summary>Whether a program is run when a torrent is complete.</summary>
    public bool IsCompletionScriptOn { get; init; }

    /// <summary>That program, absolute.</summary>
    public string CompletionScript { get; init; } = "";

    /// <summary>Whether a program is run when a torrent's seeding ends because a limit was reached.</summary>
    public bool IsSeededScriptOn { get; init; }

    /// <summary>That program, absolute.</summary>
    public string SeededScript { get; init; } = "";

    /// <summary>Whether a program is run when a torrent is added.</summary>
    public bool IsAddedScriptOn { get; init; }

    /// <summary>That program, absolute.</summary>
    public string AddedScript { get; init; } = "";

    /// <summary>Trackers that every torrent that is not private has besides its own, by tier.</summary>
    public IReadOnlyList<IReadOnlyList<string>> DefaultTrackers { get; init; } = [];

    /// <summary>Bandwidth groups by their names.</summary>
    public IReadOnlyDictionary<string, BandwidthGroupSettings> Groups { get; init; } =
        new Dictionary<string, BandwidthGroupSettings>(StringComparer.Ordinal);
}
