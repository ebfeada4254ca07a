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
        System = system;
        Setup = setup;
        Config = config.SafeWithFallback(ReferenceConfig.Value);
        var c = Config;
        AskTimeout = c.GetTimeSpan("akka.actor.ask-timeout", Timeout.InfiniteTimeSpan);
        LogLevel = c.GetString("akka.loglevel");
        StdoutLogLevel = c.GetString("akka.stdout-loglevel");
        Loggers = c.GetStringList("akka.loggers");
        LogDeadLetters = Count(c.GetString("akka.log-dead-letters"));
        LogDeadLettersDuringShutdown = c.GetBoolean("akka.log-dead-letters-during-shutdown");
        LogDeadLettersSuspendDuration = c.GetTimeSpan("akka.log-dead-letters-suspend-duration");
        LogConfigOnStart = c.GetBoolean("akka.log-config-on-start");
        DebugUnhandledMessage = c.GetBoolean("akka.actor.debug.unhandled");
        DebugEventStream = c.GetBoolean("akka.actor.debug.event-stream");
        DebugLifecycle = c.GetBoolean("akka.actor.debug.lifecycle");
        DebugAutoReceive = c.GetBoolean("akka.actor.debug.autoreceive");
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

    public ActorSystem System { get; }

    public ActorSystemSetup Setup { get; }

    public Config Config { get; private set; }

    public TimeSpan AskTimeout { get; }

    public string LogLevel { get; }

    public string StdoutLogLevel { get; }

    public IList<string> Loggers { get; }

    public int LogDeadLetters { get; }

    public bool LogDeadLettersDuringShutdown { get; }

    public TimeSpan LogDeadLettersSuspendDuration { get; }

    public bool LogConfigOnStart { get; }

    public bool DebugUnhandledMessage { get; }

    public bool DebugEventStream { get; }

    public bool DebugLifecycle { get; }

    public bool DebugAutoReceive { get; }

    public bool EmitActorTelemetry { get; }

    public string SchedulerClass { get; }

    public string SupervisorStrategyClass { get; }

    public bool CoordinatedShutdownTerminateActorSystem { get; }

    public bool CoordinatedShutdownRunByActorSystemTerminate { get; }

    public void InjectTopLevelFallback(Config config) => Config = Config.SafeWithFallback(config);

    public override string ToString() => Config.ToString();

    private static int Count(string text) => text switch
    {
        "on" or "true" => int.MaxValue,
        "off" or "false" => 0,
        _ => int.Parse(text, global::System.Globalization.CultureInfo.InvariantCulture),
    };
}
