using ActorTorrent.Engine.Resume;
using Microsoft.Win32.SafeHandles;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// What we know of each file by our own doing: its stamp after our last write, who writes now, what was not forced to the disk yet.
/// A file with another stamp while nobody here writes was changed by someone else. Safe for use from several threads.
/// </summary>
/// <param name="files">How many files there are.</param>
internal sealed class FileLedger(int files)
{
    /// <summary>How long a file that is in use goes without being looked at.</summary>
    private static readonly long Patience = TimeSpan.FromSeconds(1).Ticks / TimeSpan.TicksPerMillisecond;

    private readonly Lock _gate = new();
    private readonly Line[] _lines = new Line[files];

    /// <summary>A write begins. <see cref="EndWrite"/> follows whatever happens.</summary>
    public void BeginWrite(int file)
    {
        lock (_gate)
        {
            ref var line = ref _lines[file];
            line.Writers++;
            line.Generation++;
            line.IsKnown = false;
            line.IsDirty = true;
        }
    }

    /// <summary>A write ended; the last of several takes the file's stamp. Without a handle the stamp stays unknown.</summary>
    public void EndWrite(int file, SafeFileHandle? handle)
    {
        lock (_gate)
        {
            ref var line = ref _lines[file];
            if (--line.Writers > 0 || handle is null)
                return;
            line.Stamp = new FileStamp(RandomAccess.GetLength(handle), File.GetLastWriteTimeUtc(handle).Ticks);
            line.IsKnown = true;
            line.CheckedAt = Environment.TickCount64;
        }
    }

    /// <summary>
    /// Looks whether the file at a path is still as we left it, if it was not looked at for a while. What was unknown is known from then on.
    /// </summary>
    /// <returns>False when someone else changed it.</returns>
    public bool IsOurs(int file, string path, bool now)
    {
        int generation;
        var clock = Environment.TickCount64;
        lock (_gate)
        {
            ref var line = ref _lines[file];
            if (line.Writers > 0 || (!now && line.IsKnown && clock - line.CheckedAt < Patience))
                return true;
            generation = line.Generation;
        }
        var stamp = FileStamp.Of(path);
        lock (_gate)
        {
            ref var line = ref _lines[file];
            if (line.Generation != generation || line.Writers > 0 || stamp.IsMissing)
                return true;
            if (line.IsKnown && line.Stamp != stamp)
                return false;
            line.Stamp = stamp;
            line.IsKnown = true;
            line.CheckedAt = clock;
            return true;
        }
    }

    /// <summary>Whether we have seen the file's stamp before.</summary>
    public bool IsKnown(int file)
    {
        lock (_gate)
            return _lines[file].IsKnown || _lines[file].Writers > 0;
    }

    /// <summary>Takes a stamp as the one we left.</summary>
    public void Know(int file, FileStamp stamp)
    {
        lock (_gate)
        {
            ref var line = ref _lines[file];
            line.Stamp = stamp;
            line.IsKnown = !stamp.IsMissing;
        }
    }

    /// <summary>Takes whatever is found next as ours.</summary>
    public void Forget(int file)
    {
        lock (_gate)
            _lines[file].IsKnown = false;
    }

    /// <summary>Marks a file as perhaps not on the disk yet.</summary>
    public void MarkDirty(int file)
    {
        lock (_gate)
            _lines[file].IsDirty = true;
    }

    /// <summary>Whether bytes of a file may not be on the disk yet; asking for it with <paramref name="clear"/> promises to force them now.</summary>
    public bool IsDirty(int file, bool clear)
    {
        lock (_gate)
        {
            var isDirty = _lines[file].IsDirty;
            if (clear)
                _lines[file].IsDirty = false;
            return isDirty;
        }
    }

    private struct Line
    {
        public FileStamp Stamp;
        public bool IsKnown;
        public bool IsDirty;
        public int Writers;
        public int Generation;
        public long CheckedAt;
    }
}
