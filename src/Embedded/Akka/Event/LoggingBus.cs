using Akka.Actor;

namespace Akka.Event;

public class LoggingBus : ActorEventBus<object, Type>
{
    public LoggingBus()
    {
    }

    public LogLevel LogLevel { get; private set; }

    public void SetLogLevel(LogLevel logLevel)
    {
        LogLevel = logLevel;
        foreach (var logger in Loggers)
            SubscribeLogger(logger, logLevel);
    }

    internal List<IActorRef> Loggers { get; } = [];

    internal void SubscribeLogger(IActorRef logger, LogLevel logLevel)
    {
        foreach (var level in (LogLevel[])[LogLevel.DebugLevel, LogLevel.InfoLevel, LogLevel.WarningLevel, LogLevel.ErrorLevel])
        {
            if (level >= logLevel)
                Subscribe(logger, level.ClassFor());
            else
                Unsubscribe(logger, level.ClassFor());
        }
    }

    protected override bool IsSubClassification(Type parent, Type child) => parent.IsAssignableFrom(child);

    protected override void Publish(object @event, IActorRef subscriber) => subscriber.Tell(@event);

    protected override bool Classify(object @event, Type classifier) => classifier.IsAssignableFrom(GetClassifier(@event));

    protected override Type GetClassifier(object @event) => @event.GetType();
}
