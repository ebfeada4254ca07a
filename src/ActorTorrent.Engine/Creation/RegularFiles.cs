using System.Runtime.InteropServices;
using System.Text;

namespace ActorTorrent.Engine.Creation;

/// <summary>Tells files from pipes, sockets and devices, which a folder may hold too and which must not be opened.</summary>
internal static class RegularFiles
{
    // The layout of struct statx is part of Linux's interface and the same on every processor.
    private const int StatxLength = 256;
    private const int ModeOffset = 28;
    private const uint TypeWanted = 1;
    private const int CurrentFolder = -100;
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;

    /// <summary>Whether a path, its links followed, is a regular file. Where the system cannot be asked, all that is no folder is.</summary>
    public static bool Contains(string path)
    {
        if (!OperatingSystem.IsLinux())
            return true;
        var answer = new byte[StatxLength];
        return Statx(CurrentFolder, [.. Encoding.UTF8.GetBytes(path), 0], 0, TypeWanted, answer) == 0
            && (BitConverter.ToUInt16(answer, ModeOffset) & TypeMask) == Regular;
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, byte[] path, int flags, uint mask, [Out] byte[] answer);
}
