using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Service.Session;

/// <summary>A torrent in the <see cref="SessionActor"/>'s hands; others see it as a <see cref="TorrentView"/>.</summary>
internal sealed class SessionTorrent(TorrentSettings settings, TorrentMetainfo? original, MagnetLink? magnet, SessionBoard board)
{
    private TorrentView? _view;

    public InfoHash InfoHash { get; } = Wire.Metainfo.InfoHash.Parse(settings.InfoHash);

    public TorrentSettings Settings { get; private set; } = settings;

    /// <summary>As the torrent file says.</summary>
    public TorrentMetainfo? Original { get; private set; } = original;

    /// <summary>With renamed files under their new names.</summary>
    public TorrentMetainfo? Metainfo { get; private set; } =
        original is null ? null : RenamedMetainfo.Of(original, settings.Renamed, settings.Name);

    public MagnetLink? Magnet { get; } = magnet;

    public TorrentSnapshot? Snapshot { get; set; }

    public DateTimeOffset SnapshotAt { get; set; }

    public EngineProtocol.TorrentAdded? Route { get; set; }

    public List<TrackerState> Trackers { get; } = [];

    public string? Error { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public (long Moved, long Total)? Move { get; set; }

    public int QueuePosition { get; set; }

    /// <summary>It is being removed, or is out of the engine for a moment: what is asked of the engine meanwhile follows from the settings later.</summary>
    public bool IsAway { get; set; }

    /// <summary>Everything wanted came, and nobody was told: its files are still on their way to where they belong.</summary>
    public bool IsCompletionDue { get; set; }

    /// <summary>Time spent downloading since that was saved.</summary>
    public TimeSpan DownloadingTime { get; set; }

    /// <summary>Numbers have changed since it was saved.</summary>
    public bool IsDirty { get; set; }

    public long Revision { get; private set; }

    public DateTimeOffset ChangedAt { get; private set; }

    public TorrentView View => _view ??= new TorrentView
    {
        InfoHash = InfoHash,
        Settings = Settings,
        Metainfo = Metainfo,
        Magnet = Magnet,
        Snapshot = Snapshot,
        SnapshotAt = SnapshotAt,
        Route = Route,
        Trackers = [.. Trackers],
        Error = Error,
        QueuePosition = QueuePosition,
        StartedAt = StartedAt,
        Move = Move,
        Revision = Revision,
        ChangedAt = ChangedAt,
    };

    public void Touch(long revision, DateTimeOffset now)
    {
        Revision = revision;
        ChangedAt = now;
        ForgetView();
    }

    public void Set(TorrentSettings settings)
    {
        var isRenamed = !ReferenceEquals(settings.Renamed, Settings.Renamed) || settings.Name != Settings.Name;
        var areTrackersNew = !ReferenceEquals(settings.Trackers, Settings.Trackers);
        Settings = settings;
        if (isRenamed && Original is not null)
            Metainfo = RenamedMetainfo.Of(Original, settings.Renamed, settings.Name);
        if (areTrackersNew)
            ListTrackers();
        ForgetView();
    }

    public void Learn(TorrentMetainfo metainfo)
    {
        Original = metainfo;
        Metainfo = RenamedMetainfo.Of(metainfo, Settings.Renamed, Settings.Name);
        ListTrackers();
        ForgetView();
    }

    /// <summary>The trackers that hold for it, by tier.</summary>
    public IReadOnlyList<IReadOnlyList<Uri>> Tiers() =>
        Settings.Trackers is { } own ? [.. own.Select(static tier => (IReadOnlyList<Uri>)[.. tier.Select(static url => new Uri(url))])]
        : Metainfo?.AnnounceTiers ?? [.. (Magnet?.Trackers ?? []).Select(static tracker => (IReadOnlyList<Uri>)[tracker])];

    /// <summary>Makes the list of trackers anew; what is known of those that stay is kept.</summary>
    public void ListTrackers()
    {
        var known = Trackers.ToLookup(static state => state.Tracker);
        Trackers.Clear();
        foreach (var (tier, trackers) in Tiers().Index())
            Trackers.AddRange(trackers.Select(tracker => (known[tracker].FirstOrDefault() ?? new TrackerState(tracker, tier)) with { Tier = tier }));
        ForgetView();
    }

    /// <summary>The torrent as the engine takes it.</summary>
    /// <param name="peers">Peers to use.</param>
    /// <param name="limits">Its limits.</param>
    /// <param name="maxPeers">Connections at most.</param>
    public TorrentSpec Spec(IReadOnlyList<System.Net.IPEndPoint> peers, Engine.Limits.RateLimits limits, int maxPeers)
    {
        var spec = Metainfo is { } metainfo ? new TorrentSpec(metainfo, Settings.Folder) : new TorrentSpec(Magnet!, Settings.Folder);
        return spec with
        {
            Peers = peers,
            WantedFiles = Wanted(),
            Priorities = Settings.Files,
            IsSequential = Settings.IsSequential,
            Limits = limits,
            Terms = TermsOf(Settings),
            IsPaused = Settings.IsPaused,
            RatioLimit = Ratio(),
            MaxPeers = maxPeers,
            Trackers = Settings.Trackers is null ? null : Tiers(),
        };
    }

    /// <summary>How a torrent of such settings stands to the limits that it shares with others.</summary>
    public static Engine.Limits.BandwidthTerms TermsOf(TorrentSettings settings) =>
        new(settings.HonorsSessionLimits, (Engine.Limits.BandwidthPriority)Math.Clamp(settings.BandwidthPriority, -1, 1), settings.Group);

    /// <summary>Its own ratio; 0 for none, null for the session's.</summary>
    public double? Ratio() => Settings.RatioMode switch { LimitMode.Own => Settings.RatioLimit, LimitMode.Unlimited => 0, _ => null };

    private void ForgetView()
    {
        _view = null;
        board.Torrents = null;
    }

    private HashSet<int>? Wanted() =>
        Metainfo is { } metainfo && Settings.Files.Any(static file => file.Value == FilePriority.Skip)
            ? Enumerable.Range(0, metainfo.Layout.Files.Count).Where(file => Settings.Files.GetValueOrDefault(file, FilePriority.Normal) != FilePriority.Skip).ToHashSet()
            : null;
}
