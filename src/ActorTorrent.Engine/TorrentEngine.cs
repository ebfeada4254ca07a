using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Discovery.Dht;
using ActorTorrent.Engine.Limits;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;

namespace ActorTorrent.Engine;

/// <summary>
/// The engine as seen from outside the actor system: add a torrent, read what happens, stop. Everything it does is a
/// message to <see cref="EngineActor"/>.
/// </summary>
public sealed class TorrentEngine
{
    private const int HeldEvents = 16_384;
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RemovalTimeout = TimeSpan.FromMinutes(2);

    private readonly ActorSystem _system;
    private readonly IActorRef _engine;

    /// <param name="system">The actor system.</param>
    /// <param name="engine">The <see cref="EngineActor"/> in it.</param>
    public TorrentEngine(ActorSystem system, IActorRef engine)
    {
        _system = system;
        _engine = engine;
    }

    /// <summary>Starts an engine in an actor system.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="context">What the torrents share.</param>
    public static TorrentEngine Start(ActorSystem system, EngineContext context)
        => new(system, system.ActorOf(EngineActor.Props(context), "engine"));

    /// <summary>
    /// What happens from now on: <see cref="TorrentSnapshot"/>s, <see cref="TorrentEvent"/>s and
    /// <see cref="Faults.FaultJournalEntry"/>s. A reader that falls behind loses the oldest.
    /// </summary>
    /// <returns>A reader; it completes when the actor system ends.</returns>
    public async Task<ChannelReader<object>> SubscribeAsync()
    {
        var channel = Channel.CreateBounded<object>(new BoundedChannelOptions(HeldEvents)
        {
            FullMode = BoundedChannelFullMode.DropOldest,
            SingleReader = true,
        });
        var feed = _system.ActorOf(EventFeedActor.Props(channel.Writer));
        // An answer to Identify shows that the feed has started, and so has subscribed.
        await feed.Ask<ActorIdentity>(new Identify(nameof(SubscribeAsync)), TimeSpan.FromSeconds(10)).ConfigureAwait(false);
        return channel.Reader;
    }

    /// <summary>The engine's actors now: who lives, in what state, how often restarted, how long messages wait.</summary>
    public Task<ActorCensus> CensusAsync() => _engine.Ask<ActorCensus>(CensusProtocol.Take.Instance, TimeSpan.FromSeconds(30));

    /// <summary>The DHT as this engine sees it; null when it has no DHT node.</summary>
    public async Task<DhtStatus?> DhtAsync()
        => await _engine.Ask<object>(DhtProtocol.GetStatus.Instance, AnswerTimeout).ConfigureAwait(false) as DhtStatus;

    /// <summary>
    /// The engine's actors at a steady pace (<c>telemetry.census-interval</c>), until the enumeration ends. A reader that falls
    /// behind gets the newest. Actors are asked only while somebody enumerates.
    /// </summary>
    /// <param name="stop">Ends it.</param>
    public async IAsyncEnumerable<ActorCensus> WatchActorsAsync([EnumeratorCancellation] CancellationToken stop = default)
    {
        var channel = Channel.CreateBounded<ActorCensus>(new BoundedChannelOptions(1)
        {
            FullMode = BoundedChannelFullMode.DropOldest,
            SingleReader = true,
        });
        var feed = _system.ActorOf(CensusFeedActor.Props(_engine, channel.Writer));
        try
        {
            await foreach (var census in channel.Reader.ReadAllAsync(stop).ConfigureAwait(false))
                yield return census;
        }
        finally
        {
            _system.Stop(feed);
        }
    }

    /// <summary>Takes in a torrent.</summary>
    /// <param name="spec">The torrent.</param>
    /// <returns>Where it went.</returns>
    /// <exception cref="EngineRefusalException">The engine will not: the port is taken, or the torrent is there already.</exception>
    public async Task<EngineProtocol.TorrentAdded> AddAsync(TorrentSpec spec)
        => await _engine.Ask<object>(new EngineProtocol.AddTorrent(spec), TimeSpan.FromSeconds(30)).ConfigureAwait(false) switch
        {
            EngineProtocol.TorrentAdded added => added,
            EngineProtocol.Refused refused => throw new EngineRefusalException(refused.Reason),
            var other => throw new InvalidOperationException($"The engine answered {other}."),
        };

