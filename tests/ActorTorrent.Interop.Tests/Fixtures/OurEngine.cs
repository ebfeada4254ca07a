using System.Net;
using System.Threading.Channels;
using ActorTorrent.Engine;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Limits;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>Our engine inside the test's process, with the settings that users have: for what the command line has no verb for.</summary>
public sealed class OurEngine : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Stage _stage;
    private readonly ActorSystem _system;
    private readonly TorrentEngine _engine;
    private readonly ChannelReader<object> _events;
    private readonly HashSet<InfoHash> _complete = [];

    private OurEngine(Stage stage, ActorSystem system, TorrentEngine engine, ChannelReader<object> events)
    {
        _stage = stage;
        _system = system;
        _engine = engine;
        _events = events;
    }

    /// <summary>Starts one on a port of its own.</summary>
    /// <param name="stage">What its deadline and its notes belong to.</param>
    /// <param name="introduces">Whether it tells its peers of each other.</param>
    public static async Task<OurEngine> Start(Stage stage, bool introduces = true)
    {
        var settings = EngineSettings.Load();
        var options = settings.Options with
        {
            Listen = settings.Options.Listen with { Port = 0 },
            Dht = settings.Options.Dht with { Enabled = false },
            Lsd = settings.Options.Lsd with { Enabled = false },
            Pex = settings.Options.Pex with { IsEnabled = introduces },
        };
        var system = ActorSystem.Create("interop", settings.Akka);
        var engine = TorrentEngine.Start(system, new EngineContext(options, new HttpTrackerClient(options.Tracker)));
        return new OurEngine(stage, system, engine, await engine.SubscribeAsync());
    }

    public Task<EngineProtocol.TorrentAdded> Add(GeneratedContent content, string folder, params IPEndPoint[] peers) =>
        Add(content.Metainfo, folder, peers);

    public Task<EngineProtocol.TorrentAdded> Add(TorrentMetainfo metainfo, string folder, params IPEndPoint[] peers) =>
        _engine.AddAsync(new TorrentSpec(metainfo, folder) { Peers = peers });

    /// <summary>Holds the upload of all torrents together to this rate from now on.</summary>
    public void LimitUpload(ByteRate rate) => _engine.SetLimits(new RateLimits(Upload: rate));

    /// <summary>Waits until all of these are complete.</summary>
    public async Task Completed(IEnumerable<GeneratedContent> contents)
    {
        var missing = contents.Select(static content => content.InfoHash).Where(hash => !_complete.Contains(hash)).ToHashSet();
        try
        {
            while (missing.Count > 0)
            {
                var what = await _events.ReadAsync(_stage.Deadline);
                if (what is TorrentEvent.Completed done && _complete.Add(done.InfoHash))
                    missing.Remove(done.InfoHash);
                else if (what is TorrentEvent and not TorrentEvent.Checked or Engine.Faults.FaultJournalEntry)
                    _stage.Note(what.ToString()!);
            }
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"The deadline passed while {missing.Count} torrents of ours were not complete", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.StopAsync(Patience);
        await _system.Terminate();
    }
}
