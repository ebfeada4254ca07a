using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Discovery;
using ActorTorrent.Engine.Discovery.Dht;
using ActorTorrent.Engine.Filtering;
using ActorTorrent.Engine.Limits;
using ActorTorrent.Engine.Peers;
using ActorTorrent.Engine.Resume;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Lab.Trackers;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>An exception that nobody foresaw, in each type of actor in turn, while a torrent is fetched: the engine goes on and the torrent completes.</summary>
public sealed class ExceptionTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // The engine's guardian ends an actor that is killed, so that one gets a message that it cannot handle.
    private static readonly object Nonsense = new EngineProtocol.AddTorrent(null!);

    // How each type is found in the census; null for those that are no part of the engine's tree.
    private static readonly Dictionary<Type, ActorKind?> Kinds = new()
    {
        [typeof(EngineActor)] = ActorKind.Engine,
        [typeof(CensusActor)] = ActorKind.Census,
        [typeof(MetricsActor)] = ActorKind.Metrics,
        [typeof(LimitsActor)] = ActorKind.Limits,
        [typeof(PeerListenerActor)] = ActorKind.Listener,
        [typeof(PendingHandshakeActor)] = ActorKind.Handshake,
        [typeof(DhtActor)] = ActorKind.Dht,
        [typeof(DhtLookupActor)] = ActorKind.DhtLookup,
        [typeof(LsdActor)] = ActorKind.Lsd,
        [typeof(DiskActor)] = ActorKind.Disk,
        [typeof(TorrentCoordinator)] = ActorKind.Coordinator,
        [typeof(TrackerActor)] = ActorKind.Tracker,
        [typeof(UdpTrackerActor)] = ActorKind.UdpTrackers,
        [typeof(ScrapeActor)] = ActorKind.Scrapes,
        [typeof(StorageActor)] = ActorKind.Storage,
        [typeof(PeerActor)] = ActorKind.Peer,
        [typeof(PeerConnectionActor)] = ActorKind.Connection,
        [typeof(IpFilterActor)] = ActorKind.IpFilter,
        [typeof(EventFeedActor)] = null,
        [typeof(CensusFeedActor)] = null,
    };

    private readonly GeneratedContent _content = new("content", 23, 32 << 10, [new("a.bin", 1_500_000), new("b.bin", 700_000)]);
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Types { get; } = [.. Actors().Select(static type => type.Name)];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_type_of_actor_is_among_them()
        => Assert.Equal(Actors().Select(static type => type.Name), Kinds.Keys.Select(static type => type.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Types))]
    public async Task An_exception_in_any_actor_costs_nobody_the_torrent(string name)
    {
        var type = Kinds.Keys.Single(type => type.Name == name);
        // Nobody answers here, so that lookups take their time.
        using var silence = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silence.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var list = _folder["list"];
        await File.WriteAllTextAsync(list, "203.0.113.7\n");
        await using var first = await StubPeer.StartAsync(PeerScript.Healthy(600_000), _content.InfoHash, _content);
        await using var second = await StubPeer.StartAsync(PeerScript.Healthy(600_000), _content.InfoHash, _content);
        await using var tracker = new LabTracker(new LabTrackerOptions());
        await tracker.StartAsync();
        tracker.Swarms.Pin(_content.InfoHash, new SwarmPeer(first.EndPoint, first.PeerId, IsSeed: true));
        tracker.Swarms.Pin(_content.InfoHash, new SwarmPeer(second.EndPoint, second.PeerId, IsSeed: true));
        using var metrics = new EngineMetrics();
        await using var engine = await EngineUnderTest.StartAsync(
            $$"""
            actortorrent {
              dht { enabled = true, bootstrap = ["{{silence.LocalEndPoint}}"] }
              lsd { enabled = true, interfaces = loopback }
              ip-filter { files = ["{{list}}"], reload-interval = 50ms }
              peer.handshake-timeout = 5s
              storage { retry-delay = 20ms, max-retry-delay = 50ms }
            }
            """,
            new ResumeStore(_folder["state"]),
            metrics);
        var torrent = TorrentFileParser.Parse(_content.BuildTorrent(tracker.AnnounceUri));
        await engine.Engine.AddAsync(new TorrentSpec(torrent, _folder["out"]));
        await engine.Until<TorrentSnapshot>(static snapshot => snapshot.PiecesHave > 4 && snapshot.Peers.Running > 0);

        var goesOn = await FailAsync(engine, type);

        await engine.UntilComplete();
        Assert.True(_content.Verify(_folder["out"]).IsGood);
        await AssertWorksAsync(engine);
        await goesOn();
    }

    /// <returns>To be called when all else is well: sees to it that the actor itself is, too.</returns>
    private static async Task<Func<Task>> FailAsync(EngineUnderTest engine, Type type)
    {
        if (type == typeof(EventFeedActor))
            return Feed<object>(engine, EventFeedActor.Props);
        if (type == typeof(CensusFeedActor))
        {
            var root = await engine.System.ActorSelection("/user/engine").ResolveOne(Patience);
            return Feed<ActorCensus>(engine, writer => CensusFeedActor.Props(root, writer));
        }
        var kind = Kinds[type]!.Value;
        await using var pending = kind == ActorKind.Handshake ? await WirePeer.ConnectAsync(engine.Context.ListenPort, 1) : null;
        IActorRef? target = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                var census = await engine.Engine.CensusAsync();
                if (census.Actors.FirstOrDefault(actor => actor.Kind == kind) is not { } found)
                    return false;
                try
                {
                    target = await engine.System.ActorSelection($"/user/engine/{found.Path}".TrimEnd('/')).ResolveOne(TimeSpan.FromSeconds(1));
                    return true;
                }
                catch (ActorNotFoundException)
                {
                    // Those that live shortly may have ended since the count.
                    return false;
                }
            },
            () => $"there is no {kind}");
        target!.Tell(kind == ActorKind.Engine ? Nonsense : Kill.Instance, ActorRefs.NoSender);
        return static () => Task.CompletedTask;
    }

    /// <summary>One feed is killed, another fails at the first thing that it is to pass on, and passes on what comes after that.</summary>
    private static Func<Task> Feed<T>(EngineUnderTest engine, Func<ChannelWriter<T>, Props> props)
    {
        engine.System.ActorOf(props(Channel.CreateUnbounded<T>().Writer)).Tell(Kill.Instance);
        var channel = Channel.CreateUnbounded<T>();
        var writer = new FailingWriter<T>(channel.Writer);
        engine.System.ActorOf(props(writer));
        return async () =>
        {
            Assert.NotNull(await channel.Reader.ReadAsync().AsTask().WaitAsync(Patience));
            Assert.True(writer.HasFailed);
        };
    }

    /// <summary>Everything that is there for good is there, and another torrent can be fetched.</summary>
    private async Task AssertWorksAsync(EngineUnderTest engine)
    {
        var always = new[]
        {
            ActorKind.Engine, ActorKind.Census, ActorKind.Metrics, ActorKind.Limits, ActorKind.Listener, ActorKind.Dht, ActorKind.Lsd, ActorKind.UdpTrackers,
            ActorKind.Scrapes, ActorKind.IpFilter, ActorKind.Coordinator, ActorKind.Tracker, ActorKind.Storage,
        };
        ActorCensus? census = null;
        await Eventually.HoldsAsync(
            async () => always.All((census = await engine.Engine.CensusAsync()).Actors.Select(static actor => actor.Kind).Contains),
            () => $"missing: {string.Join(", ", always.Except(census!.Actors.Select(static actor => actor.Kind)))}");
        var other = new GeneratedContent("other", 24, 32 << 10, [new("a.bin", 100_000)]);
        await using var stub = await StubPeer.StartAsync(PeerScript.Healthy(), other.InfoHash, other);
        await engine.DownloadAsync(other, _folder["other"], stub.EndPoint);
        await engine.Until<TorrentEvent.Completed>(done => done.InfoHash == other.InfoHash);
        Assert.True(other.Verify(_folder["other"]).IsGood);
    }

    /// <summary>Of the engine; the service's tests have those of the other assemblies.</summary>
    private static IEnumerable<Type> Actors() => typeof(EngineActor).Assembly.GetTypes()
        .Where(static type => typeof(ActorBase).IsAssignableFrom(type) && !type.IsAbstract)
        .OrderBy(static type => type.Name, StringComparer.Ordinal);
}
