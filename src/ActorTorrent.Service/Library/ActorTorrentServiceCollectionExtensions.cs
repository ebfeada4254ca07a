using ActorTorrent.Engine;
using ActorTorrent.Engine.Connecting;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Service.Options;
using ActorTorrent.Service.Session;
using Akka.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorTorrent.Service;

/// <summary>Puts the engine into a .NET host.</summary>
public static class ActorTorrentServiceCollectionExtensions
{
    /// <summary>
    /// Adds the engine with a session that outlives the process; <see cref="IActorTorrent"/> is how to use it. It starts and stops with the host.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">Section <c>ActorTorrent</c> is read; see <see cref="ServiceSettings"/>.</param>
    /// <exception cref="SettingsException">The section holds unknown keys or bad values.</exception>
    public static IServiceCollection AddActorTorrent(this IServiceCollection services, IConfiguration configuration) =>
        services.AddActorTorrent(ServiceSettings.Read(configuration, Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "actortorrent")));

    /// <summary>Adds the engine with a session that outlives the process; <see cref="IActorTorrent"/> is how to use it.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="settings">What the host sets.</param>
    /// <exception cref="SettingsException">The engine's settings cannot be used.</exception>
    public static IServiceCollection AddActorTorrent(this IServiceCollection services, ServiceSettings settings)
    {
        var engine = EngineSettings.Load(settings.Profiles);
        services.AddSingleton(settings);
        services.AddSingleton(static _ => new EngineMetrics());
        services.AddSingleton(provider =>
        {
            var store = SessionStore.Open(settings.DataFolder, provider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(SessionStore).FullName!));
            var defaults = SessionContext.DefaultsOf(settings, engine.Options);
            var current = store.LoadSettings(defaults);
            return new SessionContext(settings, SessionContext.Apply(engine.Options, current), defaults, current, store);
        });
        services.AddAkka("actortorrent", (akka, provider) =>
        {
            var session = provider.GetRequiredService<SessionContext>();
            var connector = new OutgoingConnector(session.Options.Bind, session.Options.Proxy);
            var context = new EngineContext(session.Options, new HttpTrackerClient(session.Options.Tracker, connector: connector))
            {
                Resume = session.Store.Resume,
                Metrics = provider.GetRequiredService<EngineMetrics>(),
            };
            context.Bans.Blocklist = provider.GetRequiredService<Blocklist>().Blocks;
            akka.AddHocon(engine.Akka, HoconAddMode.Prepend)
                .ConfigureLoggers(static loggers =>
                {
                    loggers.ClearLoggers();
                    loggers.AddLoggerFactory();
                })
                .WithActors((system, registry) =>
                {
                    var root = system.ActorOf(EngineActor.Props(context), "engine");
                    registry.Register<EngineActor>(root);
                    var list = system.ActorOf(SessionActor.Props(session, new TorrentEngine(system, root)), "session");
                    registry.Register<SessionActor>(list);
                    system.ActorOf(CompletionActor.Props(settings, session.Current, provider.GetRequiredService<TorrentFetcher>()), "completions");
                    if (settings.WatchFolder is { } folder)
                        system.ActorOf(WatchFolderActor.Props(folder, list), "watch");
                });
        });
        services.AddSingleton(provider =>
        {
            var session = provider.GetRequiredService<SessionContext>();
            return new Blocklist(session.Store.Folder) { IsOn = session.Current.IsBlocklistOn };
        });
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<SessionContext>().Options;
            return new TorrentFetcher(options.Tracker, new OutgoingConnector(options.Bind, options.Proxy), settings.Access.FetchesFromHost);
        });
        services.AddSingleton<IActorTorrent, ActorTorrentClient>();
        services.AddHostedService<SessionHost>();
        return services;
    }
}
