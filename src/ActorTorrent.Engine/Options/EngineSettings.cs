using System.Net.Sockets;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Discovery.Dht;
using Akka.Configuration;

namespace ActorTorrent.Engine.Options;

/// <summary>
/// The <c>hocon/</c> folder: <c>actortorrent.hocon</c> with profiles laid over it, found beside the program whatever the
/// working directory is. A program that stands alone has what was there when it was built.
/// </summary>
/// <param name="Options">The <c>actortorrent</c> section, bound and validated.</param>
/// <param name="Akka">The <c>akka</c> section, for the actor system.</param>
public sealed record EngineSettings(EngineOptions Options, Config Akka)
{
    private const string MainFile = "actortorrent.hocon";

    /// <summary>Reads the main file and lays profiles over it, in the order given.</summary>
    /// <param name="profiles">Names of files in <c>hocon/profiles</c>, without extension, or paths of files.</param>
    /// <param name="folder">The <c>hocon</c> folder; null for the one beside the program, or, for files not there, the built-in ones.</param>
    /// <exception cref="SettingsException">A file is missing, or holds unknown keys or bad values.</exception>
    public static EngineSettings Load(IEnumerable<string>? profiles = null, string? folder = null)
    {
        var files = new List<(string Name, string Text)> { Find(MainFile, folder) };
        foreach (var profile in profiles ?? [])
            files.Add(File.Exists(profile) ? (Path.GetFileName(profile), Read(profile)) : Find($"profiles/{profile}.hocon", folder));
        return Parse(files);
    }

    /// <summary>Parses texts laid over each other, later ones over earlier ones.</summary>
    /// <param name="files">Names, for messages, and HOCON texts.</param>
    /// <exception cref="SettingsException">There are unknown keys or bad values.</exception>
    public static EngineSettings Parse(IEnumerable<(string Name, string Text)> files)
    {
        var reader = new SettingsReader();
        var merged = ConfigurationFactory.Empty;
        foreach (var (name, text) in files)
        {
            Config config;
            try
            {
                config = ConfigurationFactory.ParseString(text);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                throw new SettingsException($"{name}: not readable as HOCON: {e.Message}");
            }
            reader.Add(name, config);
            merged = config.WithFallback(merged);
        }
        var options = Bind(reader);
        CheckOrder(reader, options);
        reader.Finish();
        return new EngineSettings(options, merged);
    }

