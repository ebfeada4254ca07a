using Akka.Actor.Setup;
using Akka.Configuration;

namespace Akka.Actor;

public class Settings
{
    public Settings(ActorSystem system, Config config)
        : this(system, config, ActorSystemSetup.Empty)
    {
    }

    public Settings(ActorSystem system, Config config, ActorSystemSetup setup)
    {
        Setup = setup;
        Config = config.SafeWithFallback(ReferenceConfig.Value);
        var c = Config;
        AskTimeout = c.GetTimeSpan("akka.actor.ask-timeout", Timeout.InfiniteTimeSpan);
        LogLevel = c.GetString("akka.loglevel");
        Loggers = c.GetStringList("akka.loggers");
        LogDeadLetters = Count(c.GetString("akka.log-dead-letters"));
        LogDeadLettersDuringShutdown = c.GetBoolean("akka.log-dead-letters-during-shutdown");
        LogDeadLettersSuspendDuration = c.GetTimeSpan("akka.log-dead-letters-suspend-duration");
        LogConfigOnStart = c.GetBoolean("akka.log-config-on-start");
        DebugUnhandledMessage = c.GetBoolean("akka.actor.debug.unhandled");
        DebugEventStream = c.GetBoolean("akka.actor.debug.event-stream");
        EmitActorTelemetry = c.GetBoolean("akka.actor.telemetry.enabled");
        SchedulerClass = c.GetString("akka.scheduler.implementation");
        SupervisorStrategyClass = c.GetString("akka.actor.guardian-supervisor-strategy");
        CoordinatedShutdownTerminateActorSystem = c.GetBoolean("akka.coordinated-shutdown.terminate-actor-system");
        CoordinatedShutdownRunByActorSystemTerminate = c.GetBoolean("akka.coordinated-shutdown.run-by-actor-system-terminate");
        if (CoordinatedShutdownRunByActorSystemTerminate && !CoordinatedShutdownTerminateActorSystem)
        {
            throw new ConfigurationException(
                "akka.coordinated-shutdown.run-by-actor-system-terminate=on and akka.coordinated-shutdown.terminate-actor-system=off is not a valid combination.");
        }
    }

    public ActorSystemSetup Setup { get; }

    public Config Config { get; private set; }

    internal TimeSpan AskTimeout { get; }

    public string LogLevel { get; }

    internal IList<string> Loggers { get; }

    internal int LogDeadLetters { get; }

    internal bool LogDeadLettersDuringShutdown { get; }

    internal TimeSpan LogDeadLettersSuspendDuration { get; }

    internal bool LogConfigOnStart { get; }

    internal bool DebugUnhandledMessage { get; }

    internal bool DebugEventStream { get; }

    internal bool EmitActorTelemetry { get; }

    internal string SchedulerClass { get; }

    internal string SupervisorStrategyClass { get; }

    internal bool CoordinatedShutdownTerminateActorSystem { get; }

    internal bool CoordinatedShutdownRunByActorSystemTerminate { get; }

    public void InjectTopLevelFallback(Config config) => Config = Config.SafeWithFallback(config);

    public override string ToString() => Config.ToString();

    private static int Count(string text) => text switch
    {
        "on" or "true" => int.MaxValue,
        "off" or "false" => 0,
        _ => int.Parse(text, global::System.Globalization.CultureInfo.InvariantCulture),
    };
}
