using System.Globalization;
using System.Text;

namespace ActorTorrent.Engine.Storage;

/// <summary>Finds out which paths share a volume, because each volume has its own disk actor.</summary>
internal static class Volumes
{
    /// <summary>The mount point of the volume that a path lies on, links followed; the path need not exist. Blocking.</summary>
    public static string Of(string path)
    {
        string resolved;
        IEnumerable<string> mounts;
        try
        {
            resolved = Links.Resolve(path);
            mounts = DriveInfo.GetDrives().Select(drive => drive.Name);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Without the mount table everything counts as one volume: less parallel, never wrong.
            return Path.GetPathRoot(Path.GetFullPath(path)) ?? path;
        }
        return Of(resolved, mounts);
    }

    /// <summary>The longest of the mount points that a resolved path lies below.</summary>
    public static string Of(string resolved, IEnumerable<string> mounts)
    {
        var best = Path.GetPathRoot(resolved) ?? string.Empty;
        foreach (var mount in mounts)
        {
            if (mount.Length > best.Length && Links.IsWithin(resolved, mount))
                best = mount;
        }
        return best;
    }

    /// <summary>A mount point as a name that an actor may bear; different mount points get different names.</summary>
    public static string NameOf(string mountPoint)
    {
        var trimmed = mountPoint.Trim('/');
        if (trimmed.Length == 0)
            return "root";
        var name = new StringBuilder(trimmed.Length + 1).Append('-');
        foreach (var letter in Encoding.UTF8.GetBytes(trimmed))
        {
            if (char.IsAsciiLetterOrDigit((char)letter) || letter == '.')
                name.Append((char)letter);
            else if (letter == '/')
                name.Append('-');
            else
                name.Append('_').Append(letter.ToString("x2", CultureInfo.InvariantCulture));
        }
        return name.ToString();
    }
}
