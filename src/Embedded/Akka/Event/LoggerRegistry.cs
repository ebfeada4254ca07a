using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Event;

/// <summary>The loggers a configuration can name, so that none has to be found by reflection.</summary>
internal static class LoggerRegistry
{
    private static readonly ConcurrentDictionary<string, Func<Props>> Known = new(StringComparer.Ordinal)
    {
        ["Akka.Event.DefaultLogger"] = static () => Props.Create<DefaultLogger>(),
    };

    public static void Register(string typeName, Func<Props> props) => Known[typeName] = props;

    public static Props PropsOf(string typeName)
    {
        var comma = typeName.IndexOf(',');
        var name = comma < 0 ? typeName : typeName[..comma].Trim();
        return Known.TryGetValue(name, out var props)
            ? props()
            : throw new ConfigurationException($"Logger specified in config cannot be found: \"{typeName}\"");
    }
}
