using Akka;
using Akka.Configuration;

namespace Embedded.Tests;

/// <summary>Phases, deadlines and reasons of a coordinated shutdown.</summary>
public class ShutdownTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Terminating_the_system_runs_the_phases_and_gives_the_reason()
    {
        var ran = false;
        var system = ActorSystem.Create("sys");
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () =>
        {
            ran = true;
            return Task.FromResult(Done.Instance);
        });
        await system.Terminate().WaitAsync(Long);
        Assert.True(ran);
        Assert.IsType<CoordinatedShutdown.ActorSystemTerminateReason>(shutdown.ShutdownReason);
    }

    [Fact]
    public async Task Terminating_may_leave_the_phases_out()
    {
        var ran = false;
        var system = ActorSystem.Create("sys", "akka.coordinated-shutdown.run-by-actor-system-terminate = off");
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () =>
        {
            ran = true;
            return Task.FromResult(Done.Instance);
        });
        await system.Terminate().WaitAsync(Long);
        Assert.False(ran);
    }

    [Fact]
    public async Task A_shutdown_may_leave_the_system_alive()
    {
        var system = ActorSystem.Create(
            "sys",
            ConfigurationFactory.ParseString(
                "akka.coordinated-shutdown { terminate-actor-system = off, run-by-actor-system-terminate = off, run-by-clr-shutdown-hook = off }"));
        await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Long);
        Assert.False(system.WhenTerminated.IsCompleted);
        await system.Terminate().WaitAsync(Long);
    }

    [Fact]
    public async Task A_phase_of_ones_own_runs_where_it_belongs()
    {
        var order = new List<string>();
        var system = ActorSystem.Create(
            "sys",
            ConfigurationFactory.ParseString(
                """
                akka.coordinated-shutdown.phases {
                  own { depends-on = [service-stop] }
                  before-cluster-shutdown { depends-on = [own] }
                }
                """));
        var shutdown = CoordinatedShutdown.Get(system);
        foreach (var phase in new[] { "before-cluster-shutdown", "own", "service-stop" })
        {
            shutdown.AddTask(phase, "note", () =>
            {
                lock (order)
                    order.Add(phase);
                return Task.FromResult(Done.Instance);
            });
        }

        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Long);
        Assert.Equal(["service-stop", "own", "before-cluster-shutdown"], order);
    }

    [Fact]
    public async Task The_tasks_of_a_phase_run_side_by_side()
    {
        var system = ActorSystem.Create("sys");
        var shutdown = CoordinatedShutdown.Get(system);
        var one = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var two = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "one", async () =>
        {
            one.SetResult();
            await two.Task.WaitAsync(Long);
            return Done.Instance;
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "two", async () =>
        {
            two.SetResult();
            await one.Task.WaitAsync(Long);
            return Done.Instance;
        });
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Long);
        Assert.True(one.Task.IsCompletedSuccessfully && two.Task.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_phase_that_is_switched_off_does_not_run()
    {
        var ran = false;
        var system = ActorSystem.Create("sys", "akka.coordinated-shutdown.phases.service-stop.enabled = off");
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () =>
        {
            ran = true;
            return Task.FromResult(Done.Instance);
        });
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Long);
        Assert.False(ran);
    }

    [Fact]
    public async Task A_task_for_no_phase_is_refused()
    {
        var system = ActorSystem.Create("sys");
        Assert.ThrowsAny<Exception>(() =>
            CoordinatedShutdown.Get(system).AddTask("no such phase", "note", () => Task.FromResult(Done.Instance)));
        await system.Terminate().WaitAsync(Long);
    }

    [Fact]
    public async Task Deadlines_come_from_the_configuration()
    {
        var system = ActorSystem.Create("sys", "akka.coordinated-shutdown.default-phase-timeout = 7s");
        var shutdown = CoordinatedShutdown.Get(system);
        Assert.Equal(TimeSpan.FromSeconds(7), shutdown.Timeout(CoordinatedShutdown.PhaseServiceStop));
        Assert.Equal(TimeSpan.FromSeconds(10), shutdown.Timeout(CoordinatedShutdown.PhaseActorSystemTerminate));
        await system.Terminate().WaitAsync(Long);
    }

    [Fact]
    public async Task A_task_may_still_use_the_actors()
    {
        var system = ActorSystem.Create("sys");
        var echo = system.ActorOf(Relay.Of((message, context) => context.Sender.Tell(message)));
        var shutdown = CoordinatedShutdown.Get(system);
        var answer = "";
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "ask", async () =>
        {
            answer = await echo.Ask<string>("still there", Long);
            return Done.Instance;
        });
        await system.Terminate().WaitAsync(Long);
        Assert.Equal("still there", answer);
    }

    [Fact]
    public async Task An_actor_may_end_its_own_system()
    {
        var system = ActorSystem.Create("sys");
        system.ActorOf(Relay.Of((_, context) => context.System.Terminate())).Tell("end", ActorRefs.NoSender);
        await system.WhenTerminated.WaitAsync(Long);
    }

    [Fact]
    public async Task After_the_end_no_actor_can_be_made()
    {
        var system = ActorSystem.Create("sys");
        await system.Terminate().WaitAsync(Long);
        Assert.Throws<InvalidOperationException>(() => system.ActorOf(Relay.Of((_, _) => { })));
    }
}
