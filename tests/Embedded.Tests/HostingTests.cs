using Akka.Configuration;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Embedded.Tests;

public class HostingTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Actors_are_started_and_found()
    {
        using var host = await Started(builder => builder.WithActors((system, registry) => registry.Register<Key>(system.ActorOf(EchoProps))));
        var actor = host.Services.GetRequiredService<ActorRegistry>().Get<Key>();
        Assert.Equal("x", await actor.Ask<string>("x", Long));
        Assert.Equal(actor, host.Services.GetRequiredService<IRequiredActor<Key>>().ActorRef);
        Assert.Equal(actor, await host.Services.GetRequiredService<IRequiredActor<Key>>().GetAsync());
        await host.StopAsync();
    }

    [Fact]
    public async Task Startup_tasks_run_after_the_actors()
    {
        var found = false;
        using var host = await Started(builder => builder
            .AddStartup((system, registry) =>
            {
                found = registry.TryGet<Key>(out _);
            })
            .WithActors((system, registry) => registry.Register<Key>(system.ActorOf(EchoProps))));
        Assert.True(found);
        await host.StopAsync();
    }

    [Fact]
    public async Task Stopping_the_host_ends_the_system()
    {
        using var host = await Started(_ => { });
        var system = host.Services.GetRequiredService<ActorSystem>();
        await host.StopAsync();
        Assert.True(system.WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task Ending_the_system_stops_the_host()
    {
        using var host = await Started(_ => { });
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => stopping.SetResult());
        await host.Services.GetRequiredService<ActorSystem>().Terminate().WaitAsync(Long);
        await stopping.Task.WaitAsync(Long);
        await host.StopAsync();
    }

    [Theory]
    [InlineData(HoconAddMode.Append, 1)]
    [InlineData(HoconAddMode.Prepend, 2)]
    [InlineData(HoconAddMode.Replace, 2)]
    public async Task Configuration_is_laid_as_told(HoconAddMode mode, int expected)
    {
        using var host = await Started(builder => builder
            .AddHocon(ConfigurationFactory.ParseString("own.key = 1, own.old = 7"), HoconAddMode.Append)
            .AddHocon(ConfigurationFactory.ParseString("own.key = 2, own.new = 8"), mode));
        var config = host.Services.GetRequiredService<ActorSystem>().Settings.Config;
        Assert.Equal(expected, config.GetInt("own.key"));
        Assert.Equal(7, config.GetInt("own.old"));
        Assert.Equal(8, config.GetInt("own.new"));
        await host.StopAsync();
    }

    [Fact]
    public async Task Configuration_comes_from_a_file()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "own.key = 3");
            using var host = await Started(builder => builder.AddHoconFile(file, HoconAddMode.Prepend));
            Assert.Equal(3, host.Services.GetRequiredService<ActorSystem>().Settings.Config.GetInt("own.key"));
            await host.StopAsync();
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task The_log_goes_to_the_hosts_loggers()
    {
        var lines = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(new Collector(lines)));
        using var host = await Started(builder => builder.ConfigureLoggers(loggers =>
        {
            loggers.ClearLoggers();
            loggers.AddLoggerFactory(factory);
        }));
        host.Services.GetRequiredService<ActorSystem>().Log.Log(Akka.Event.LogLevel.WarningLevel, null!, "a word of warning");
        await host.StopAsync();
        Assert.Contains(lines, line => line.Contains("a word of warning", StringComparison.Ordinal));
    }

    [Fact]
    public void A_registry_refuses_a_second_actor_for_a_key()
    {
        var registry = new ActorRegistry();
        registry.Register<Key>(ActorRefs.Nobody);
        Assert.Throws<DuplicateActorRegistryException>(() => registry.Register<Key>(ActorRefs.Nobody));
        Assert.False(registry.TryRegister<Key>(ActorRefs.Nobody));
        registry.Register<Key>(ActorRefs.Nobody, overwrite: true);
    }

    [Fact]
    public void A_registry_says_what_is_missing()
    {
        var registry = new ActorRegistry();
        Assert.Throws<MissingActorRegistryEntryException>(() => registry.Get<Key>());
        Assert.False(registry.TryGet<Key>(out _));
    }

    [Fact]
    public async Task A_registry_may_be_waited_for()
    {
        var registry = new ActorRegistry();
        var waiting = registry.GetAsync<Key>();
        Assert.False(waiting.IsCompleted);
        registry.Register<Key>(ActorRefs.Nobody);
        Assert.Equal(ActorRefs.Nobody, await waiting.WaitAsync(Long));
    }

    [Fact]
    public async Task A_resolver_fills_in_what_the_container_knows()
    {
        using var host = await Started(
            builder => builder.WithActors((system, registry, resolver) =>
                registry.Register<Key>(system.ActorOf(resolver.Props<Served>("given")))),
            services => services.AddSingleton(new Service("from the container")));
        var actor = host.Services.GetRequiredService<ActorRegistry>().Get<Key>();
        Assert.Equal("from the container, given", await actor.Ask<string>("?", Long));
        await host.StopAsync();
    }

    private static Props EchoProps => Relay.Of((message, context) => context.Sender.Tell(message));

    private static async Task<IHost> Started(Action<AkkaConfigurationBuilder> configure, Action<IServiceCollection>? services = null)
    {
        var host = new HostBuilder()
            .ConfigureServices(collection =>
            {
                services?.Invoke(collection);
                collection.AddAkka("hosted", (builder, _) => configure(builder));
            })
            .Build();
        await host.StartAsync();
        return host;
    }

    private sealed class Key;

    private sealed record Service(string Text);

    private sealed class Served(Service service, string given) : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell($"{service.Text}, {given}");
    }

    private sealed class Collector(System.Collections.Concurrent.ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
