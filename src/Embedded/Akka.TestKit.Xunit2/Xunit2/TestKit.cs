using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Xunit.Abstractions;

namespace Akka.TestKit.Xunit2;

public class TestKit : TestKitBase, IDisposable
{
    protected readonly ITestOutputHelper Output;
    private bool _disposed;

    public TestKit(ActorSystem system = null, ITestOutputHelper output = null)
        : base(Assertions, system)
    {
        Output = output;
        InitializeLogger(Sys);
    }

    public TestKit(ActorSystemSetup config, string actorSystemName = null, ITestOutputHelper output = null)
        : base(Assertions, config, actorSystemName)
    {
        Output = output;
        InitializeLogger(Sys);
    }

    public TestKit(Config config, string actorSystemName = null, ITestOutputHelper output = null)
        : base(Assertions, config, actorSystemName)
    {
        Output = output;
        InitializeLogger(Sys);
    }

    public TestKit(string config, ITestOutputHelper output = null)
        : this(ConfigurationFactory.ParseString(config), output: output)
    {
    }

    public static new Config DefaultConfig => TestKitBase.DefaultConfig;

    public static new Config FullDebugConfig => TestKitBase.FullDebugConfig;

    protected static new XunitAssertions Assertions { get; } = new();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void AfterAll() => Shutdown();

    protected virtual void Dispose(bool disposing)
    {
        if (_disposed || !disposing)
            return;
        _disposed = true;
        AfterAll();
    }

    protected void InitializeLogger(ActorSystem system) => InitializeLogger(system, null);

    protected void InitializeLogger(ActorSystem system, string prefix)
    {
        if (Output is null)
            return;
        var output = Output;
        var name = prefix is null ? "log-test" : "log-test-" + prefix;
        var logger = ((ExtendedActorSystem)system).SystemActorOf(Props.Create(() => new Internals.OutputLogger(output, prefix)), name);
        logger.Tell(new InitializeLogger(system.EventStream), ActorRefs.NoSender);
    }
}