    /// <summary>The torrents there are, in the order of the line.</summary>
    public async Task<IReadOnlyList<EngineProtocol.TorrentAdded>> ListAsync()
        => (await _engine.Ask<EngineProtocol.Torrents>(EngineProtocol.GetTorrents.Instance, AnswerTimeout).ConfigureAwait(false)).InOrder;

    /// <summary>Stops a torrent until <see cref="ResumeAsync"/>: it leaves peers and trackers and keeps what it has.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <exception cref="EngineRefusalException">There is no such torrent.</exception>
    public Task PauseAsync(InfoHash torrent) => DoAsync(new EngineProtocol.PauseTorrent(torrent), AnswerTimeout);

    /// <summary>Changes how many torrents are at work at once, and how long those without goals of their own are seeded.</summary>
    /// <param name="options">The numbers.</param>
    public Task SetQueueAsync(QueueOptions options) => DoAsync(new EngineProtocol.SetQueue(options), AnswerTimeout);

    /// <summary>Changes how long a torrent is seeded; null for what holds for all, 0 for no limit.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="ratio">Bytes to send for each byte of the torrent.</param>
    /// <param name="time">Time to seed.</param>
    /// <exception cref="EngineRefusalException">There is no such torrent.</exception>
    public Task SetSeedingGoalAsync(InfoHash torrent, double? ratio, TimeSpan? time) =>
        DoAsync(new EngineProtocol.SetSeedingGoal(torrent, ratio, time), AnswerTimeout);

    /// <summary>Lets a torrent go on as soon as it is its turn, also one that had been seeded enough.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <exception cref="EngineRefusalException">There is no such torrent.</exception>
    public Task ResumeAsync(InfoHash torrent) => DoAsync(new EngineProtocol.ResumeTorrent(torrent), AnswerTimeout);

    /// <summary>Lets a torrent go on at once, however many others are at work, until it is stopped.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <exception cref="EngineRefusalException">There is no such torrent.</exception>
    public Task ResumeNowAsync(InfoHash torrent) => DoAsync(new EngineProtocol.ResumeTorrent(torrent, IsForced: true), AnswerTimeout);

    /// <summary>Stops a torrent cleanly and forgets it; its resume data stays for when it is added again.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <exception cref="EngineRefusalException">There is no such torrent.</exception>
    public Task UnloadAsync(InfoHash torrent) => DoAsync(new EngineProtocol.UnloadTorrent(torrent), RemovalTimeout);

    /// <summary>Gives a torrent another place in the line.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="position">Its place from the head, which is 0.</param>
    /// <exception cref="EngineRefusalException">There is no such torrent.</exception>
    public Task MoveInQueueAsync(InfoHash torrent, int position) => DoAsync(new EngineProtocol.MoveInQueue(torrent, position), AnswerTimeout);

    /// <summary>Lets a torrent go: stops it cleanly, deletes its resume data, and its files if that is wanted.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="withData">Whether its files are deleted.</param>
    /// <exception cref="EngineRefusalException">There is no such torrent.</exception>
    public Task RemoveAsync(InfoHash torrent, bool withData) => DoAsync(new EngineProtocol.RemoveTorrent(torrent, withData), RemovalTimeout);

    private async Task DoAsync(object command, TimeSpan deadline)
    {
        if (await _engine.Ask<object>(command, deadline).ConfigureAwait(false) is EngineProtocol.Refused refused)
            throw new EngineRefusalException(refused.Reason);
    }

    /// <summary>The state of a torrent now.</summary>
    /// <param name="torrent">The torrent.</param>
    public static Task<TorrentSnapshot> SnapshotAsync(EngineProtocol.TorrentAdded torrent)
        => torrent.Coordinator.Ask<TorrentSnapshot>(CoordinatorProtocol.GetSnapshot.Instance, TimeSpan.FromSeconds(10));

    /// <summary>The peers of a torrent now.</summary>
    /// <param name="torrent">The torrent.</param>
    public static async Task<IReadOnlyList<PeerStatus>> PeersAsync(EngineProtocol.TorrentAdded torrent)
        => (await torrent.Coordinator.Ask<CoordinatorProtocol.PeerList>(CoordinatorProtocol.GetPeers.Instance, TimeSpan.FromSeconds(10)).ConfigureAwait(false)).Peers;

