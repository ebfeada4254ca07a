using ActorTorrent.Engine;
using ActorTorrent.Engine.Connecting;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Filtering;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Resume;
using ActorTorrent.Engine.Trackers;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorTorrent.Cli;

/// <summary>
/// An engine, its actor system and where it logs to, from start to end. There is no generic host around it: making one and its services takes
/// a quarter of the time that the program needs before it can dial.
/// </summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private static readonly string LoggingFile = Path.Combine(AppContext.BaseDirectory, "config", "appsettings.json");

    private readonly ServiceProvider _services;
    private readonly IReadOnlyList<IHostedService> _hosted;
    private readonly LateLoggerFactory _loggers;

    private EngineHost(ServiceProvider services, IReadOnlyList<IHostedService> hosted, LateLoggerFactory loggers, TorrentEngine engine)
    {
        _services = services;
        _hosted = hosted;
        _loggers = loggers;
        Engine = engine;
    }

    /// <summary>The engine.</summary>
    public TorrentEngine Engine { get; }

    /// <summary>Starts an engine. Its log goes where <c>config/appsettings.json</c> says: the error stream.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="stateFolder">Where resume data is kept.</param>
    /// <exception cref="InputException">A list of addresses to filter cannot be used.</exception>
    public static async Task<EngineHost> StartAsync(EngineSettings settings, string stateFolder)
    {
        var context = new EngineContext(settings.Options, new HttpTrackerClient(settings.Options.Tracker, connector: new OutgoingConnector(settings.Options.Bind, settings.Options.Proxy))) { Resume = new ResumeStore(stateFolder) };
        // Before anybody can dial us.
        context.Filter = ReadFilter(settings.Options.Filter.Files);
        var loggers = new LateLoggerFactory(MakeLoggers);
        // Without the file nobody asked for more than warnings, and a line that is left out would make all that writes lines.
        var level = File.Exists(LoggingFile) ? Akka.Event.LogLevel.InfoLevel : Akka.Event.LogLevel.WarningLevel;
        var services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(loggers)
            .AddSingleton<ILogger<AkkaHostedService>>(new Logger<AkkaHostedService>(loggers))
            .AddSingleton<IHostApplicationLifetime, NoLifetime>()
            .AddAkka("actortorrent", akka => akka
                .AddHocon(settings.Akka, HoconAddMode.Prepend)
                .ConfigureLoggers(logging =>
                {
                    logging.ClearLoggers();
                    logging.LogLevel = level;
                    logging.AddLoggerFactory(loggers);
                })
                .WithActors((system, registry) => registry.Register<EngineActor>(system.ActorOf(EngineActor.Props(context), "engine"))))
            .BuildServiceProvider();
        IHostedService[] hosted = [.. services.GetServices<IHostedService>()];
        foreach (var service in hosted)
            await service.StartAsync(CancellationToken.None).ConfigureAwait(false);
        var engine = new TorrentEngine(
            services.GetRequiredService<ActorSystem>(), services.GetRequiredService<IReadOnlyActorRegistry>().Get<EngineActor>());
        return new EngineHost(services, hosted, loggers, engine);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var service in _hosted)
            await service.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _services.DisposeAsync().ConfigureAwait(false);
        _loggers.Dispose();
    }

    private static ILoggerFactory MakeLoggers()
    {
        // What was there when this was built; the file, when it is there, says more or otherwise.
        var configuration = new ConfigurationBuilder()
            .AddJsonStream(typeof(EngineHost).Assembly.GetManifestResourceStream("config/appsettings.json")!)
            .AddJsonFile(LoggingFile, optional: true)
            .Build();
        return LoggerFactory.Create(logging => logging.AddConfiguration(configuration.GetSection("Logging")).AddConsole());
    }

    private static IpFilter ReadFilter(IReadOnlyList<string> files)
    {
        try
        {
            return files.Count == 0 ? IpFilter.Empty : IpFilterReader.ReadFiles(files);
        }
        catch (IpFilterException e)
        {
            throw new InputException($"--ip-filter: {e.Message}");
        }
    }

    /// <summary>The command line ends the program by itself, after the torrents said good-bye; nothing else is to be told.</summary>
    private sealed class NoLifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
            // The run that waits for the engine's events sees its end.
        }
    }
}
