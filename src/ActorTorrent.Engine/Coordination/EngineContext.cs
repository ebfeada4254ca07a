using System.Net;
using ActorTorrent.Engine.Connecting;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Filtering;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Peers;
using ActorTorrent.Engine.Resume;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Coordination;

/// <summary>What all torrents of one engine share.</summary>
public sealed class EngineContext
{
    private readonly Lock _lock = new();
    private readonly Random _seeds;
    private readonly ITrackerClient _givenTrackerClient;
    private IpFilter _filter = IpFilter.Empty;

    /// <param name="options">The settings.</param>
    /// <param name="trackerClient">Speaks to HTTP trackers; the engine itself speaks to those over UDP.</param>
    /// <param name="seed">Makes every choice by chance repeatable; null for a seed by chance.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public EngineContext(EngineOptions options, ITrackerClient trackerClient, int? seed = null, TimeProvider? time = null)
    {
        Options = options;
        _givenTrackerClient = TrackerClient = trackerClient;
        Time = time ?? TimeProvider.System;
        _seeds = seed is { } fixedSeed ? new Random(fixedSeed) : new Random();
        OwnId = PeerId.Create(_seeds);
        Connector = new OutgoingConnector(options.Bind, options.Proxy);
        Connections = new ConnectionBudget(options.Peer.MaxConnections);
        Refusals = new Refusals(options.Faults, Time);
        Budgets = new EngineBudgets(options.Budgets);
        Slabs = new SlabPool(options.Peer.ReceiveBufferBytes, kept: 256, Budgets.Receive);
        Rounds = new ReceiveRounds(options.Peer);
    }

    /// <summary>The settings.</summary>
    public EngineOptions Options { get; }

    /// <summary>Speaks to trackers.</summary>
    public ITrackerClient TrackerClient { get; private set; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>How connections are made.</summary>
    public OutgoingConnector Connector { get; }

    /// <summary>Where resume data is kept; null for nowhere: then everything is checked at each start.</summary>
    public ResumeStore? Resume { get; init; }

    /// <summary>The numbers that monitoring reads; null when nobody does.</summary>
    public EngineMetrics? Metrics { get; init; }

    /// <summary>How bytes get to files and back.</summary>
    public DiskAccess Disk { get; init; } = DiskAccess.Direct;

    /// <summary>Our peer id.</summary>
    public PeerId OwnId { get; }

    /// <summary>Hosts that no torrent deals with.</summary>
    public BanList Bans { get; } = new();

    /// <summary>Whom nobody is to talk to: ranges of addresses that the user's lists name.</summary>
    public IpFilter Filter
    {
        get => Volatile.Read(ref _filter);
        set => Volatile.Write(ref _filter, value);
    }

    /// <summary>Incoming connections that no torrent took in.</summary>
    public Refusals Refusals { get; }

    /// <summary>Connections of all torrents together.</summary>
    public ConnectionBudget Connections { get; }

    /// <summary>What all torrents and connections may hold in memory together.</summary>
    public EngineBudgets Budgets { get; }

    /// <summary>Buffers of all torrents that are out on loan.</summary>
    public BufferLoans Loans { get; } = new();

    /// <summary>Receive memory.</summary>
    public SlabPool Slabs { get; }

    /// <summary>Fast connections receive in them.</summary>
    internal ReceiveRounds Rounds { get; }

    /// <summary>The port that we listen on; 0 until the listener has one.</summary>
    public int ListenPort { get; internal set; }

    /// <summary>The UDP port of our DHT node; 0 while there is none.</summary>
    public int DhtPort { get; internal set; }

    /// <summary>Our DHT node; nobody when there is none.</summary>
    internal IActorRef Dht { get; set; } = ActorRefs.Nobody;

    /// <summary>The actor that shares out the bandwidth; nobody until the engine runs.</summary>
    internal IActorRef Limits { get; set; } = ActorRefs.Nobody;

    /// <summary>The actor that asks trackers for numbers; nobody until the engine runs.</summary>
    internal IActorRef Scrapes { get; set; } = ActorRefs.Nobody;

    /// <summary>The torrents that were taken in and have not ended; the engine's actor alone reads and writes it. It outlives that actor's restart.</summary>
    internal Dictionary<InfoHash, TorrentSpec> Torrents { get; } = [];

    /// <summary>Those who find peers without a tracker; they take the words of <see cref="Discovery.DiscoveryProtocol"/>.</summary>
    internal List<IActorRef> Finders { get; } = [];

    /// <summary>When a block last moved.</summary>
    internal TransferClock Transfers { get; } = new();

    /// <summary>Monotonic time.</summary>
    public TimeSpan Now => Time.GetElapsedTime(0);

    /// <summary>Whether an address is our own listener on loopback. Others are found out by their peer id.</summary>
    public bool IsOwn(IPEndPoint endPoint)
        => endPoint.Port == ListenPort && (endPoint.Address.Equals(IPAddress.Loopback) || endPoint.Address.Equals(IPAddress.IPv6Loopback));

    /// <summary>Has UDP trackers asked, too.</summary>
    internal void SpeakUdp(ITrackerClient udp) => TrackerClient = new TrackerClients(_givenTrackerClient, udp);

    /// <summary>A source of chance of its own, seeded by this engine's.</summary>
    public Random NextRandom()
    {
        lock (_lock)
            return new Random(_seeds.Next());
    }
}
