using Akka.Configuration.Hocon;

namespace Akka.Configuration;

public class ConfigurationFactory
{
    public ConfigurationFactory()
    {
    }

    public static Config Empty => Config.Empty;

    public static Config ParseString(string hocon) => new(HoconReader.Read(hocon, null));

    public static Config ParseString(string hocon, Func<string, HoconRoot> includeCallback) => new(HoconReader.Read(hocon, includeCallback));
}
