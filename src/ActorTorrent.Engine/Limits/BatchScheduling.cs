using System.Runtime.InteropServices;

namespace ActorTorrent.Engine.Limits;

/// <summary>
/// Work that does not mind to wait for its turn (SCHED_BATCH, sched(7)): when such a thread has something to do it does not interrupt one that
/// runs, ours or another program's; it has its turn when that one waits, or has had its share. Fewer interruptions, less processor time.
/// </summary>
public static class BatchScheduling
{
    // Linux, <uapi/linux/sched.h>.
    private const int Batch = 3;

    /// <summary>Makes this thread one of those, and the threads that it makes from now on. Elsewhere than on Linux it does nothing.</summary>
    /// <returns>Whether it is one now; refused, it is a thread like any other.</returns>
    public static bool Begin()
    {
        var priority = 0;
        return OperatingSystem.IsLinux() && SetScheduler(0, Batch, ref priority) == 0;
    }

    [DllImport("libc", EntryPoint = "sched_setscheduler")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetScheduler(int thread, int policy, ref int priority);
}
