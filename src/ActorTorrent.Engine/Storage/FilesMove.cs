using System.Security.Cryptography;
using ActorTorrent.Engine.Resume;
using Microsoft.Win32.SafeHandles;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Takes a torrent's files to another folder: by renaming within a volume, by copying and comparing across volumes. Nobody may
/// write to them meanwhile. Blocking. Every error is a <see cref="DiskFaultException"/>, and then everything is where it was.
/// </summary>
/// <param name="files">The files.</param>
/// <param name="target">The folder that they go to.</param>
/// <param name="progress">Hears how many bytes are copied so far.</param>
/// <param name="cancelled">Breaks off a copy.</param>
internal sealed class FilesMove(TorrentFiles files, string target, Action<long> progress, CancellationToken cancelled)
{
    private const int CopyLength = 1 << 20;
    private const string Unfinished = ".moving";
    private const FileShare Sharing = FileShare.ReadWrite | FileShare.Delete;

    private readonly string _target = Path.GetFullPath(target);

    /// <summary>
    /// Renames every file and switches to the target. A file that is there already and not here any more was renamed by an earlier try.
    /// </summary>
    public void Rename()
    {
        var source = files.OutputFolder;
        var moves = Plan();
        var done = new Stack<(string From, string To)>();
        var at = _target;
        try
        {
            Directory.CreateDirectory(_target);
            foreach (var (_, from, to, _) in moves)
            {
                at = to;
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Move(from, to);
                done.Push((from, to));
            }
        }
        catch (Exception failure)
        {
            foreach (var (from, to) in done)
                File.Move(to, from);
            throw DiskFaults.Exception("move", at, failure);
        }
        var old = Enumerable.Range(0, files.PartsIndex).Select(files.PathOf).ToArray();
        files.SwitchTo(_target);
        RemoveFolders(old, source);
    }

