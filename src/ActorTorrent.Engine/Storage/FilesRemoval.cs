namespace ActorTorrent.Engine.Storage;

/// <summary>Deletes a torrent's files, and the folders that are empty then. What others put there stays. Blocking.</summary>
internal static class FilesRemoval
{
    /// <summary>Deletes; files that are gone already are no matter.</summary>
    /// <param name="files">The torrent's files, closed.</param>
    /// <exception cref="IOException">Something could not be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">Something is not ours to delete.</exception>
    public static void Delete(TorrentFiles files)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(files.OutputFolder));
        foreach (var (_, path, _) in files.Existing())
        {
            File.Delete(path);
            for (var folder = Path.GetDirectoryName(path); IsInside(folder, root); folder = Path.GetDirectoryName(folder))
            {
                if (Directory.EnumerateFileSystemEntries(folder!).Any())
                    break;
                Directory.Delete(folder!);
            }
        }
    }

    private static bool IsInside(string? folder, string root) =>
        folder is not null && folder.Length > root.Length && folder.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
