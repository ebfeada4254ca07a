using System.Diagnostics;
using Akka.TestKit.Xunit2;

namespace Embedded.Tests;

/// <summary>The real scheduler, against the clock: late perhaps, never early.</summary>
public class SchedulerTests : TestKit
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void A_message_does_not_come_early()
    {
        var watch = Stopwatch.StartNew();
        Sys.Scheduler.ScheduleTellOnce(Delay, TestActor, "x", ActorRefs.NoSender);
        ExpectMsg("x", Long);
        Assert.True(watch.Elapsed >= Delay - TimeSpan.FromMilliseconds(15), watch.Elapsed.ToString());
    }

    [Fact]
    public void The_sender_is_the_one_given()
    {
        var probe = CreateTestProbe();
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.Zero, TestActor, "x", probe.Ref);
        ExpectMsg("x", Long);
        Assert.Equal(probe.Ref, LastSender);
    }

    [Fact]
    public void A_repeated_message_comes_until_it_is_cancelled()
    {
        var repeated = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(TimeSpan.Zero, TimeSpan.FromMilliseconds(20), TestActor, "x", ActorRefs.NoSender);
        for (var i = 0; i < 3; i++)
            ExpectMsg("x", Long);
        repeated.Cancel();
        Assert.True(repeated.IsCancellationRequested);

        // One may have been on its way.
        ReceiveWhile<string>(m => m == "x", Long, TimeSpan.FromMilliseconds(200));
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task An_action_runs_once()
    {
        var runs = 0;
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Sys.Scheduler.Advanced.ScheduleOnce(Delay, () =>
        {
            Interlocked.Increment(ref runs);
            ran.TrySetResult();
        });
        await ran.Task.WaitAsync(Long);
        await Task.Delay(3 * Delay);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task A_cancelled_action_does_not_run()
    {
        var runs = 0;
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Sys.Scheduler.Advanced.ScheduleOnceCancelable(TimeSpan.FromMinutes(5), () => Interlocked.Increment(ref runs)).Cancel();
        Sys.Scheduler.Advanced.ScheduleOnce(Delay, ran.SetResult);
        await ran.Task.WaitAsync(Long);
        Assert.Equal(0, runs);
    }

    [Fact]
    public async Task A_failing_action_harms_nothing_else()
    {
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Sys.Scheduler.Advanced.ScheduleOnce(TimeSpan.Zero, () => throw new InvalidOperationException("told to"));
        Sys.Scheduler.Advanced.ScheduleOnce(Delay, ran.SetResult);
        await ran.Task.WaitAsync(Long);
    }

    [Fact]
    public void A_negative_delay_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromSeconds(-1), TestActor, "x", ActorRefs.NoSender));

    [Fact]
    public void An_interval_of_nothing_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Sys.Scheduler.ScheduleTellRepeatedly(TimeSpan.Zero, TimeSpan.Zero, TestActor, "x", ActorRefs.NoSender));

    [Fact]
    public void Time_goes_on()
    {
        var before = Sys.Scheduler.MonotonicClock;
        var now = Sys.Scheduler.Now;
        AwaitCondition(() => Sys.Scheduler.MonotonicClock > before, Long, TimeSpan.FromMilliseconds(5));
        Assert.InRange(Sys.Scheduler.Now - DateTimeOffset.Now, TimeSpan.FromMinutes(-1), TimeSpan.FromMinutes(1));
        Assert.True(Sys.Scheduler.Now >= now);
    }

    [Fact]
    public void Many_timers_come_in_the_order_of_their_times()
    {
        // Far enough apart for any clock's step.
        foreach (var i in new[] { 3, 1, 4, 2, 0 })
            Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(100 + (i * 100)), TestActor, i, ActorRefs.NoSender);
        Assert.Equal([0, 1, 2, 3, 4], ReceiveN(5, Long).Cast<int>());
    }
}