    /// <summary>
    /// Copies every file under a name of its own, compares the copies with the files, then gives them their names and switches to them. The
    /// old files stay, for <see cref="Delete"/>. A file that is there already with the same content was left by an earlier try, and will do.
    /// </summary>
    /// <returns>The old files.</returns>
    public IReadOnlyList<string> Copy()
    {
        var moves = Plan(mayFindTwins: true);
        var at = _target;
        var copied = 0L;
        var done = new List<string>();
        var buffer = GC.AllocateUninitializedArray<byte>(CopyLength);
        try
        {
            Directory.CreateDirectory(_target);
            var twins = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (_, from, to, length) in moves)
            {
                at = to;
                if (!Path.Exists(to))
                    continue;
                if (!IsAlone(from, to) || !IsEqual(from, to, length, buffer))
                    throw IsThere(to);
                File.SetLastWriteTimeUtc(to, File.GetLastWriteTimeUtc(from));
                twins.Add(to);
            }
            foreach (var (_, from, to, _) in moves.Where(move => !twins.Contains(move.To)))
            {
                at = from;
                var fresh = to + Unfinished;
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                done.Add(fresh);
                Copy(from, fresh, buffer, ref copied);
            }
            foreach (var (_, _, to, _) in moves.Where(move => !twins.Contains(move.To)))
            {
                at = to;
                File.Move(to + Unfinished, to);
                done.Add(to);
            }
        }
        catch (Exception failure)
        {
            foreach (var path in done)
                DeleteQuietly(path);
            RemoveFolders(done, _target);
            throw DiskFaults.Exception("copy", at, failure);
        }
        files.SwitchTo(_target);
        return [.. moves.Select(move => move.From)];
    }

    /// <summary>Removes files and the folders that are empty then; what cannot be removed stays.</summary>
    public static void Delete(IReadOnlyList<string> paths, string folder)
    {
        foreach (var path in paths)
            DeleteQuietly(path);
        RemoveFolders(paths, folder);
    }

    /// <summary>
    /// Removes what a copy that the end of the program broke off has left in the folder that does not count: files that are the same as ours,
    /// and unfinished copies. What cannot be removed stays.
    /// </summary>
    /// <param name="files">The torrent's files, where they count.</param>
    /// <param name="folder">The other folder.</param>
    public static void RemoveTwins(TorrentFiles files, string folder)
    {
        var removed = new List<string>();
        var buffer = GC.AllocateUninitializedArray<byte>(CopyLength);
        try
        {
            var inside = Links.Resolve(folder);
            foreach (var (_, path, length) in files.Existing())
            {
                var twin = Path.Join(folder, Path.GetRelativePath(files.OutputFolder, path));
                if (!Links.IsWithin(Links.Resolve(twin), inside) || Directory.GetParent(twin) is not { Exists: true } || !IsAlone(path, twin))
                    continue;
                removed.Add(twin);
                DeleteQuietly(twin + Unfinished);
                if (new FileInfo(twin) is { Exists: true } other
                    && (FileStamp.Of(path) == new FileStamp(other.Length, other.LastWriteTimeUtc.Ticks) || IsEqual(path, twin, length, buffer)))
                {
                    DeleteQuietly(twin);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It costs space and nothing else.
        }
        RemoveFolders(removed, folder);
    }

    private List<(int File, string From, string To, long Length)> Plan(bool mayFindTwins = false)
    {
        var source = files.OutputFolder;
        if (Links.IsWithin(_target, source) && Links.IsWithin(source, _target))
            throw new DiskFaultException(new DiskFault("move", _target, "The files are there already.", IsFatal: true));
        var moves = files.Existing()
            .Select(file => (file.File, From: file.Path, To: Path.Join(_target, Path.GetRelativePath(source, file.Path)), file.Length))
            .ToList();
        var inside = Links.Resolve(_target);
        foreach (var (_, _, to, length) in moves)
        {
            if (Links.Resolve(to) is var place && !Links.IsWithin(place, inside))
                throw new DiskFaultException(new DiskFault("move", to, $"A link leads out of the folder, to {place}.", IsFatal: true));
            if (Path.Exists(to) && (!mayFindTwins || new FileInfo(to) is not { Exists: true } there || there.Length != length))
                throw IsThere(to);
        }
        return moves;
    }

    private static DiskFaultException IsThere(string path) =>
        new(new DiskFault("move", path, "There is such a file already.", IsFatal: true));

    /// <summary>
    /// Whether two paths lead to two folders. One folder may show in two places (bind mounts), and a file must not be taken for its own copy:
    /// its removal would be its end.
    /// </summary>
    private static bool IsAlone(string from, string to)
    {
        var name = $".{Guid.NewGuid():N}";
        var mark = Path.Join(Path.GetDirectoryName(to), name);
        File.Create(mark).Dispose();
        try
        {
            return !File.Exists(Path.Join(Path.GetDirectoryName(from), name));
        }
        finally
        {
            DeleteQuietly(mark);
        }
    }

    private static bool IsEqual(string one, string other, long length, byte[] buffer)
    {
        using var first = File.OpenHandle(one, FileMode.Open, FileAccess.Read, Sharing);
        using var second = File.OpenHandle(other, FileMode.Open, FileAccess.Read, Sharing);
        if (RandomAccess.GetLength(first) != length || RandomAccess.GetLength(second) != length)
            return false;
        var (left, right) = (buffer.AsMemory(0, buffer.Length / 2), buffer.AsMemory(buffer.Length / 2));
        for (var offset = 0L; offset < length;)
        {
            var read = RandomAccess.Read(first, left.Span, offset);
            if (read == 0)
                return false;
            for (var compared = 0; compared < read;)
            {
                var more = RandomAccess.Read(second, right.Span[..(read - compared)], offset + compared);
                if (more == 0 || !left.Span.Slice(compared, more).SequenceEqual(right.Span[..more]))
                    return false;
                compared += more;
            }
            offset += read;
        }
        return true;
    }

    private void Copy(string from, string to, byte[] buffer, ref long copied)
    {
        byte[] sum;
        using (var source = File.OpenHandle(from, FileMode.Open, FileAccess.Read, Sharing))
        {
            using var copy = File.OpenHandle(to, FileMode.Create, FileAccess.Write, Sharing);
            RandomAccess.SetLength(copy, RandomAccess.GetLength(source));
            sum = Read(source, buffer, (run, offset) =>
            {
                // Holes stay holes.
                if (run.ContainsAnyExcept((byte)0))
                    RandomAccess.Write(copy, run, offset);
            }, ref copied);
            RandomAccess.FlushToDisk(copy);
        }
        var none = 0L;
        using (var copy = File.OpenHandle(to, FileMode.Open, FileAccess.Read, Sharing))
        {
            if (!sum.AsSpan().SequenceEqual(Read(copy, buffer, static (_, _) => { }, ref none)))
                throw new DiskFaultException(new DiskFault("copy", to, "The copy differs from the file.", IsFatal: false));
        }
        // Resume data knows the files by it.
        File.SetLastWriteTimeUtc(to, File.GetLastWriteTimeUtc(from));
    }

    private byte[] Read(SafeFileHandle handle, byte[] buffer, Take take, ref long copied)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        for (var offset = 0L; ;)
        {
            cancelled.ThrowIfCancellationRequested();
            var read = RandomAccess.Read(handle, buffer, offset);
            if (read == 0)
                return hash.GetHashAndReset();
            hash.AppendData(buffer, 0, read);
            take(buffer.AsSpan(0, read), offset);
            offset += read;
            copied += read;
            progress(copied);
        }
    }

    private delegate void Take(ReadOnlySpan<byte> run, long offset);

    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It costs space and nothing else; the next try writes over it.
        }
    }

    private static void RemoveFolders(IEnumerable<string> paths, string above)
    {
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            for (var folder = Path.GetDirectoryName(path); folder is not null && folder.Length > above.Length && folders.Add(folder);)
                folder = Path.GetDirectoryName(folder);
        }
        foreach (var folder in folders.OrderByDescending(folder => folder.Length))
        {
            try
            {
                if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
                    Directory.Delete(folder);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Someone else uses it: then it stays.
            }
        }
    }
}
