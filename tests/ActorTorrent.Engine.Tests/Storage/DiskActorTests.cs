using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Storage;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorTorrent.Engine.Tests.Storage;

public sealed class DiskActorTests : TestKit
{
    private static readonly StorageOptions TwoWorkers = new() { WorkersPerVolume = 2 };

    [Fact]
    public void A_job_comes_back_to_its_owner_done()
    {
        var disk = Sys.ActorOf(DiskActor.Props(TwoWorkers));
        var ran = 0;
        var job = new TestJob(TestActor, true, "job", () => ran++);
        disk.Tell(new DiskProtocol.Submit(job));
        Assert.Same(job, ExpectMsg<DiskProtocol.Finished>().Job);
        Assert.Null(job.Fault);
        Assert.Equal((1, 1), (ran, job.Released));
    }

    [Fact]
    public void Workers_are_bounded_and_the_next_job_starts_when_one_is_free()
    {
        var disk = Sys.ActorOf(DiskActor.Props(TwoWorkers));
        using var gate = new SemaphoreSlim(0);
        using var started = new CountdownEvent(2);
        var (running, most) = (0, 0);
        for (var i = 0; i < 8; i++)
        {
            disk.Tell(new DiskProtocol.Submit(new TestJob(TestActor, true, $"job {i}", () =>
            {
                var now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                if (started.CurrentCount > 0)
                    started.Signal();
                gate.Wait();
                Interlocked.Decrement(ref running);
            })));
        }
        Assert.True(started.Wait(TimeSpan.FromSeconds(10)));
        gate.Release(8);
        for (var i = 0; i < 8; i++)
            ExpectMsg<DiskProtocol.Finished>(TimeSpan.FromSeconds(10));
        Assert.Equal(2, most);
    }

    [Fact]
    public void A_job_that_throws_is_a_fault_and_the_disk_lives_on()
    {
        var disk = Sys.ActorOf(DiskActor.Props(TwoWorkers));
        Watch(disk);
        var known = new DiskFault("write", "/x", "why", IsFatal: true);
        disk.Tell(new DiskProtocol.Submit(new TestJob(TestActor, false, "known", () => throw new DiskFaultException(known))));
        Assert.Same(known, ExpectMsg<DiskProtocol.Finished>().Job.Fault);
        disk.Tell(new DiskProtocol.Submit(new TestJob(TestActor, false, "bug", () => throw new InvalidOperationException("a bug"))));
        var fault = ExpectMsg<DiskProtocol.Finished>().Job.Fault!;
        Assert.Equal(("bug", "a bug", false), (fault.Path, fault.Reason, fault.IsFatal));
        disk.Tell(new DiskProtocol.Submit(new TestJob(TestActor, false, "fine")));
        Assert.Null(ExpectMsg<DiskProtocol.Finished>().Job.Fault);
    }

    [Fact]
    public void A_stuck_volume_does_not_hold_up_another()
    {
        var stuck = Sys.ActorOf(DiskActor.Props(TwoWorkers), "stuck");
        var other = Sys.ActorOf(DiskActor.Props(TwoWorkers), "other");
        using var gate = new ManualResetEventSlim();
        for (var i = 0; i < 10; i++)
            stuck.Tell(new DiskProtocol.Submit(new TestJob(TestActor, false, "stuck", gate.Wait)));
        other.Tell(new DiskProtocol.Submit(new TestJob(TestActor, false, "other")));
        Assert.Equal("other", ExpectMsg<DiskProtocol.Finished>().Job.ToString());
        gate.Set();
        for (var i = 0; i < 10; i++)
            Assert.Equal("stuck", ExpectMsg<DiskProtocol.Finished>(TimeSpan.FromSeconds(10)).Job.ToString());
    }

    [Fact]
    public void A_job_of_an_owner_that_stopped_does_not_run()
    {
        var disk = Sys.ActorOf(DiskActor.Props(TwoWorkers));
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        var ran = false;
        var job = new TestJob(TestActor, false, "late", () => ran = true, stopped.Token);
        disk.Tell(new DiskProtocol.Submit(job));
        ExpectMsg<DiskProtocol.Finished>();
        Assert.False(ran);
        Assert.NotNull(job.Fault);
        Assert.Equal(1, job.Released);
    }

    [Fact]
    public void What_waits_when_the_disk_stops_is_abandoned_and_its_owner_told()
    {
        var load = new DiskLoad("volume");
        var disk = Sys.ActorOf(DiskActor.Props(TwoWorkers, load));
        Watch(disk);
        using var gate = new ManualResetEventSlim();
        using var started = new CountdownEvent(2);
        var jobs = Enumerable.Range(0, 5).Select(i => new TestJob(TestActor, false, $"{i}", () =>
        {
            started.Signal();
            gate.Wait();
        })).ToArray();
        foreach (var job in jobs)
            disk.Tell(new DiskProtocol.Submit(job));
        Assert.True(started.Wait(TimeSpan.FromSeconds(10)));
        // A stop overtakes what is still in the mailbox.
        AwaitAssert(() => Assert.Equal(3, load.Queued), TimeSpan.FromSeconds(10));
        Sys.Stop(disk);
        for (var i = 0; i < 3; i++)
            Assert.NotNull(ExpectMsg<DiskProtocol.Finished>(TimeSpan.FromSeconds(10)).Job.Fault);
        ExpectTerminated(disk, TimeSpan.FromSeconds(10));
        gate.Set();
        for (var i = 0; i < 2; i++)
            Assert.Null(ExpectMsg<DiskProtocol.Finished>(TimeSpan.FromSeconds(10)).Job.Fault);
        Assert.All(jobs, job => Assert.Equal(1, job.Released));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value;)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }
}
