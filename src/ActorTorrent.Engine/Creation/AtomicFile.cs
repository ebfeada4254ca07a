using ActorTorrent.Engine.Storage;

namespace ActorTorrent.Engine.Creation;

/// <summary>Writes files whole or not at all: beside their place first, to the disk, then under their name.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file. Blocking.</summary>
    /// <param name="path">Where.</param>
    /// <param name="bytes">All of it.</param>
    /// <param name="replace">Whether a file that is there already gives way.</param>
    /// <returns>Null when it is written, otherwise why not; then nothing is left behind.</returns>
    public static DiskFault? Write(string path, ReadOnlySpan<byte> bytes, bool replace)
    {
        var full = Path.GetFullPath(path);
        var beside = Path.Join(Path.GetDirectoryName(full), $".{Guid.NewGuid():n}.tmp");
        try
        {
            using (var file = new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }
            File.Move(beside, full, replace);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(beside))
                File.Delete(beside);
            return DiskFaults.From("write", full, failure);
        }
    }
}
