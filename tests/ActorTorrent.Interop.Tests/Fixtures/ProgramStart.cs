using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>How real programs are started and signalled: all their streams are ours, and no proxy that our environment names is theirs.</summary>
public static class ProgramStart
{
    private static readonly string[] Proxies = ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

    public static ProcessStartInfo Of(
        string program, IEnumerable<string> arguments, string workingFolder, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = workingFolder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var proxy in Proxies)
            start.Environment.Remove(proxy);
        if (environment is not null)
        {
            foreach (var (key, value) in environment)
                start.Environment[key] = value;
        }
        return start;
    }

    /// <summary>Sends a signal to a process.</summary>
    /// <returns>Whether it was sent.</returns>
    public static bool Signal(int process, int signal) => SendSignal(process, signal) == 0;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
