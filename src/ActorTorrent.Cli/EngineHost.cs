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

/// <summary>An engine in a host of its own: actor system, logging, start and end together.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private readonly IHost _host;

    private EngineHost(IHost host, TorrentEngine engine)
    {
        _host = host;
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
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        // What was there when this was built; the file, when it is there, says more or otherwise.
        builder.Configuration.AddJsonStream(typeof(EngineHost).Assembly.GetManifestResourceStream("config/appsettings.json")!);
        builder.Configuration.AddJsonFile(Path.Combine(AppContext.BaseDirectory, "config", "appsettings.json"), optional: true);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole();
        builder.Services.AddAkka("actortorrent", akka => akka
            .AddHocon(settings.Akka, HoconAddMode.Prepend)
            .ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            })
            .WithActors((system, registry) => registry.Register<EngineActor>(system.ActorOf(EngineActor.Props(context), "engine"))));
        // Signals are the command line's: it lets the torrents say good-bye before the host ends.
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        var host = builder.Build();
        await host.StartAsync().ConfigureAwait(false);
        var engine = new TorrentEngine(
            host.Services.GetRequiredService<ActorSystem>(), host.Services.GetRequiredService<IRequiredActor<EngineActor>>().ActorRef);
        return new EngineHost(host, engine);
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

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None).ConfigureAwait(false);
        _host.Dispose();
    }

    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
