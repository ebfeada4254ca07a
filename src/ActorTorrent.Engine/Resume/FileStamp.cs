namespace ActorTorrent.Engine.Resume;

/// <summary>By what a file on disk is recognised as unchanged: its length and the time of its last change.</summary>
/// <param name="Length">Bytes; -1 when there is no such file.</param>
/// <param name="ModifiedTicks">UTC ticks of 100 ns, as <see cref="DateTime.Ticks"/>; 0 when there is no such file.</param>
public readonly record struct FileStamp(long Length, long ModifiedTicks)
{
    /// <summary>The stamp of a file that is not there.</summary>
    public static readonly FileStamp Missing = new(-1, 0);

    /// <summary>Whether there is no such file.</summary>
    public bool IsMissing => Length < 0;

    /// <summary>The stamp of a path now. Blocking.</summary>
    internal static FileStamp Of(string path)
    {
        var info = new FileInfo(path);
        return info.Exists ? new FileStamp(info.Length, info.LastWriteTimeUtc.Ticks) : Missing;
    }
}
