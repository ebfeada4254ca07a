using System.Diagnostics.CodeAnalysis;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Hosting;

public sealed class LoggerConfigBuilder
{
    private readonly HashSet<string> _loggers = ["Akka.Event.DefaultLogger"];

    internal LoggerConfigBuilder(AkkaConfigurationBuilder builder)
    {
        Builder = builder;
    }

    public LogLevel LogLevel { get; set; } = LogLevel.InfoLevel;

    public bool LogConfigOnStart { get; set; }

    internal AkkaConfigurationBuilder Builder { get; }

    public LoggerConfigBuilder ClearLoggers()
    {
        _loggers.Clear();
        return this;
    }

    public LoggerConfigBuilder AddLogger<[DynamicallyAccessedMembers(
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.NonPublicConstructors)] T>()
        where T : IRequiresMessageQueue<ILoggerMessageQueueSemantics>
    {
        var name = typeof(T).FullName!;
        LoggerRegistry.Register(name, static () => new Props(typeof(T)));
        _loggers.Add(name);
        return this;
    }

    internal Config ToConfig()
    {
        var text = new StringBuilder("akka.loglevel = ").AppendLine(LogLevel.StringFor());
        text.Append("akka.loggers = [").AppendJoin(", ", _loggers.Select(static l => $"\"{l}\"")).AppendLine("]");
        text.Append("akka.log-config-on-start = ").AppendLine(LogConfigOnStart ? "on" : "off");
        return ConfigurationFactory.ParseString(text.ToString());
    }
}
