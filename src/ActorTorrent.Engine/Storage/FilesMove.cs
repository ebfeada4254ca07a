using System.Security.Cryptography;
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
    /// old files stay, for <see cref="Delete"/>.
    /// </summary>
    /// <returns>The old files.</returns>
    public IReadOnlyList<string> Copy()
    {
        var moves = Plan();
        var at = _target;
        var copied = 0L;
        var done = new List<string>();
        var buffer = GC.AllocateUninitializedArray<byte>(CopyLength);
        try
        {
            Directory.CreateDirectory(_target);
            foreach (var (_, from, to, _) in moves)
            {
                at = from;
                var fresh = to + ".moving";
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                done.Add(fresh);
                Copy(from, fresh, buffer, ref copied);
            }
            foreach (var (_, _, to, _) in moves)
            {
                at = to;
                File.Move(to + ".moving", to);
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

    private List<(int File, string From, string To, long Length)> Plan()
    {
        var source = files.OutputFolder;
        if (Links.IsWithin(_target, source) && Links.IsWithin(source, _target))
            throw new DiskFaultException(new DiskFault("move", _target, "The files are there already.", IsFatal: true));
        var moves = files.Existing()
            .Select(file => (file.File, From: file.Path, To: Path.Join(_target, Path.GetRelativePath(source, file.Path)), file.Length))
            .ToList();
        foreach (var (_, _, to, _) in moves)
        {
            if (Path.Exists(to))
                throw new DiskFaultException(new DiskFault("move", to, "There is such a file already.", IsFatal: true));
        }
        return moves;
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
