using System.Globalization;
using ActorTorrent.Engine.Limits;

namespace ActorTorrent.Engine.Tests.Limits;

/// <summary>Threads that interrupt nobody.</summary>
public sealed class BatchSchedulingTests
{
    // Linux, <uapi/linux/sched.h>.
    private const int Batch = 3;

    [Fact]
    public void A_thread_and_those_that_it_makes_are_batches_once_it_has_begun()
    {
        var (before, began, after, again, child) = (-1, false, -1, true, -1);
        Run(() =>
        {
            before = Policy();
            began = BatchScheduling.Begin();
            after = Policy();
            again = BatchScheduling.Begin();
            Run(() => child = Policy());
        });
        Assert.Equal((0, true, Batch, false, Batch), (before, began, after, again, child));
    }

    [Fact]
    public async Task A_thread_of_the_pool_stays_as_it_is()
    {
        var (before, began, after) = await Task.Run(() => (Policy(), BatchScheduling.Begin(), Policy()));
        Assert.Equal((before, false), (after, began));
    }

    private static void Run(Action work)
    {
        var thread = new Thread(() => work());
        thread.Start();
        thread.Join();
    }

    /// <summary>Of this thread (proc_pid_stat(5), field 41).</summary>
    private static int Policy()
    {
        var stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[41 - 3], CultureInfo.InvariantCulture);
    }
}
