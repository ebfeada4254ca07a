using System.Runtime.InteropServices;

namespace ActorTorrent.Service.Listening;

/// <summary>Whether the other threads of this process are at work. For the one thread that asks.</summary>
internal sealed class EngineLoad
{
    // Looked at that often; a core's share that counts as work.
    private const long WindowMilliseconds = 20;
    private const double Work = 0.5;

    // <linux/time.h>
    private const int Monotonic = 1;
    private const int ThisProcess = 2;
    private const int ThisThread = 3;

    private long _at = Now(Monotonic);
    private long _others = Now(ThisProcess) - Now(ThisThread);

    /// <summary>Whether they took more than half a core's time lately.</summary>
    public bool IsHigh
    {
        get
        {
            var at = Now(Monotonic);
            var elapsed = at - _at;
            if (elapsed < WindowMilliseconds * 1_000_000)
                return field;
            var others = Now(ThisProcess) - Now(ThisThread);
            field = others - _others > elapsed * Work;
            (_at, _others) = (at, others);
            return field;
        }
    }

    private static long Now(int clock) => GetTime(clock, out var time) == 0 ? ((long)time.Seconds * 1_000_000_000) + time.Nanoseconds : 0;

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        // long in C: as wide as a pointer.
        public nint Seconds;
        public nint Nanoseconds;
    }
}
