using System.Globalization;
using ActorTorrent.Engine;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Trackers;
using Akka.Actor;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>DHT nodes of ours, without torrents, all in the test's process.</summary>
public sealed class OurNodes : IAsyncDisposable
{
    /// <summary>
    /// What a DHT on one address needs: the rules against many nodes of one owner are off. Laid over the settings that users have.
    /// </summary>
    public const string OnOneAddress =
        "actortorrent.dht { restrict-addresses = false, queries-per-second = 10000, query-burst = 10000, search-interval = 1s, bootstrap = [] }";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ActorSystem _system;
    private readonly EngineSettings _settings;
    private readonly List<TorrentEngine> _engines = [];
    private readonly List<int> _ports = [];

    private OurNodes(ActorSystem system, EngineSettings settings)
    {
        _system = system;
        _settings = settings;
    }

    /// <summary>Their UDP ports.</summary>
    public IReadOnlyList<int> Ports => _ports;

    public static OurNodes Create(Stage stage)
    {
        var settings = EngineSettings.Load([Profile(stage)]);
        return new OurNodes(ActorSystem.Create("nodes", settings.Akka), settings);
    }

    /// <summary>The file that <see cref="OnOneAddress"/> is in, for <c>--profile</c>.</summary>
    public static string Profile(Stage stage)
    {
        var profile = Path.Combine(stage.Folder.Path, "one-address.hocon");
        File.WriteAllText(profile, OnOneAddress);
        return profile;
    }

    /// <summary>Adds a node that begins with another one, or with none.</summary>
    public async Task Add(int? bootstrapPort)
    {
        var dht = _settings.Options.Dht;
        var options = _settings.Options with
        {
            Listen = _settings.Options.Listen with { Port = 0 },
            Dht = bootstrapPort is { } port ? dht with { Bootstrap = [string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")] } : dht,
        };
        var context = new EngineContext(options, new HttpTrackerClient(options.Tracker));
        var engine = new TorrentEngine(
            _system, _system.ActorOf(EngineActor.Props(context), string.Create(CultureInfo.InvariantCulture, $"engine-{_engines.Count}")));
        _engines.Add(engine);
        _ports.Add((await engine.DhtAsync())!.Port);
    }

    /// <summary>What each of them says of itself.</summary>
    public async Task<DhtStatus[]> Status() => [.. (await Task.WhenAll(_engines.Select(static engine => engine.DhtAsync()))).OfType<DhtStatus>()];

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in _engines)
            await engine.StopAsync(Patience);
        await _system.Terminate();
    }
}
