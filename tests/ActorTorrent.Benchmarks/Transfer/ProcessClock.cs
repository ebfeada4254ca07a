using System.Runtime.InteropServices;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>CPU time that processes took, user and system together, as the kernel counts it.</summary>
internal static class ProcessClock
{
    private const int Children = -1;
    private const int CallingThread = 3;

    /// <summary>The CPU time of a running process since its start, all its threads, the ended ones too.</summary>
    public static TimeSpan Of(int processId)
    {
        // clock_getcpuclockid(3): the clock of a process is ~pid in all but the lowest three bits, 2 is the scheduler's time.
        var clock = (~processId << 3) | 2;
        return GetTime(clock, out var time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1_000)
            : throw new InvalidOperationException($"The CPU time of process {processId} cannot be read.");
    }

    /// <summary>The CPU time of the calling thread.</summary>
    public static TimeSpan OfThisThread() => GetTime(CallingThread, out var time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1_000)
        : throw new InvalidOperationException("The CPU time of this thread cannot be read.");

    /// <summary>The CPU time of all children of this process that ended and were waited for.</summary>
    public static TimeSpan OfEndedChildren() =>
        GetUsage(Children, out var usage) == 0
            ? TimeSpan.FromSeconds(usage.UserSeconds + usage.SystemSeconds)
                + TimeSpan.FromMicroseconds(usage.UserMicroseconds + usage.SystemMicroseconds)
            : throw new InvalidOperationException("getrusage failed.");

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out TimeSpec time);

    [DllImport("libc", EntryPoint = "getrusage")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetUsage(int who, out Usage usage);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    /// <summary>The kernel's <c>struct rusage</c>, which has fourteen more numbers.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct Usage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
    }
}
