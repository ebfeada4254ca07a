using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>Makes what a configuration may name here known to the runtime.</summary>
internal static class TestKitStart
{
#pragma warning disable CA2255 // the runtime must know the names before the first system is created
    [ModuleInitializer]
#pragma warning restore CA2255
    public static void Register()
    {
        LoggerRegistry.Register("Akka.TestKit.TestEventListener", static () => Props.Create<TestEventListener>());
        SchedulerRegistry.Register("Akka.TestKit.TestScheduler", static (config, log) => new TestScheduler(config, log));
    }
}
