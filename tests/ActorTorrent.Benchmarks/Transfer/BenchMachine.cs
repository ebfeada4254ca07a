using System.Globalization;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>The machine that figures were measured on.</summary>
internal static class BenchMachine
{
    /// <summary>Processor, memory and kernel, on one line.</summary>
    public static string Describe()
    {
        var processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1];
        var kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30);
        return string.Create(
            CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores ({processor ?? "unknown"}), {memory:0} GiB, Linux {kernel}");
    }
}
