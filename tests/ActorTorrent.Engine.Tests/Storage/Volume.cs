using System.Diagnostics;

namespace ActorTorrent.Engine.Tests.Storage;

/// <summary>A small file system of its own, in memory, for what only a volume's end or limits can show. Needs the right to mount.</summary>
internal sealed class Volume : IDisposable
{
    private readonly TempFolder _folder = new();

    private Volume()
    {
    }

    public string Path => _folder.Path;

    /// <summary>Mounts a volume of so many bytes.</summary>
    /// <exception cref="InvalidOperationException">The system does not let us; the test cannot run here.</exception>
    public static Volume Mount(long bytes)
    {
        var volume = new Volume();
        Run("mount", "-t", "tmpfs", "-o", FormattableString.Invariant($"size={bytes}"), "none", volume.Path);
        return volume;
    }

    /// <summary>Changes what it allows: <c>ro</c>, <c>rw</c> or <c>size=BYTES</c>.</summary>
    public void Remount(string options) => Run("mount", "-o", $"remount,{options}", Path);

    public void Dispose()
    {
        Run("umount", "-l", Path);
        _folder.Dispose();
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })
            ?? throw new InvalidOperationException($"{program} cannot be started.");
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed; these tests need root: {error}");
    }
}
