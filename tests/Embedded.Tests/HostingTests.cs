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
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(new Collector(line =>
        {
            if (line.Contains("a word of warning", StringComparison.Ordinal))
                told.TrySetResult();
        })));
        using var host = await Started(builder => builder.ConfigureLoggers(loggers =>
        {
            loggers.ClearLoggers();
            loggers.AddLoggerFactory(factory);
        }));
        host.Services.GetRequiredService<ActorSystem>().Log.Log(Akka.Event.LogLevel.WarningLevel, null!, "a word of warning");
        // A logger is an actor: it hears of it after the call, and nothing once the system stops.
        await told.Task.WaitAsync(Long);
        await host.StopAsync();
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

    [Fact]
    public async Task A_file_laid_below_does_not_cover_what_is_there()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "own.key = 3, own.more = 4");
            using var host = await Started(builder => builder
                .AddHocon(ConfigurationFactory.ParseString("own.key = 1"), HoconAddMode.Prepend)
                .AddHoconFile(file, HoconAddMode.Append));
            var config = host.Services.GetRequiredService<ActorSystem>().Settings.Config;
            Assert.Equal(1, config.GetInt("own.key"));
            Assert.Equal(4, config.GetInt("own.more"));
            await host.StopAsync();
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Startup_tasks_run_one_after_the_other()
    {
        var order = new List<int>();
        using var host = await Started(builder => builder
            .AddStartup(async (_, _) =>
            {
                await Task.Yield();
                order.Add(1);
            })
            .AddStartup((_, _) => order.Add(2)));
        Assert.Equal([1, 2], order);
        await host.StopAsync();
    }

    [Fact]
    public async Task Actors_may_be_started_asynchronously()
    {
        using var host = await Started(builder => builder.WithActors(async (system, registry) =>
        {
            await Task.Yield();
            registry.Register<Key>(system.ActorOf(EchoProps));
        }));
        Assert.Equal("x", await host.Services.GetRequiredService<IRequiredActor<Key>>().ActorRef.Ask<string>("x", Long));
        await host.StopAsync();
    }

    [Fact]
    public async Task Whoever_waits_for_a_required_actor_gets_it_when_it_comes()
    {
        using var host = await Started(_ => { });
        var waiting = host.Services.GetRequiredService<IRequiredActor<Key>>().GetAsync();
        Assert.False(waiting.IsCompleted);
        var system = host.Services.GetRequiredService<ActorSystem>();
        var actor = system.ActorOf(EchoProps);
        ActorRegistry.For(system).Register<Key>(actor);
        Assert.Equal(actor, await waiting.WaitAsync(Long));
        await host.StopAsync();
    }

    [Fact]
    public async Task Stopping_the_host_runs_the_shutdown_tasks()
    {
        var ran = false;
        using var host = await Started(builder => builder.AddStartup((system, _) =>
            CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () =>
            {
                ran = true;
                return Task.FromResult(Akka.Done.Instance);
            })));
        await host.StopAsync();
        Assert.True(ran);
    }

    [Fact]
    public async Task The_name_and_the_configuration_are_the_systems()
    {
        using var host = await Started(builder => builder.AddHocon("akka.loglevel = ERROR", HoconAddMode.Prepend));
        var system = host.Services.GetRequiredService<ActorSystem>();
        Assert.Equal("hosted", system.Name);
        Assert.Equal("ERROR", system.Settings.LogLevel);
        await host.StopAsync();
    }

    [Fact]
    public async Task Below_its_level_nothing_is_logged()
    {
        var lines = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(new Collector(line =>
        {
            lines.Enqueue(line);
            if (line.Contains("an error", StringComparison.Ordinal))
                told.TrySetResult();
        })));
        using var host = await Started(builder => builder.ConfigureLoggers(loggers =>
        {
            loggers.ClearLoggers();
            loggers.LogLevel = Akka.Event.LogLevel.ErrorLevel;
            loggers.AddLoggerFactory(factory);
        }));
        var log = host.Services.GetRequiredService<ActorSystem>().Log;
        log.Log(Akka.Event.LogLevel.WarningLevel, null!, "only a warning");
        log.Log(Akka.Event.LogLevel.ErrorLevel, new InvalidOperationException("why"), "an error");
        // In the order in which they were logged: the warning would have come before.
        await told.Task.WaitAsync(Long);
        await host.StopAsync();
        Assert.DoesNotContain(lines, line => line.Contains("only a warning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_signal_ends_host_and_system()
    {
        // While it runs the host takes SIGTERM for itself, so that the signal ends it and not the tests.
        using var host = await Started(_ => { });
        var system = host.Services.GetRequiredService<ActorSystem>();
        var stopped = host.WaitForShutdownAsync();
        using var kill = System.Diagnostics.Process.Start("/bin/sh", $"-c \"kill -TERM {Environment.ProcessId}\"");
        await kill.WaitForExitAsync().WaitAsync(Long);
        await stopped.WaitAsync(Long);
        Assert.True(system.WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task A_wait_for_the_registry_can_be_given_up()
    {
        using var source = new CancellationTokenSource();
        var waiting = new ActorRegistry().GetAsync<Key>(source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void A_registry_lists_what_it_holds()
    {
        var registry = new ActorRegistry();
        registry.Register<Key>(ActorRefs.Nobody);
        Assert.Equal([typeof(Key)], registry.Select(pair => pair.Key));
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

    private sealed class Collector(Action<string> tell) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            tell(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
