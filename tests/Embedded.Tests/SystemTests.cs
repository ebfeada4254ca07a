using Akka.Actor.Setup;
using Akka.Configuration;

namespace Embedded.Tests;

public class SystemTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("sys")]
    [InlineData("My-System_1")]
    public async Task A_good_name_is_taken(string name)
    {
        var system = ActorSystem.Create(name);
        Assert.Equal(name, system.Name);
        await system.Terminate().WaitAsync(Long);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("a b")]
    [InlineData("a/b")]
    public void A_bad_name_is_refused(string name) => Assert.ThrowsAny<ArgumentException>(() => ActorSystem.Create(name));

    [Fact]
    public async Task Termination_stops_every_actor()
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var system = ActorSystem.Create("sys");
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        system.ActorOf(Props.Create(() => new Ending(started, stopped)));
        await started.Task.WaitAsync(Long);
        await system.Terminate().WaitAsync(Long);
        Assert.True(stopped.Task.IsCompleted);
        Assert.True(system.WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task Termination_callbacks_run_last_in_first_out()
    {
        var order = new List<int>();
        var system = ActorSystem.Create("sys");
        system.RegisterOnTermination(() => order.Add(1));
        system.RegisterOnTermination(() => order.Add(2));
        await system.Terminate().WaitAsync(Long);
        Assert.Equal([2, 1], order);
    }

    [Fact]
    public async Task Terminating_twice_is_terminating_once()
    {
        var system = ActorSystem.Create("sys");
        await Task.WhenAll(system.Terminate(), system.Terminate()).WaitAsync(Long);
    }

    [Fact]
    public async Task Configuration_reaches_the_settings()
    {
        var system = ActorSystem.Create("sys", ConfigurationFactory.ParseString("own.key = 5, akka.loglevel = ERROR"));
        Assert.Equal(5, system.Settings.Config.GetInt("own.key"));
        Assert.Equal("ERROR", system.Settings.LogLevel);
        await system.Terminate().WaitAsync(Long);
    }

    [Fact]
    public async Task A_setup_carries_the_configuration()
    {
        var setup = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString("own.key = 6")));
        var system = ActorSystem.Create("sys", setup);
        Assert.Equal(6, system.Settings.Config.GetInt("own.key"));
        await system.Terminate().WaitAsync(Long);
    }

    [Fact]
    public void The_combination_that_would_never_end_is_refused() =>
        Assert.Throws<ConfigurationException>(() => ActorSystem.Create(
            "sys",
            ConfigurationFactory.ParseString(
                "akka.coordinated-shutdown { run-by-actor-system-terminate = on, terminate-actor-system = off }")));

    [Fact]
    public async Task Phases_run_in_order_and_their_tasks_before_the_next_phase()
    {
        var order = new List<string>();
        var system = ActorSystem.Create("sys");
        var shutdown = CoordinatedShutdown.Get(system);
        foreach (var phase in new[]
                 {
                     CoordinatedShutdown.PhaseServiceStop,
                     CoordinatedShutdown.PhaseBeforeServiceUnbind,
                     CoordinatedShutdown.PhaseBeforeActorSystemTerminate,
                     CoordinatedShutdown.PhaseServiceUnbind,
                 })
        {
            shutdown.AddTask(phase, "note", async () =>
            {
                await Task.Yield();
                lock (order)
                    order.Add(phase);
                return Akka.Done.Instance;
            });
        }

        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Long);
        Assert.Equal(["before-service-unbind", "service-unbind", "service-stop", "before-actor-system-terminate"], order);
        Assert.Same(CoordinatedShutdown.UnknownReason.Instance, shutdown.ShutdownReason);
        await system.WhenTerminated.WaitAsync(Long);
    }

    [Fact]
    public async Task Shutdown_runs_once_and_keeps_its_first_reason()
    {
        var runs = 0;
        var system = ActorSystem.Create("sys");
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "count", () =>
        {
            Interlocked.Increment(ref runs);
            return Task.FromResult(Akka.Done.Instance);
        });
        await Task.WhenAll(
            shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance),
            shutdown.Run(CoordinatedShutdown.UnknownReason.Instance)).WaitAsync(Long);
        Assert.Equal(1, runs);
        Assert.Same(CoordinatedShutdown.ClrExitReason.Instance, shutdown.ShutdownReason);
    }

    [Fact]
    public async Task Shutdown_may_start_at_a_later_phase()
    {
        var early = 0;
        var system = ActorSystem.Create("sys");
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "early", () =>
        {
            early++;
            return Task.FromResult(Akka.Done.Instance);
        });
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance, CoordinatedShutdown.PhaseServiceStop).WaitAsync(Long);
        Assert.Equal(0, early);
    }

    [Fact]
    public async Task A_failing_task_does_not_stop_the_shutdown()
    {
        var system = ActorSystem.Create("sys", ConfigurationFactory.ParseString("akka.loglevel = ERROR"));
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(
            CoordinatedShutdown.PhaseServiceStop, "fail", () => Task.FromException<Akka.Done>(new InvalidOperationException("no")));
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Long);
        await system.WhenTerminated.WaitAsync(Long);
    }

    [Fact]
    public async Task A_task_that_hangs_is_given_up_after_the_phases_time()
    {
        var system = ActorSystem.Create(
            "sys",
            ConfigurationFactory.ParseString("akka.loglevel = ERROR, akka.coordinated-shutdown.phases.service-stop.timeout = 50ms"));
        var shutdown = CoordinatedShutdown.Get(system);
        Assert.Equal(TimeSpan.FromMilliseconds(50), shutdown.Timeout(CoordinatedShutdown.PhaseServiceStop));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "hang", () => new TaskCompletionSource<Akka.Done>().Task);
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Long);
        await system.WhenTerminated.WaitAsync(Long);
    }

    [Fact]
    public async Task An_extension_is_made_once()
    {
        var system = ActorSystem.Create("sys");
        var id = new OwnId();
        Assert.Same(id.Apply(system), new OwnId().Apply(system));
        Assert.Same(id.Apply(system), system.GetExtension<Own>());
        Assert.True(system.HasExtension<Own>());
        await system.Terminate().WaitAsync(Long);
    }

    private sealed class Own : IExtension;

    private sealed class OwnId : ExtensionIdProvider<Own>
    {
        public override Own CreateExtension(ExtendedActorSystem system) => new();
    }

    private sealed class Ending(TaskCompletionSource started, TaskCompletionSource stopped) : UntypedActor
    {
        protected override void PreStart() => started.SetResult();

        protected override void PostStop() => stopped.SetResult();

        protected override void OnReceive(object message)
        {
        }
    }
}
