using Akka.Actor;

namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>An actor system that says nothing and leaves signals of the process alone.</summary>
internal static class BenchmarkSystem
{
    private const string Config = """
        akka.loglevel = OFF
        akka.stdout-loglevel = OFF
        akka.log-dead-letters = off
        akka.coordinated-shutdown.run-by-clr-shutdown-hook = off
        """;

    public static ActorSystem Start() => ActorSystem.Create("benchmark", Config);
}
