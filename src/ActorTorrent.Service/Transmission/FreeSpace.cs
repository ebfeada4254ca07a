namespace ActorTorrent.Service.Transmission;

/// <summary>The room on a volume.</summary>
internal static class FreeSpace
{
    /// <summary>Free bytes and all bytes of the volume of a folder; null when that is not known. A folder that is not there counts as its parent.</summary>
    public static Task<(long Free, long Total)?> OfAsync(string folder) =>
        // A volume of another host may let us wait: not on the thread that all requests share.
        Task.Run(() => Of(folder));

    private static (long Free, long Total)? Of(string folder)
    {
        try
        {
            for (var path = folder; path is not null; path = Path.GetDirectoryName(path))
            {
                if (!Directory.Exists(path))
                    continue;
                var drive = new DriveInfo(path);
                return (drive.AvailableFreeSpace, drive.TotalSize);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
        return null;
    }
}
