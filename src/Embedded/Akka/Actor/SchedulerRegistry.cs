using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The schedulers a configuration can name, besides the built-in one.</summary>
internal static class SchedulerRegistry
{
    private static readonly Dictionary<string, Func<Config, ILoggingAdapter, IScheduler>> Known = new(StringComparer.Ordinal);

    public static void Register(string typeName, Func<Config, ILoggingAdapter, IScheduler> create)
    {
        lock (Known)
            Known[typeName] = create;
    }

    public static IScheduler Create(string typeName, Config config, ILoggingAdapter log)
    {
        var comma = typeName.IndexOf(',');
        var name = comma < 0 ? typeName : typeName[..comma].Trim();
        if (name == "Akka.Actor.HashedWheelTimerScheduler")
        {
            return new WheelScheduler(
                config.GetTimeSpan("akka.scheduler.tick-duration", TimeSpan.FromMilliseconds(10)),
                cause => log.Error(cause, "Error while executing scheduled task."));
        }

        lock (Known)
        {
            return Known.TryGetValue(name, out var create)
                ? create(config, log)
                : throw new ConfigurationException($"Could not resolve scheduler type {typeName}");
        }
    }
}
