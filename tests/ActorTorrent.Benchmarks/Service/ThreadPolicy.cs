using System.Runtime.InteropServices;

namespace ActorTorrent.Benchmarks.Service;

/// <summary>How the kernel schedules a thread.</summary>
internal static class ThreadPolicy
{
    // <linux/sched.h>
    private const int Batch = 3;

    /// <summary>The calling thread interrupts no other one when it is woken (SCHED_BATCH, sched(7)).</summary>
    public static void BeBatch()
    {
        var parameters = 0;
        if (SetScheduler(0, Batch, ref parameters) != 0)
            throw new InvalidOperationException("The system refuses to schedule this thread as a batch.");
    }

    [DllImport("libc", EntryPoint = "sched_setscheduler")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetScheduler(int thread, int policy, ref int parameters);
}
