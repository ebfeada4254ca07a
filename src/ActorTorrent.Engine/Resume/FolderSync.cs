using System.Runtime.InteropServices;
using System.Text;

namespace ActorTorrent.Engine.Resume;

/// <summary>
/// Forces a folder's entries to the disk, so that a file that was made or renamed in it is still there after a loss of power.
/// Nothing is done on Windows, which has no such call.
/// </summary>
internal static class FolderSync
{
    private const int InvalidArgument = 22;

    /// <summary>Blocks until the entries are on the disk.</summary>
    /// <exception cref="IOException">The folder cannot be opened or the disk failed.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open([.. Encoding.UTF8.GetBytes(folder), 0], 0);
        if (descriptor < 0)
            throw Failure(folder, Marshal.GetLastPInvokeError());
        try
        {
            // Some file systems do not offer this for folders; there is nothing more to be done then.
            if (Sync(descriptor) != 0 && Marshal.GetLastPInvokeError() is var error and not InvalidArgument)
                throw Failure(folder, error);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string folder, int error) => new($"{Marshal.GetPInvokeErrorMessage(error)} : '{folder}'", error);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
