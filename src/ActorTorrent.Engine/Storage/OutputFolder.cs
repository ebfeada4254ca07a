namespace ActorTorrent.Engine.Storage;

/// <summary>What can be said of an output folder before anything is written to it.</summary>
public static class OutputFolder
{
    /// <summary>
    /// Tries whether the folder exists or can be created and whether files can be made in it. Leaves nothing behind.
    /// Blocking.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Null when it can be written to, otherwise why not.</returns>
    public static DiskFault? Probe(string folder)
    {
        var path = Path.GetFullPath(folder);
        var made = new Stack<string>();
        try
        {
            if (File.Exists(path))
                return new DiskFault("create", path, "It is a file, not a folder.", IsFatal: true);
            for (var missing = path; missing is not null && !Directory.Exists(missing); missing = Path.GetDirectoryName(missing))
                made.Push(missing);
            Directory.CreateDirectory(path);
            using var probe = File.OpenHandle(
                Path.Join(path, $".{Guid.NewGuid():n}.probe"), FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception failure)
        {
            return DiskFaults.From(made.Count > 0 ? "create" : "write", path, failure);
        }
        finally
        {
            Remove(made);
        }
    }

    /// <summary>Bytes that the user may still write on the folder's volume; null when the system does not say. Blocking.</summary>
    /// <param name="folder">The folder; need not exist yet.</param>
    public static long? FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(Volumes.Of(folder)).AvailableFreeSpace;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static void Remove(Stack<string> outermostFirst)
    {
        foreach (var folder in outermostFirst.Reverse())
        {
            if (!Directory.Exists(folder))
                continue;
            try
            {
                Directory.Delete(folder);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Someone else uses it already: then it stays, and so do the folders above it.
                return;
            }
        }
    }
}
