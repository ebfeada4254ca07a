using System.Globalization;
using ActorTorrent.Benchmarks.Transfer;

namespace ActorTorrent.Benchmarks.Service;

/// <summary>How often threads of a process left the processor, all that live together.</summary>
/// <param name="Voluntary">To wait.</param>
/// <param name="Forced">For another thread.</param>
internal readonly record struct ThreadSwitches(long Voluntary, long Forced)
{
    public static ThreadSwitches operator -(ThreadSwitches left, ThreadSwitches right) => new(left.Voluntary - right.Voluntary, left.Forced - right.Forced);

    public static ThreadSwitches operator +(ThreadSwitches left, ThreadSwitches right) => new(left.Voluntary + right.Voluntary, left.Forced + right.Forced);

    /// <summary>So far.</summary>
    public static ThreadSwitches Of(int processId)
    {
        var sum = default(ThreadSwitches);
        foreach (var thread in Directory.GetDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/task")))
        {
            try
            {
                using var status = new ProcFile(Path.Combine(thread, "status"));
                if (status.Refresh())
                    sum += new ThreadSwitches(status.Number("\nvoluntary_ctxt_switches:"u8), status.Number("nonvoluntary_ctxt_switches:"u8));
            }
            catch (IOException)
            {
                // It ended just now.
            }
        }
        return sum;
    }
}
