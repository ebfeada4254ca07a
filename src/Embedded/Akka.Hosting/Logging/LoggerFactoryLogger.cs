using Akka.Actor;
using Akka.Configuration;
using Akka.DependencyInjection;
using Akka.Dispatch;
using Akka.Event;
using Microsoft.Extensions.Logging;
using HostLevel = Microsoft.Extensions.Logging.LogLevel;
using Level = Akka.Event.LogLevel;

namespace Akka.Hosting.Logging;

public class LoggerFactoryLogger : ActorBase, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    protected readonly ILoggingAdapter InternalLogger = Akka.Event.Logging.GetLogger(Context.System.EventStream, nameof(LoggerFactoryLogger));

    private readonly ILogger _logger;

    public LoggerFactoryLogger()
    {
        var setup = Context.System.Settings.Setup.Get<LoggerFactorySetup>();
        var factory = setup.HasValue
            ? setup.Value.LoggerFactory
            : DependencyResolver.For(Context.System).Resolver.GetService<ILoggerFactory>();
        _logger = factory?.CreateLogger<ActorSystem>()
            ?? throw new ConfigurationException("Could not find any ILoggerFactory to log through.");
    }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized());
                return true;
            case LogEvent logEvent:
                Log(logEvent, Sender.Path);
                return true;
            default:
                return false;
        }
    }

    protected override void PostStop() => InternalLogger.Info($"{nameof(LoggerFactoryLogger)} stopped");

    protected virtual void Log(LogEvent log, ActorPath path)
    {
        var level = log.LogLevel() switch
        {
            Level.DebugLevel => HostLevel.Debug,
            Level.InfoLevel => HostLevel.Information,
            Level.WarningLevel => HostLevel.Warning,
            _ => HostLevel.Error,
        };
        if (_logger.IsEnabled(level))
            _logger.Log(level, log.Cause, "[{LogSource}] {Message}", log.LogSource, log.Message?.ToString());
    }
}
