using System.Net;
using System.Threading.Channels;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Filtering;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Resume;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>A whole engine over real sockets, with the test profile's short deadlines, and what it published so far.</summary>
internal sealed class EngineUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static int _engines;

    private readonly List<object> _seen = [];

    private EngineUnderTest(ActorSystem system, EngineContext context, TorrentEngine engine, ChannelReader<object> events)
    {
        System = system;
        Context = context;
        Engine = engine;
        Events = events;
    }

    public ActorSystem System { get; }

    public EngineContext Context { get; }

    public TorrentEngine Engine { get; }

    public ChannelReader<object> Events { get; }

    /// <summary>What was published and read so far, in order.</summary>
    public IReadOnlyList<object> Seen => _seen;

    public static async Task<EngineUnderTest> StartAsync(
        string overlay = "", ResumeStore? resume = null, EngineMetrics? metrics = null, Func<EngineOptions, ITrackerClient>? trackers = null,
        TimeProvider? time = null, IpFilter? filter = null, DiskAccess? disk = null)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "hocon");
        var settings = EngineSettings.Parse(
            [.. new[] { "actortorrent.hocon", "profiles/test.hocon" }.Select(f => (f, File.ReadAllText(Path.Combine(folder, f)))), ("overlay", overlay)]);
        var system = ActorSystem.Create("engine", settings.Akka);
        var context = new EngineContext(
            settings.Options, trackers?.Invoke(settings.Options) ?? new HttpTrackerClient(settings.Options.Tracker), seed: Interlocked.Increment(ref _engines), time)
        {
            Resume = resume,
            Metrics = metrics,
            Filter = filter ?? IpFilter.Empty,
            Disk = disk ?? DiskAccess.Direct,
        };
        var engine = TorrentEngine.Start(system, context);
        return new EngineUnderTest(system, context, engine, await engine.SubscribeAsync());
    }

    public Task<EngineProtocol.TorrentAdded> DownloadAsync(GeneratedContent content, string folder, params IPEndPoint[] peers)
        => DownloadAsync(content.Metainfo, folder, peers);

    public Task<EngineProtocol.TorrentAdded> DownloadAsync(TorrentMetainfo torrent, string folder, params IPEndPoint[] peers)
        => Engine.AddAsync(new TorrentSpec(torrent, folder) { Peers = peers });

    /// <summary>Begins a download by a magnet link alone.</summary>
    public Task<EngineProtocol.TorrentAdded> MagnetAsync(GeneratedContent content, string folder, params IPEndPoint[] peers)
        => Engine.AddAsync(new TorrentSpec(new MagnetLink(content.InfoHash), folder) { Peers = peers });

    /// <summary>Keeps what was read elsewhere.</summary>
    public void Note(object item) => _seen.Add(item);

    /// <summary>Reads on until an event of a kind passes a test.</summary>
    public async Task<T> Until<T>(Func<T, bool>? isIt = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await foreach (var item in Events.ReadAllAsync(patience.Token))
            {
                _seen.Add(item);
                if (item is T found && (isIt is null || isIt(found)))
                    return found;
            }
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"No {typeof(T).Name} within {Patience}. Seen:\n{string.Join('\n', _seen.Where(e => e is not TorrentSnapshot).TakeLast(40))}", e);
        }
        throw new InvalidOperationException("The engine ended.");
    }

    /// <summary>Reads on until a torrent is in a phase, unless the last that was read of it says so already.</summary>
    public async Task<TorrentSnapshot> UntilPhase(InfoHash torrent, TorrentPhase phase)
        => _seen.OfType<TorrentSnapshot>().LastOrDefault(s => s.InfoHash == torrent) is { } last && last.Phase == phase
            ? last
            : await Until<TorrentSnapshot>(s => s.InfoHash == torrent && s.Phase == phase);

    /// <summary>Reads on until the torrent is complete, unless that was read already.</summary>
    public async Task<TorrentEvent.Completed> UntilComplete()
        => _seen.OfType<TorrentEvent.Completed>().FirstOrDefault() ?? await Until<TorrentEvent.Completed>();

    public async ValueTask DisposeAsync()
    {
        await Engine.StopAsync(Patience);
        await AllIsReturnedAsync();
        await System.Terminate();
    }

    /// <summary>Once all torrents have ended, whatever happened to them: every buffer is back, and nothing counts against a budget any more.</summary>
    public Task AllIsReturnedAsync() => Eventually.HoldsAsync(() => Held() == default, () => $"not returned: {Held()}");

    private (int Slabs, int Pieces, int Reads, long Open, long Received, long Sent, long Metadata, long Journals, long Directories) Held() => (
        Context.Slabs.Rented, Context.Loans.Pieces.Count, Context.Loans.Reads.Count, Context.Budgets.Pieces.Taken, Context.Budgets.Receive.Taken,
        Context.Budgets.Send.Taken, Context.Budgets.Metadata.Taken, Context.Budgets.Journals.Taken, Context.Budgets.Directories.Taken);
}
