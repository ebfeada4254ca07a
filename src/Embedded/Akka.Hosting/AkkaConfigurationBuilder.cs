using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;

namespace Akka.Hosting;

public sealed class AkkaConfigurationBuilder
{
    public readonly HashSet<Setup> Setups = [];

    private readonly List<ActorStarterWithResolver> _starters = [];
    private readonly List<StartupTask> _startups = [];
    private Option<Config> _configuration = Option<Config>.None;

    public AkkaConfigurationBuilder(IServiceCollection serviceCollection, string actorSystemName)
    {
        ServiceCollection = serviceCollection;
        ActorSystemName = actorSystemName;
    }

    public Option<Config> Configuration => _configuration;

    internal IServiceCollection ServiceCollection { get; }

    internal string ActorSystemName { get; }

    public AkkaConfigurationBuilder StartActors(Action<ActorSystem, IActorRegistry> starter) =>
        StartActors((system, registry, _) =>
        {
            starter(system, registry);
            return Task.CompletedTask;
        });

    public AkkaConfigurationBuilder StartActors(Action<ActorSystem, IActorRegistry, IDependencyResolver> starter) =>
        StartActors((system, registry, resolver) =>
        {
            starter(system, registry, resolver);
            return Task.CompletedTask;
        });

    public AkkaConfigurationBuilder StartActors(ActorStarter starter) =>
        StartActors((system, registry, _) => starter(system, registry));

    public AkkaConfigurationBuilder StartActors(ActorStarterWithResolver starter)
    {
        _starters.Add(starter);
        return this;
    }

    public AkkaConfigurationBuilder AddStartup(Action<ActorSystem, IActorRegistry> startupTask) =>
        AddStartup((system, registry) =>
        {
            startupTask(system, registry);
            return Task.CompletedTask;
        });

    public AkkaConfigurationBuilder AddStartup(StartupTask startupTask)
    {
        _startups.Add(startupTask);
        return this;
    }

    internal void AddConfiguration(Config config, HoconAddMode mode)
    {
        if (!_configuration.HasValue)
            _configuration = config;
        else if (mode == HoconAddMode.Append)
            _configuration = _configuration.Value.SafeWithFallback(config);
        else
            _configuration = config.SafeWithFallback(_configuration.Value);
    }

    internal ActorSystem Build(IServiceProvider services)
    {
        var setup = ActorSystemSetup.Create([.. Setups])
            .WithSetup(DependencyResolverSetup.Create(services))
            .WithSetup(BootstrapSetup.Create().WithConfig(_configuration.GetOrElse(Config.Empty)));

        // The host stops the system; the process' own exit has nothing left to do.
        var bootstrap = setup.Get<BootstrapSetup>().Value
            .WithConfigFallback(ConfigurationFactory.ParseString("akka.coordinated-shutdown.run-by-clr-shutdown-hook = off"));
        return ActorSystem.Create(ActorSystemName, setup.WithSetup(bootstrap));
    }

    internal async Task Start(ActorSystem system)
    {
        var registry = ActorRegistry.For(system);
        var resolver = DependencyResolver.For(system).Resolver;
        foreach (var starter in _starters)
            await starter(system, registry, resolver);
        foreach (var startup in _startups)
            await startup(system, registry);
    }
}
