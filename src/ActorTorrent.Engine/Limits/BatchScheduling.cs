using System.Runtime.InteropServices;

namespace ActorTorrent.Engine.Limits;

/// <summary>
/// Work that does not mind to wait for its turn (SCHED_BATCH, sched(7)): when such a thread has something to do it does not interrupt one that
/// runs, ours or another program's; it has its turn when that one waits, or has had its share. Fewer interruptions, less processor time.
/// </summary>
public static class BatchScheduling
{
    // Linux, <uapi/linux/sched.h>.
    private const int Usual = 0;
    private const int Batch = 3;

    /// <summary>
    /// Makes this thread one of those, and the threads that it makes from now on. Elsewhere than on Linux it does nothing, and where the user
    /// has chosen another scheduling than the usual one (with <c>chrt</c>, say) neither; nor with a thread of the pool, which has other work, too.
    /// </summary>
    /// <returns>Whether it is one now; refused, it is a thread like any other.</returns>
    public static bool Begin()
    {
        if (!OperatingSystem.IsLinux() || Thread.CurrentThread.IsThreadPoolThread)
            return false;
        // By POSIX threads: not every C library has sched_setscheduler.
        var self = Self();
        return GetScheduling(self, out var policy, out var priority) == 0 && policy == Usual && SetScheduling(self, Batch, in priority) == 0;
    }

    [DllImport("libc", EntryPoint = "pthread_self")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nuint Self();

    [DllImport("libc", EntryPoint = "pthread_getschedparam")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetScheduling(nuint thread, out int policy, out Parameters parameters);

    [DllImport("libc", EntryPoint = "pthread_setschedparam")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetScheduling(nuint thread, int policy, in Parameters parameters);

    // A sched_param, with room for what some C libraries keep behind the priority.
    [StructLayout(LayoutKind.Sequential, Size = 48)]
    private struct Parameters
    {
        public int Priority;
    }
}