    private static (string Name, string Text) Find(string name, string? folder)
    {
        var file = Path.Combine(folder ?? Path.Combine(AppContext.BaseDirectory, "hocon"), name);
        var builtIn = folder is null && !File.Exists(file)
            ? typeof(EngineSettings).Assembly.GetManifestResourceStream($"hocon/{name}")
            : null;
        if (builtIn is null)
            return (Path.GetFileName(file), Read(file));
        using var text = new StreamReader(builtIn);
        return (Path.GetFileName(file), text.ReadToEnd());
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException e)
        {
            throw new SettingsException($"{Path.GetFileName(file)}: {e.Message}");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SettingsException($"{Path.GetFileName(file)}: {e.Message}");
        }
    }

    private static EngineOptions Bind(SettingsReader r) => new()
    {
        Peer = BindPeer(r),
        Torrent = BindTorrent(r),
        Metadata = BindMetadata(r),
        Pex = BindPex(r),
        Budgets = BindBudgets(r),
        Memory = BindMemory(r),
        Storage = BindStorage(r),
        Tracker = BindTracker(r),
        Faults = BindFaults(r),
        Queue = BindQueue(r),
        Dht = BindDht(r),
        Bind = BindAddresses(r),
        Proxy = BindProxy(r),
        Listen = BindListen(r),
        Limits = BindLimits(r),
        Lsd = BindLsd(r),
        Filter = BindFilter(r),
        Telemetry = BindTelemetry(r),
    };

    private static void CheckOrder(SettingsReader r, EngineOptions options)
    {
        r.InOrder("peer.min-pipeline", options.Peer.MinPipeline, "peer.max-pipeline", options.Peer.MaxPipeline);
        r.InOrder("torrent.min-upload-slots", options.Torrent.MinUploadSlots, "torrent.max-upload-slots", options.Torrent.MaxUploadSlots);
        r.InOrder("metadata.max-size", options.Metadata.MaxBytes, "budgets.metadata", options.Budgets.MetadataBytes);
        r.InOrder("storage.retry-delay", options.Storage.RetryDelay, "storage.max-retry-delay", options.Storage.MaxRetryDelay);
        r.InOrder("tracker.interval-floor", options.Tracker.IntervalFloor, "tracker.interval-ceiling", options.Tracker.IntervalCeiling);
        r.InOrder("tracker.backoff-base", options.Tracker.BackoffBase, "tracker.backoff-cap", options.Tracker.BackoffCap);
        r.InOrder("faults.retry-delay", options.Faults.RetryDelay, "faults.max-retry-delay", options.Faults.MaxRetryDelay);
    }

    private static PeerOptions BindPeer(SettingsReader r)
    {
        var d = new PeerOptions();
        return new PeerOptions
        {
            MaxConnections = r.Integer("peer.max-connections", d.MaxConnections, 1, 1_000_000),
            MaxUnsentBytes = (int)r.Bytes("peer.max-unsent", d.MaxUnsentBytes, 64 << 10, 256 << 20),
            ConnectTimeout = r.Duration("peer.connect-timeout", d.ConnectTimeout, Ms(50), Minutes(5)),
            HandshakeTimeout = r.Duration("peer.handshake-timeout", d.HandshakeTimeout, Ms(50), Minutes(5)),
            InactivityTimeout = r.Duration("peer.inactivity-timeout", d.InactivityTimeout, Ms(200), Minutes(60)),
            KeepAlive = r.Duration("peer.keep-alive", d.KeepAlive, Ms(100), Minutes(60)),
            SnubTimeout = r.Duration("peer.snub-timeout", d.SnubTimeout, Ms(100), Minutes(10)),
            SendTimeout = r.Duration("peer.send-timeout", d.SendTimeout, Ms(100), Minutes(10)),
            Tick = r.Duration("peer.tick", d.Tick, Ms(10), Minutes(1)),
            MaxMessageBytes = (int)r.Bytes("peer.max-message", d.MaxMessageBytes, 32 << 10, 64 << 20),
            ReceiveBufferBytes = (int)r.Bytes("peer.receive-buffer", d.ReceiveBufferBytes, 32 << 10, 16 << 20),
            ReceiveGatherBytes = (int)r.Bytes("peer.receive-gather", d.ReceiveGatherBytes, 0, 2 << 20),
            ReceiveGatherWait = r.Duration("peer.receive-gather-wait", d.ReceiveGatherWait, Ms(1), Ms(1000)),
            BatchesInFlight = r.Integer("peer.batches-in-flight", d.BatchesInFlight, 1, 64),
            MinPipeline = r.Integer("peer.min-pipeline", d.MinPipeline, 1, 1_000),
            MaxPipeline = r.Integer("peer.max-pipeline", d.MaxPipeline, 1, 10_000),
            PipelineDepth = r.Duration("peer.pipeline-depth", d.PipelineDepth, Ms(100), Minutes(1)),
            MaxQueuedRequests = r.Integer("peer.max-queued-requests", d.MaxQueuedRequests, 1, 100_000),
            FirstUploadWindowBytes = (int)r.Bytes("peer.first-upload-window", d.FirstUploadWindowBytes, 16 << 10, 256 << 20),
            UploadWindowBytes = (int)r.Bytes("peer.upload-window", d.UploadWindowBytes, 16 << 10, 256 << 20),
            UploadReadBytes = (int)r.Bytes("peer.upload-read", d.UploadReadBytes, 16 << 10, 1 << 20),
            UselessMessagesPerMinute = r.Integer("peer.useless-messages-per-minute", d.UselessMessagesPerMinute, 10, 1_000_000),
        };
    }

    private static TorrentOptions BindTorrent(SettingsReader r)
    {
        var d = new TorrentOptions();
        return new TorrentOptions
        {
            MaxPeers = r.Integer("torrent.max-peers", d.MaxPeers, 1, 100_000),
            HalfOpen = r.Integer("torrent.half-open", d.HalfOpen, 1, 10_000),
            MaxPeersPerAddress = r.Integer("torrent.max-peers-per-address", d.MaxPeersPerAddress, 1, 100_000),
            EvictionGrace = r.Duration("torrent.eviction-grace", d.EvictionGrace, TimeSpan.Zero, Minutes(60)),
            KnownPeers = r.Integer("torrent.known-peers", d.KnownPeers, 10, 1_000_000),
            UploadSlots = r.Integer("torrent.upload-slots", d.UploadSlots, 1, 10_000),
            AdaptiveSlots = r.Flag("torrent.adaptive-slots", d.AdaptiveSlots),
            MinUploadSlots = r.Integer("torrent.min-upload-slots", d.MinUploadSlots, 1, 10_000),
            MaxUploadSlots = r.Integer("torrent.max-upload-slots", d.MaxUploadSlots, 1, 10_000),
            SeedChoking = r.Flag("torrent.seed-round-robin", d.SeedChoking == SeedChoking.RoundRobin) ? SeedChoking.RoundRobin : SeedChoking.Fastest,
            ChokeRound = r.Duration("torrent.choke-round", d.ChokeRound, Ms(50), Minutes(10)),
            OptimisticUnchoke = r.Duration("torrent.optimistic-unchoke", d.OptimisticUnchoke, Ms(50), Minutes(30)),
            HaveDelay = r.Duration("torrent.have-delay", d.HaveDelay, Ms(1), Ms(10_000)),
            SnapshotInterval = r.Duration("torrent.snapshot-interval", d.SnapshotInterval, Ms(10), Minutes(1)),
            RestInterval = r.Duration("torrent.rest-interval", d.RestInterval, Ms(10), Minutes(60)),
            PieceBudgetBytes = r.Bytes("torrent.piece-budget", d.PieceBudgetBytes, 1L << 20, 64L << 30),
            UnprovenBlocks = r.Integer("torrent.unproven-blocks", d.UnprovenBlocks, 1, 1_000),
            DialsPerSecond = r.Integer("torrent.dials-per-second", d.DialsPerSecond, 1, 100_000),
            EndgameBlocks = r.Integer("torrent.endgame-blocks", d.EndgameBlocks, 1, 1_000),
            EndgameRequesters = r.Integer("torrent.endgame-requesters", d.EndgameRequesters, 1, 16),
            QuietAfter = r.Duration("torrent.quiet-after", d.QuietAfter, Ms(10), Minutes(24 * 60)),
            StuckAfter = r.Duration("torrent.stuck-after", d.StuckAfter, Ms(100), Minutes(24 * 60)),
            StopTimeout = r.Duration("torrent.stop-timeout", d.StopTimeout, Ms(100), Minutes(5)),
        };
    }

    private static MetadataOptions BindMetadata(SettingsReader r)
    {
        var d = new MetadataOptions();
        return new MetadataOptions
        {
            MaxBytes = (int)r.Bytes("metadata.max-size", d.MaxBytes, 16 << 10, 256 << 20),
            Pipeline = r.Integer("metadata.pipeline", d.Pipeline, 1, 100),
            Timeout = r.Duration("metadata.timeout", d.Timeout, Ms(100), Minutes(10)),
            RetryDelay = r.Duration("metadata.retry-delay", d.RetryDelay, Ms(10), Minutes(60)),
            Copies = r.Integer("metadata.copies", d.Copies, 1, 16),
            CopyTurn = r.Duration("metadata.copy-turn", d.CopyTurn, Ms(100), Minutes(60)),
            ServedPerSecond = r.Integer("metadata.served-per-second", d.ServedPerSecond, 1, 10_000),
            ServeQueue = r.Integer("metadata.serve-queue", d.ServeQueue, 1, 10_000),
        };
    }

    private static BudgetOptions BindBudgets(SettingsReader r)
    {
        var d = new BudgetOptions();
        return new BudgetOptions
        {
            PieceBytes = r.Bytes("budgets.pieces", d.PieceBytes, 1L << 20, 1L << 40),
            ReceiveBytes = r.Bytes("budgets.receive", d.ReceiveBytes, 1L << 20, 1L << 40),
            SendBytes = r.Bytes("budgets.send", d.SendBytes, 1L << 20, 1L << 40),
            MetadataBytes = r.Bytes("budgets.metadata", d.MetadataBytes, 64L << 10, 1L << 40),
            JournalBytes = r.Bytes("budgets.journals", d.JournalBytes, 64L << 10, 1L << 40),
            DirectoryBytes = r.Bytes("budgets.directories", d.DirectoryBytes, 64L << 10, 1L << 40),
        };
    }

    private static MemoryOptions BindMemory(SettingsReader r)
    {
        var d = new MemoryOptions();
        return new MemoryOptions
        {
            TrimsAtRest = r.Flag("memory.trim", d.TrimsAtRest),
            Interval = r.Duration("memory.interval", d.Interval, Ms(100), Minutes(60)),
            Quiet = r.Duration("memory.quiet", d.Quiet, TimeSpan.Zero, Minutes(60)),
            LeastBytes = r.Bytes("memory.least", d.LeastBytes, 64 << 10, 1L << 40),
            FragmentedBytes = r.Bytes("memory.fragmented", d.FragmentedBytes, 1 << 20, 1L << 40),
        };
    }

    private static PexOptions BindPex(SettingsReader r)
    {
        var d = new PexOptions();
        return new PexOptions
        {
            IsEnabled = r.Flag("pex.enabled", d.IsEnabled),
            Interval = r.Duration("pex.interval", d.Interval, Ms(50), Minutes(60)),
            Burst = r.Integer("pex.burst", d.Burst, 1, 100),
        };
    }

    private static StorageOptions BindStorage(SettingsReader r)
    {
        var d = new StorageOptions();
        return new StorageOptions
        {
            WorkersPerVolume = r.Integer("storage.workers-per-volume", d.WorkersPerVolume, 0, 64),
            WriteBudgetBytes = r.Bytes("storage.write-budget", d.WriteBudgetBytes, 1L << 20, 64L << 30),
            HashWait = r.Duration("storage.hash-wait", d.HashWait, Ms(0), Minutes(1)),
            OpenFiles = r.Integer("storage.open-files", d.OpenFiles, 1, 10_000),
            RetryDelay = r.Duration("storage.retry-delay", d.RetryDelay, Ms(10), Minutes(10)),
            MaxRetryDelay = r.Duration("storage.max-retry-delay", d.MaxRetryDelay, Ms(10), Minutes(60)),
            Allocation = r.Choice("storage.allocation", d.Allocation),
            Sync = r.Choice("storage.sync", d.Sync),
            ResumeInterval = r.Duration("storage.resume-interval", d.ResumeInterval, Ms(50), Minutes(24 * 60)),
            RestResumeInterval = r.Duration("storage.rest-resume-interval", d.RestResumeInterval, Ms(50), Minutes(24 * 60)),
            QueuedReads = r.Integer("storage.queued-reads", d.QueuedReads, 1, 1_000_000),
        };
    }

    private static TrackerOptions BindTracker(SettingsReader r)
    {
        var d = new TrackerOptions();
        return new TrackerOptions
        {
            AnnounceTimeout = r.Duration("tracker.announce-timeout", d.AnnounceTimeout, Ms(100), Minutes(5)),
            ConnectTimeout = r.Duration("tracker.connect-timeout", d.ConnectTimeout, Ms(100), Minutes(5)),
            NextTrackerAfter = r.Duration("tracker.next-tracker-after", d.NextTrackerAfter, Ms(10), Minutes(5)),
            IntervalFloor = r.Duration("tracker.interval-floor", d.IntervalFloor, Ms(10), Minutes(24 * 60)),
            IntervalCeiling = r.Duration("tracker.interval-ceiling", d.IntervalCeiling, Ms(10), Minutes(24 * 60)),
            DefaultMinInterval = r.Duration("tracker.default-min-interval", d.DefaultMinInterval, Ms(10), Minutes(24 * 60)),
            NumWant = r.Integer("tracker.num-want", d.NumWant, 0, 2_000),
            BackoffBase = r.Duration("tracker.backoff-base", d.BackoffBase, Ms(10), Minutes(60)),
            BackoffCap = r.Duration("tracker.backoff-cap", d.BackoffCap, Ms(10), Minutes(24 * 60)),
            BackoffJitter = r.Number("tracker.backoff-jitter", d.BackoffJitter, 0, 1),
            BodyLimitBytes = (int)r.Bytes("tracker.body-limit", d.BodyLimitBytes, 1 << 10, 64 << 20),
            MaxRedirects = r.Integer("tracker.max-redirects", d.MaxRedirects, 0, 20),
            StopDeadline = r.Duration("tracker.stop-deadline", d.StopDeadline, Ms(50), Minutes(1)),
            UserAgent = r.Text("tracker.user-agent", d.UserAgent),
            UdpRetransmit = r.Duration("tracker.udp-retransmit", d.UdpRetransmit, Ms(10), Minutes(5)),
            UdpMaxRetransmits = r.Integer("tracker.udp-max-retransmits", d.UdpMaxRetransmits, 0, 8),
            UdpAnnounceTimeout = r.Duration("tracker.udp-announce-timeout", d.UdpAnnounceTimeout, Ms(100), Minutes(180)),
            UdpConnectionLife = r.Duration("tracker.udp-connection-life", d.UdpConnectionLife, Ms(10), Minutes(2)),
            UdpMaxQuestions = r.Integer("tracker.udp-max-questions", d.UdpMaxQuestions, 1, 100_000),
            OtherFamilyPatience = r.Duration("tracker.other-family-patience", d.OtherFamilyPatience, Ms(0), Minutes(1)),
            ScrapeInterval = r.Duration("tracker.scrape-interval", d.ScrapeInterval, Ms(50), Minutes(24 * 60)),
            ScrapeGather = r.Duration("tracker.scrape-gather", d.ScrapeGather, Ms(0), Minutes(5)),
            ScrapeMaxTorrents = r.Integer("tracker.scrape-max-torrents", d.ScrapeMaxTorrents, 1, 200),
        };
    }

    private static FaultOptions BindFaults(SettingsReader r)
    {
        var d = new FaultOptions();
        return new FaultOptions
        {
            Policy = r.Choice("faults.policy", d.Policy),
            RetryDelay = r.Duration("faults.retry-delay", d.RetryDelay, Ms(10), Minutes(60)),
            MaxRetryDelay = r.Duration("faults.max-retry-delay", d.MaxRetryDelay, Ms(10), Minutes(24 * 60)),
            Jitter = r.Number("faults.jitter", d.Jitter, 0, 1),
            MaxRetries = r.Integer("faults.max-retries", d.MaxRetries, 1, 1_000),
            ViolationsBeforeBan = r.Integer("faults.violations-before-ban", d.ViolationsBeforeBan, 1, 1_000),
            MaxRestarts = r.Integer("faults.max-restarts", d.MaxRestarts, 1, 100_000),
            RestartWindow = r.Duration("faults.restart-window", d.RestartWindow, Ms(100), Minutes(24 * 60)),
            JournalEntries = r.Integer("faults.journal-entries", d.JournalEntries, 10, 10_000_000),
            ToldPerSecond = r.Integer("faults.told-per-second", d.ToldPerSecond, 1, 100_000),
        };
    }

    private static QueueOptions BindQueue(SettingsReader r)
    {
        var d = new QueueOptions();
        return new QueueOptions
        {
            MaxActiveDownloads = r.Integer("queue.max-active-downloads", d.MaxActiveDownloads, 0, 1_000_000),
            MaxActiveSeeds = r.Integer("queue.max-active-seeds", d.MaxActiveSeeds, 0, 1_000_000),
            RatioLimit = r.Number("queue.ratio-limit", d.RatioLimit, 0, 1_000_000),
            SeedTimeLimit = r.Duration("queue.seed-time-limit", d.SeedTimeLimit, TimeSpan.Zero, TimeSpan.FromDays(10_000)),
        };
    }

    private static DhtOptions BindDht(SettingsReader r)
    {
        var d = new DhtOptions();
        return new DhtOptions
        {
            Enabled = r.Flag("dht.enabled", d.Enabled),
            ReadOnly = r.Flag("dht.read-only", d.ReadOnly),
            Bootstrap = r.Texts("dht.bootstrap", d.Bootstrap, "a list of HOST:PORT", t => HostAndPort.TryParse(t, out _)),
            Parallel = r.Integer("dht.parallel", d.Parallel, 1, 32),
            QueryTimeout = r.Duration("dht.query-timeout", d.QueryTimeout, Ms(50), Minutes(1)),
            StallTimeout = r.Duration("dht.stall-timeout", d.StallTimeout, Ms(20), Minutes(1)),
            QueriesPerLookup = r.Integer("dht.queries-per-lookup", d.QueriesPerLookup, 8, 10_000),
            MaxLookups = r.Integer("dht.max-lookups", d.MaxLookups, 2, 1_000),
            MaxQueries = r.Integer("dht.max-queries", d.MaxQueries, 8, 100_000),
            RefreshInterval = r.Duration("dht.refresh-interval", d.RefreshInterval, Ms(100), Minutes(24 * 60)),
            AnnounceInterval = r.Duration("dht.announce-interval", d.AnnounceInterval, Ms(100), Minutes(24 * 60)),
            SearchInterval = r.Duration("dht.search-interval", d.SearchInterval, Ms(50), Minutes(24 * 60)),
            TokenInterval = r.Duration("dht.token-interval", d.TokenInterval, Ms(100), Minutes(60)),
            MaxTorrents = r.Integer("dht.max-torrents", d.MaxTorrents, 1, 1_000_000),
            StoreBytes = r.Bytes("dht.store-budget", d.StoreBytes, 64L << 10, 1L << 40),
            MaxPeersPerTorrent = r.Integer("dht.max-peers-per-torrent", d.MaxPeersPerTorrent, 1, 100_000),
            PeerLifetime = r.Duration("dht.peer-lifetime", d.PeerLifetime, Ms(100), Minutes(24 * 60)),
            QueriesPerSecond = r.Integer("dht.queries-per-second", d.QueriesPerSecond, 1, 1_000_000),
            QueryBurst = r.Integer("dht.query-burst", d.QueryBurst, 1, 1_000_000),
            FloodPause = r.Duration("dht.flood-pause", d.FloodPause, Ms(100), Minutes(24 * 60)),
            AnswersPerSecond = r.Integer("dht.answers-per-second", d.AnswersPerSecond, 1, 1_000_000),
            RestrictAddresses = r.Flag("dht.restrict-addresses", d.RestrictAddresses),
            EnforceNodeIds = r.Flag("dht.enforce-node-ids", d.EnforceNodeIds),
            SaveInterval = r.Duration("dht.save-interval", d.SaveInterval, Ms(100), Minutes(24 * 60)),
            Tick = r.Duration("dht.tick", d.Tick, Ms(10), Minutes(1)),
        };
    }

    private static BindOptions BindAddresses(SettingsReader r) => new()
    {
        V4 = r.Address("bind.ipv4", AddressFamily.InterNetwork),
        V6 = r.Address("bind.ipv6", AddressFamily.InterNetworkV6),
    };

    private static ProxyOptions BindProxy(SettingsReader r)
    {
        var d = new ProxyOptions();
        return new ProxyOptions
        {
            Kind = r.Choice("proxy.kind", d.Kind),
            Host = r.Text("proxy.host", d.Host),
            Port = r.Integer("proxy.port", d.Port, 1, ushort.MaxValue),
            User = r.Text("proxy.user", d.User, byte.MaxValue),
            Password = r.Text("proxy.password", d.Password, byte.MaxValue),
        };
    }

    private static ListenOptions BindListen(SettingsReader r)
    {
        var d = new ListenOptions();
        return new ListenOptions
        {
            Port = r.Integer("listen.port", d.Port, 0, ushort.MaxValue),
            AnyPortIfTaken = r.Flag("listen.any-port-if-taken", d.AnyPortIfTaken),
            Backlog = r.Integer("listen.backlog", d.Backlog, 1, 65_535),
            MaxPending = r.Integer("listen.max-pending", d.MaxPending, 1, 100_000),
            MaxPendingPerAddress = r.Integer("listen.max-pending-per-address", d.MaxPendingPerAddress, 1, 100_000),
        };
    }

    private static LimitOptions BindLimits(SettingsReader r)
    {
        var d = new LimitOptions();
        return new LimitOptions
        {
            Engine = new(r.Rate("limits.download", d.Engine.Download), r.Rate("limits.upload", d.Engine.Upload)),
            Torrent = new(r.Rate("limits.torrent-download", d.Torrent.Download), r.Rate("limits.torrent-upload", d.Torrent.Upload)),
            Peer = new(r.Rate("limits.peer-download", d.Peer.Download), r.Rate("limits.peer-upload", d.Peer.Upload)),
            Burst = r.Duration("limits.burst", d.Burst, Ms(0), Minutes(1)),
            Interval = r.Duration("limits.interval", d.Interval, Ms(1), Ms(1_000)),
        };
    }

    private static LsdOptions BindLsd(SettingsReader r)
    {
        var d = new LsdOptions();
        return new LsdOptions
        {
            Enabled = r.Flag("lsd.enabled", d.Enabled),
            Interfaces = r.Choice("lsd.interfaces", d.Interfaces),
            Port = r.Integer("lsd.port", d.Port, 1, ushort.MaxValue),
            AnnounceInterval = r.Duration("lsd.announce-interval", d.AnnounceInterval, Ms(10), Minutes(60)),
            MessageInterval = r.Duration("lsd.message-interval", d.MessageInterval, Ms(10), Minutes(60)),
            Gather = r.Duration("lsd.gather", d.Gather, Ms(0), Minutes(1)),
            MaxMessagesPerMinute = r.Integer("lsd.max-messages-per-minute", d.MaxMessagesPerMinute, 1, 100_000),
            MaxAddresses = r.Integer("lsd.max-addresses", d.MaxAddresses, 1, 100_000),
        };
    }

    private static FilterOptions BindFilter(SettingsReader r)
    {
        var d = new FilterOptions();
        return new FilterOptions
        {
            Files = r.Texts("ip-filter.files", d.Files, "a list of files", t => t.Length > 0),
            ReloadInterval = r.Duration("ip-filter.reload-interval", d.ReloadInterval, Ms(10), Minutes(24 * 60)),
        };
    }

    private static TelemetryOptions BindTelemetry(SettingsReader r)
    {
        var d = new TelemetryOptions();
        return new TelemetryOptions
        {
            CensusInterval = r.Duration("telemetry.census-interval", d.CensusInterval, Ms(10), Minutes(60)),
            AnswerTimeout = r.Duration("telemetry.answer-timeout", d.AnswerTimeout, Ms(5), Minutes(1)),
            MetricsInterval = r.Duration("telemetry.metrics-interval", d.MetricsInterval, Ms(10), Minutes(60)),
        };
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static TimeSpan Minutes(int minutes) => TimeSpan.FromMinutes(minutes);
}