    /// <summary>The files of a torrent now; none while its metadata is not there.</summary>
    /// <param name="torrent">The torrent.</param>
    public static async Task<IReadOnlyList<FileStatus>> FilesAsync(EngineProtocol.TorrentAdded torrent)
        => (await torrent.Coordinator.Ask<CoordinatorProtocol.FileList>(CoordinatorProtocol.GetFiles.Instance, TimeSpan.FromSeconds(10)).ConfigureAwait(false)).Files;

    /// <summary>The trackers of a torrent, and what each said last.</summary>
    /// <param name="torrent">The torrent.</param>
    public static async Task<IReadOnlyList<TrackerStatus>> TrackersAsync(EngineProtocol.TorrentAdded torrent)
        => (await torrent.Coordinator.Ask<CoordinatorProtocol.TrackerList>(CoordinatorProtocol.GetTrackers.Instance, TimeSpan.FromSeconds(10)).ConfigureAwait(false)).Trackers;

    /// <summary>How each piece of a torrent is now.</summary>
    /// <param name="torrent">The torrent.</param>
    public static Task<PieceMap> PiecesAsync(EngineProtocol.TorrentAdded torrent)
        => torrent.Coordinator.Ask<PieceMap>(CoordinatorProtocol.GetPieces.Instance, TimeSpan.FromSeconds(10));

    /// <summary>Reads a file of a torrent while it downloads: what is read next is fetched first.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="file">The file's index.</param>
    /// <exception cref="EngineRefusalException">There is no such file, or its metadata is not there yet.</exception>
    public static async Task<ContentReader> OpenContentAsync(EngineProtocol.TorrentAdded torrent, int file)
        => await torrent.Coordinator.Ask<object>(new CoordinatorProtocol.GetContent(file), TimeSpan.FromSeconds(10)).ConfigureAwait(false) switch
        {
            CoordinatorProtocol.Content content => new ContentReader(torrent.Coordinator, content.Layout, content.File),
            CoordinatorProtocol.ContentRefused refused => throw new EngineRefusalException(refused.Reason),
            var other => throw new InvalidOperationException($"The coordinator answered {other}."),
        };

    /// <summary>Limits all torrents together, from now on.</summary>
    /// <param name="limits">The limits.</param>
    public void SetLimits(RateLimits limits) => _engine.Tell(new LimitsProtocol.SetLimits(limits), ActorRefs.NoSender);

    /// <summary>Limits one torrent, from now on.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="limits">Its limits; null for those that every torrent starts with.</param>
    public void SetLimits(InfoHash torrent, RateLimits? limits)
        => _engine.Tell(new LimitsProtocol.SetTorrentLimits(torrent, limits), ActorRefs.NoSender);

    /// <summary>Says how one torrent stands to the limits that it shares with others, from now on.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="terms">How.</param>
    public void SetTerms(InfoHash torrent, BandwidthTerms terms)
        => _engine.Tell(new LimitsProtocol.SetTorrentTerms(torrent, terms), ActorRefs.NoSender);

    /// <summary>Limits the torrents of a bandwidth group together, from now on.</summary>
    /// <param name="name">The group, which torrents name in their <see cref="BandwidthTerms"/>.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="honorsEngineLimits">Whether the limits of all torrents hold for its torrents, too.</param>
    public void SetGroup(string name, RateLimits limits, bool honorsEngineLimits = true)
        => _engine.Tell(new LimitsProtocol.SetGroup(name, limits, honorsEngineLimits), ActorRefs.NoSender);

    /// <summary>Limits every connection, from now on.</summary>
    /// <param name="limits">The limits.</param>
    public void SetPeerLimits(RateLimits limits) => _engine.Tell(new LimitsProtocol.SetPeerLimits(limits), ActorRefs.NoSender);

    /// <summary>Stops every torrent cleanly: trackers are told, what is pending is written.</summary>
    /// <param name="deadline">The longest wait.</param>
    public Task StopAsync(TimeSpan deadline) => _engine.Ask<EngineProtocol.Stopped>(EngineProtocol.Stop.Instance, deadline);
}
