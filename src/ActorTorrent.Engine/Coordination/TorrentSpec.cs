using System.Net;
using ActorTorrent.Engine.Limits;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Coordination;

/// <summary>A torrent as a user hands it to the engine: a torrent file, or a magnet link whose metadata is fetched from peers first.</summary>
public sealed record TorrentSpec
{
    /// <summary>A torrent of a torrent file.</summary>
    /// <param name="metainfo">The torrent file.</param>
    /// <param name="outputFolder">Where its files go, an absolute path.</param>
    public TorrentSpec(TorrentMetainfo metainfo, string outputFolder)
    {
        ArgumentNullException.ThrowIfNull(metainfo);
        Metainfo = metainfo;
        OutputFolder = outputFolder;
        InfoHash = metainfo.InfoHash;
    }

    /// <summary>A torrent of a magnet link. Its host names are the caller's to look up, into <see cref="Peers"/>.</summary>
    /// <param name="magnet">The link.</param>
    /// <param name="outputFolder">Where its files go, an absolute path.</param>
    public TorrentSpec(MagnetLink magnet, string outputFolder)
    {
        ArgumentNullException.ThrowIfNull(magnet);
        Magnet = magnet;
        OutputFolder = outputFolder;
        InfoHash = magnet.InfoHash;
    }

    /// <summary>The torrent.</summary>
    public InfoHash InfoHash { get; }

    /// <summary>The torrent file; null when it begins as a magnet link.</summary>
    public TorrentMetainfo? Metainfo { get; }

    /// <summary>The magnet link; null when it begins as a torrent file.</summary>
    public MagnetLink? Magnet { get; }

    /// <summary>Where its files go, an absolute path.</summary>
    public string OutputFolder { get; }

    /// <summary>Whether it ends once the metadata of its magnet link is there.</summary>
    public bool IsMetadataOnly { get; init; }

    /// <summary>Peers named by the user; loopback and private ones are believed.</summary>
    public IReadOnlyList<IPEndPoint> Peers { get; init; } = [];

    /// <summary>Indices of the files wanted; null for all, or those that the magnet link selects. Ones that the torrent does not have are ignored.</summary>
    public IReadOnlySet<int>? WantedFiles { get; init; }

    /// <summary>How much wanted files are wanted, by their indices; those that are left out, normally.</summary>
    public IReadOnlyDictionary<int, FilePriority> Priorities { get; init; } = new Dictionary<int, FilePriority>();

    /// <summary>Whether what resume data says of the files' priorities holds instead of <see cref="WantedFiles"/> and <see cref="Priorities"/>.</summary>
    public bool KeepsSavedPriorities { get; init; }

    /// <summary>Fetch pieces in order instead of rarest first.</summary>
    public bool IsSequential { get; init; }

    /// <summary>Fetch the first and the last piece of every wanted file before all others.</summary>
    public bool IsFirstAndLastFirst { get; init; }

    /// <summary>Rate limits of this torrent; null for the configured ones.</summary>
    public RateLimits? Limits { get; init; }

    /// <summary>How it stands to the limits that it shares with others.</summary>
    public BandwidthTerms Terms { get; init; } = BandwidthTerms.Default;

    /// <summary>Whether it starts stopped; null for what its resume data says.</summary>
    public bool? IsPaused { get; init; } = false;

    /// <summary>Whether nothing is asked of anybody, whatever is missing: for data that is only to be served.</summary>
    public bool FetchesNothing { get; init; }

    /// <summary>Whether it is seeded as by BEP 16: each piece shown to few, so that it leaves us about once. For the first seed of a swarm.</summary>
    public bool IsSuperSeeding { get; init; }

    /// <summary>Bytes to send for each byte of the torrent, 0 for no limit; null for the configured number.</summary>
    public double? RatioLimit { get; init; }

    /// <summary>Time to seed, zero for no limit; null for the configured time.</summary>
    public TimeSpan? SeedTimeLimit { get; init; }

    /// <summary>Its trackers by tier (BEP 12); null for those of the torrent file or magnet link.</summary>
    public IReadOnlyList<IReadOnlyList<Uri>>? Trackers { get; init; }

    /// <summary>Connections of this torrent; null for the configured number.</summary>
    public int? MaxPeers { get; init; }
}
