using Akka.Configuration;

namespace Akka.Actor;

public sealed class BootstrapSetup : Setup.Setup
{
    private BootstrapSetup(Option<Config> config)
    {
        Config = config;
    }

    public Option<Config> Config { get; }

    public static BootstrapSetup Create() => new(Option<Config>.None);

    public BootstrapSetup WithConfig(Config config) => new(config);

    public BootstrapSetup WithConfigFallback(Config config) =>
        Config.HasValue ? WithConfig(Config.Value.SafeWithFallback(config)) : WithConfig(config);
}
