using Akka.Configuration;

namespace Akka.TestKit.Configs;

public static class TestConfigs
{
    public static Config DefaultConfig { get; } = ConfigurationFactory.ParseString("""
        akka {
          loggers = ["Akka.TestKit.TestEventListener, Akka.TestKit"]
          test {
            timefactor = 1.0
            filter-leeway = 3s
            single-expect-default = 3s
            default-timeout = 5s
            testkit.debug = false
          }
        }
        """);

    public static Config TestSchedulerConfig { get; } = ConfigurationFactory.ParseString(
        """akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit" """);
}
