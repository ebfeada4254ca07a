namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>Where the real programs are. One that is missing fails the test that needs it; it is never skipped.</summary>
public static class Programs
{
    public static string Aria2 => Find("aria2c", "aria2");

    public static string Microsocks => Find("microsocks", "microsocks");

    public static string Tinyproxy => Find("tinyproxy", "tinyproxy-bin");

    public static string Mktorrent => Find("mktorrent", "mktorrent");

    public static string OpenTracker => Find("opentracker", "opentracker");

    /// <summary>The system's interpreter: the one that Debian's libtorrent bindings belong to, whatever the PATH offers first.</summary>
    public static string Python => File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : throw Missing("/usr/bin/python3", "python3");

    public static string TransmissionCreate => Find("transmission-create", "transmission-cli");

    public static string TransmissionDaemon => Find("transmission-daemon", "transmission-daemon");

    public static string TransmissionRemote => Find("transmission-remote", "transmission-cli");

    public static string Nsenter => Find("nsenter", "util-linux");

    public static string SystemdAnalyze => Find("systemd-analyze", "systemd");

    public static string Unshare => Find("unshare", "util-linux");

    /// <summary>The host that runs this very test also runs the command line's assembly.</summary>
    public static string Dotnet =>
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host && File.Exists(host)
            ? host
            : Find("dotnet", "the .NET SDK");

    /// <summary>Whether a program is on this machine.</summary>
    public static bool IsThere(string name) => Locate(name) is not null;

    private static string Find(string name, string package) => Locate(name) ?? throw Missing(name, package);

    private static string? Locate(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        foreach (var folder in folders.Concat(["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"]))
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path))
                return path;
        }

        return null;
    }

    private static InvalidOperationException Missing(string name, string package) =>
        new($"The program '{name}' is not on this machine (Debian package: {package}). `tests/run` installs all that the tests need.");
}
