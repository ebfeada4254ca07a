using System.Globalization;

namespace ActorTorrent.Engine.Probing;

/// <summary>How many files and sockets this process may hold open.</summary>
public static class OpenFileLimit
{
    /// <summary>Kept free of probes: assemblies, log files, name lookups, the tracker's connections.</summary>
    private const int Reserve = 128;

    /// <summary>Assumed where the system cannot be asked.</summary>
    private const int Unknown = 4096;

    /// <summary>The limit that holds now; null when this system has none or does not tell.</summary>
    public static int? Read()
    {
        const string limits = "/proc/self/limits";
        if (!File.Exists(limits))
            return null;
        foreach (var line in File.ReadLines(limits))
        {
            const string name = "Max open files";
            if (!line.StartsWith(name, StringComparison.Ordinal))
                continue;
            var soft = line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
            return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
        }
        return null;
    }

    /// <summary>How many more sockets there is room for, with some kept back; at least 1.</summary>
    public static int Free()
    {
        const string open = "/proc/self/fd";
        var limit = Read() ?? Unknown;
        var used = Directory.Exists(open) ? Directory.EnumerateFileSystemEntries(open).Count() : 0;
        return Math.Max(1, limit - used - Reserve);
    }
}
