using System.Globalization;

namespace ActorTorrent.Lab.Running;

/// <summary>Memory and processor time of a process, from <c>/proc</c>; of this process wherever it runs.</summary>
internal static class ProcessUsage
{
    private const double TicksPerSecond = 100;

    /// <summary>Of this process.</summary>
    public static (double CpuSeconds, long ResidentBytes) OfThis() =>
        (Environment.CpuUsage.TotalTime.TotalSeconds, Resident("self") ?? Environment.WorkingSet);

    /// <summary>Of another; zeros once it has ended.</summary>
    public static (double CpuSeconds, long ResidentBytes) Of(int processId)
    {
        var name = processId.ToString(CultureInfo.InvariantCulture);
        var file = $"/proc/{name}/stat";
        if (!File.Exists(file))
            return default;
        try
        {
            // What follows the name, which may hold anything: state is field 3, utime 14, stime 15.
            var stat = File.ReadAllText(file);
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            return (ticks / TicksPerSecond, Resident(name) ?? 0);
        }
        catch (IOException)
        {
            return default;
        }
    }

    private static long? Resident(string process)
    {
        var file = $"/proc/{process}/statm";
        if (!File.Exists(file))
            return null;
        try
        {
            return long.Parse(File.ReadAllText(file).Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
