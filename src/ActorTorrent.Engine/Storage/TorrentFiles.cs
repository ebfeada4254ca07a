using System.Buffers;
using System.Collections.Concurrent;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Resume;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Microsoft.Win32.SafeHandles;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// A torrent's bytes on disk: maps offsets to files below an output folder, makes folders and files when the first byte
/// is written, and never leaves the output folder. Blocking; safe for use from several threads. Every error is a
/// <see cref="DiskFaultException"/>.
/// </summary>
/// <remarks>
/// Bytes of files that the user does not want, needed to verify pieces that they share with wanted ones, go to one sparse
/// side file at their torrent offset. A file that was seen and is gone later is a fault and not made anew, because the
/// verified pieces in it are gone too; <see cref="Rescan"/> starts over. The same holds for a file that another program changed.
/// A file whose name the file system refuses gets one of <see cref="SafeNames"/>.
/// </remarks>
internal sealed class TorrentFiles : IDisposable
{
    private const FileShare Sharing = FileShare.ReadWrite | FileShare.Delete;

    private const int CopyLength = 256 << 10;

    private readonly FileLayout _layout;
    private readonly string _partsName;
    private readonly FileHandles _handles;
    private readonly FileLedger _ledger;
    private readonly FileAllocation _allocation;
    private readonly ConcurrentQueue<(int File, string Path)> _renamed = new();
    private readonly Lock _making = new();
    private readonly Route[] _routes;
    private readonly bool[] _seen;
    private volatile Root _root;
    private volatile WantedFiles _wanted;
    private bool _outputSeen;
    private bool _emptyFilesMade;

    /// <param name="layout">The files.</param>
    /// <param name="infoHash">Names the side file.</param>
    /// <param name="outputFolder">The folder that everything stays in.</param>
    /// <param name="wanted">Indices of the files to make; null for all.</param>
    /// <param name="openFiles">Files kept open.</param>
    /// <param name="allocation">How much of a file's space is taken when it is made.</param>
    public TorrentFiles(
        FileLayout layout,
        InfoHash infoHash,
        string outputFolder,
        IReadOnlySet<int>? wanted,
        int openFiles,
        FileAllocation allocation = FileAllocation.Sparse)
    {
        _layout = layout;
        _partsName = $".{infoHash}.parts";
        _allocation = allocation;
        _handles = new FileHandles(openFiles, Open);
        _ledger = new FileLedger(layout.Files.Count + 1);
        _routes = new Route[layout.Files.Count];
        _seen = new bool[layout.Files.Count + 1];
        _root = NewRoot(outputFolder);
        _wanted = new WantedFiles(layout, wanted);
    }

    /// <summary>Counts the buffers that blocks for peers are read into; null when nobody does.</summary>
    public LoanCount? ReadLoans { get; init; }

    /// <summary>How bytes get to the files and back.</summary>
    public DiskAccess Access { get; init; } = DiskAccess.Direct;

    private enum Route : byte
    {
        Unknown,
        Own,
        Parts,
    }

    /// <summary>Files that are open now.</summary>
    public int OpenCount => _handles.Count;

    /// <summary>The folder that everything is in now.</summary>
    public string OutputFolder => _root.Output;

    /// <summary>The side file's path.</summary>
    public string PartsPath => PathOf(PartsIndex);

    /// <summary>Which files the user wants now.</summary>
    public WantedFiles Wanted => _wanted;

    /// <summary>The side file's place behind the torrent's own files.</summary>
    public int PartsIndex => _layout.Files.Count;

    /// <summary>Where a file lies, or would lie if it were made and the file system took its name.</summary>
    public string PathOf(int file)
    {
        var root = _root;
        return root.Paths[file] ??= FindPath(root, file);
    }

    /// <summary>A file that got another name than the torrent's since the last call; false when there is none.</summary>
    public bool TryTakeRenamed(out int file, out string path)
    {
        var taken = _renamed.TryDequeue(out var renamed);
        (file, path) = renamed;
        return taken;
    }

    /// <summary>Whether every piece of every wanted file is there.</summary>
    public bool IsComplete(Bitfield have) => _wanted.IsComplete(have);

    /// <summary>Writes bytes, one positioned write a file.</summary>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        if (!Volatile.Read(ref _emptyFilesMade))
            MakeEmptyFiles();
        foreach (var span in _layout.Map(offset, bytes.Length))
        {
            var run = bytes[..span.Length];
            bytes = bytes[span.Length..];
            if (_layout.Files[span.FileIndex].IsPadding)
                continue;
            var (file, position) = Place(span);
            var path = PathOf(file);
            try
            {
                var entry = _handles.Rent(file, writable: true)!;
                try
                {
                    path = PathOf(file);
                    // Before each write: afterwards the file's stamp is our own doing, whatever came before it.
                    if (!_ledger.IsOurs(file, path, now: true))
                        throw DiskFaults.Changed("write", path, file);
                    WriteRun(file, entry.Handle, run, position);
                }
                finally
                {
                    _handles.Return(entry);
                }
                // An open handle outlives its name: what is written to it then is lost without an error.
                if (!File.Exists(path))
                    throw DiskFaults.Vanished("write", path);
            }
            catch (Exception failure)
            {
                _handles.CloseAll();
                throw DiskFaults.Exception("write", path, failure);
            }
        }
    }

    /// <summary>Reads bytes that are known to be there.</summary>
    public void Read(long offset, Span<byte> into)
    {
        if (TryRead(offset, into, out var missing))
            return;
        _handles.CloseAll();
        throw new DiskFaultException(
            File.Exists(PathOf(missing))
                ? new DiskFault("read", PathOf(missing), "It is shorter than it was.", IsFatal: false) { Kind = DiskFaultKind.Changed, File = missing }
                : new DiskFault("read", PathOf(missing), "It was there and is gone.", IsFatal: false) { Kind = DiskFaultKind.Vanished });
    }

    /// <summary>Reads bytes that may be there; false when a file is missing or too short.</summary>
    public bool TryRead(long offset, Span<byte> into) => TryRead(offset, into, out _);

    /// <summary>Whether each file that holds bytes of a range exists.</summary>
    public bool Exists(long offset, int length)
    {
        foreach (var span in _layout.Map(offset, length))
        {
            if (!_layout.Files[span.FileIndex].IsPadding && !File.Exists(PathOf(Place(span).File)))
                return false;
        }
        return true;
    }

    /// <summary>Once every wanted piece is there: makes wanted empty files, cuts files that are too long, removes a side file of no more use.</summary>
    /// <param name="syncs">Whether to force the files to the disk.</param>
    public void Complete(bool syncs = false)
    {
        MakeEmptyFiles();
        foreach (var file in _layout.Files)
        {
            if (!IsWanted(file))
                continue;
            var path = PathOf(file.Index);
            try
            {
                if (new FileInfo(path) is not { Exists: true } info || info.Length <= file.Length)
                    continue;
                RefuseEscape(path);
                using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, Sharing);
                SetLength(file.Index, handle);
            }
            catch (Exception failure)
            {
                throw DiskFaults.Exception("write", path, failure);
            }
        }
        if (_wanted.IsAll)
            DeleteParts();
        if (syncs)
            Sync();
        // What serves others opens them anew, for reading, and sees whether they are still as we left them.
        _handles.CloseAll();
    }

    /// <summary>Forces what was written to the disk, folders included.</summary>
    public void Sync()
    {
        var folders = new HashSet<string>(StringComparer.Ordinal);
        for (var file = 0; file <= PartsIndex; file++)
        {
            if (!_ledger.IsDirty(file, clear: true))
                continue;
            var path = PathOf(file);
            try
            {
                if (!File.Exists(path))
                    continue;
                var entry = _handles.Rent(file, writable: true)!;
                try
                {
                    RandomAccess.FlushToDisk(entry.Handle);
                }
                finally
                {
                    _handles.Return(entry);
                }
                for (var folder = Path.GetDirectoryName(path)!; Links.IsWithin(folder, OutputFolder) && folders.Add(folder);)
                {
                    FolderSync.Flush(folder);
                    folder = Path.GetDirectoryName(folder) ?? string.Empty;
                }
            }
            catch (Exception failure)
            {
                _ledger.MarkDirty(file);
                throw DiskFaults.Exception("flush", path, failure);
            }
        }
    }

    /// <summary>Whether bytes that were written may not be on the disk yet.</summary>
    public bool IsDirty()
    {
        for (var file = 0; file <= PartsIndex; file++)
        {
            if (_ledger.IsDirty(file, clear: false))
                return true;
        }
        return false;
    }

    /// <summary>A stamp a file as it is now, for resume data; a missing one's for padding and what was not made.</summary>
    /// <exception cref="DiskFaultException">A file that we saw is gone, or another program changed it: nothing may be claimed of it.</exception>
    public FileStamp[] Stamps()
    {
        var stamps = new FileStamp[PartsIndex + 1];
        for (var file = 0; file <= PartsIndex; file++)
        {
            stamps[file] = FileStamp.Missing;
            if (file < PartsIndex && _layout.Files[file].IsPadding)
                continue;
            var path = PathOf(file);
            stamps[file] = FileStamp.Of(path);
            if (stamps[file].IsMissing && _seen[file] && (file == PartsIndex || _layout.Files[file].Length > 0))
            {
                // An open handle outlives its name: who tries to read must see what we saw.
                _handles.CloseAll();
                throw DiskFaults.Vanished("read", path);
            }
            if (!stamps[file].IsMissing && !_ledger.IsOurs(file, path, now: true))
                throw DiskFaults.Changed("read", path, file);
        }
        return stamps;
    }

    /// <summary>Takes the files as they are described: from now on a change by another program shows.</summary>
    /// <param name="stamps">What <see cref="Stamps"/> or resume data says; missing ones say nothing.</param>
    public void Know(IReadOnlyList<FileStamp> stamps)
    {
        for (var file = 0; file < stamps.Count; file++)
        {
            if (stamps[file].IsMissing)
                continue;
            _ledger.Know(file, stamps[file]);
            _seen[file] = true;
            _outputSeen = true;
        }
    }

    /// <summary>Takes a file that another program changed as it is; its pieces have to be hashed again.</summary>
    public void Forget(int file) => _ledger.Forget(file);

    /// <summary>Takes everything that is there as perhaps not on the disk yet.</summary>
    public void MarkDirty()
    {
        for (var file = 0; file <= PartsIndex; file++)
            _ledger.MarkDirty(file);
    }

    /// <summary>
    /// Changes which files are wanted. What the side file holds of one that is wanted from now on moves into it; one that is not any
    /// more stays where it is. Nobody may read or write meanwhile.
    /// </summary>
    /// <param name="wanted">The files.</param>
    /// <param name="have">The pieces whose bytes count.</param>
    public void Select(WantedFiles wanted, Bitfield have)
    {
        try
        {
            foreach (var file in _layout.Files)
            {
                if (wanted.Contains(file.Index) && !_wanted.Contains(file.Index))
                    Adopt(file, have);
            }
            _wanted = wanted;
        }
        finally
        {
            // If it fails half-way, too: what exists by now holds its own bytes.
            Array.Clear(_routes);
            Volatile.Write(ref _emptyFilesMade, false);
        }
    }

    /// <summary>Says which files are wanted, before anything is written; see <see cref="AdoptParts"/>.</summary>
    public void Want(WantedFiles wanted)
    {
        _wanted = wanted;
        Array.Clear(_routes);
    }

    /// <summary>At the start: moves what the side file holds of wanted files that do not exist into them.</summary>
    /// <param name="have">The pieces whose bytes count; null when they are not known, then those at a file's edges do.</param>
    public void AdoptParts(Bitfield? have)
    {
        if (!File.Exists(PartsPath))
            return;
        foreach (var file in _layout.Files)
        {
            if (_wanted.Contains(file.Index))
                Adopt(file, have);
        }
    }

    /// <summary>The files that exist, the side file included. What a link leads to outside the output folder is none of them.</summary>
    public IReadOnlyList<(int File, string Path, long Length)> Existing()
    {
        var found = new List<(int, string, long)>();
        var output = Links.Resolve(OutputFolder);
        for (var file = 0; file <= PartsIndex; file++)
        {
            if (file < PartsIndex && _layout.Files[file].IsPadding)
                continue;
            if (new FileInfo(PathOf(file)) is { Exists: true } info && Links.IsWithin(Links.Resolve(info.FullName), output))
                found.Add((file, info.FullName, info.Length));
        }
        return found;
    }

    /// <summary>From now on everything is in another folder, at the same paths below it. Nobody may write meanwhile.</summary>
    public void SwitchTo(string outputFolder)
    {
        var old = _root;
        var root = NewRoot(outputFolder);
        for (var file = 0; file <= PartsIndex; file++)
        {
            if (old.Paths[file] is { } path)
                root.Paths[file] = Path.Join(root.Output, Path.GetRelativePath(old.Output, path));
        }
        _root = root;
        _handles.CloseAll();
    }

    /// <summary>Forgets which files were seen, so that missing ones may be made again.</summary>
    public void Rescan()
    {
        _handles.CloseAll();
        Array.Clear(_seen);
        Array.Clear(_routes);
        Array.Clear(_root.Paths);
        for (var file = 0; file <= PartsIndex; file++)
            _ledger.Forget(file);
        _outputSeen = false;
        Volatile.Write(ref _emptyFilesMade, false);
    }

    /// <summary>Closes every file that is not in use, and the rest when they no longer are. They open again when needed.</summary>
    public void CloseAll() => _handles.CloseAll();

    /// <inheritdoc/>
    public void Dispose() => _handles.Dispose();

    private bool TryRead(long offset, Span<byte> into, out int missing)
    {
        missing = -1;
        foreach (var span in _layout.Map(offset, into.Length))
        {
            var run = into[..span.Length];
            into = into[span.Length..];
            if (_layout.Files[span.FileIndex].IsPadding)
            {
                run.Clear();
                continue;
            }
            var (file, position) = Place(span);
            if (ReadRun(file, position, run))
                continue;
            missing = file;
            return false;
        }
        return true;
    }

    private bool ReadRun(int file, long position, Span<byte> run)
    {
        try
        {
            if (_handles.Rent(file, writable: false) is not { } entry)
                return false;
            try
            {
                var path = PathOf(file);
                if (!_ledger.IsOurs(file, path, now: false))
                    throw DiskFaults.Changed("read", path, file);
                while (run.Length > 0)
                {
                    var read = Access.Read(entry.Handle, run, position);
                    if (read == 0)
                        return false;
                    run = run[read..];
                    position += read;
                }
                return true;
            }
            finally
            {
                _handles.Return(entry);
            }
        }
        catch (Exception failure)
        {
            _handles.CloseAll();
            throw DiskFaults.Exception("read", PathOf(file), failure);
        }
    }

    private Root NewRoot(string folder)
    {
        var output = Path.GetFullPath(folder);
        var root = new Root(output, new string?[_layout.Files.Count + 1]);
        root.Paths[PartsIndex] = Path.Join(output, _partsName);
        return root;
    }

    /// <summary>A file's own path, or the one of the names made for it under which it exists.</summary>
    private string FindPath(Root root, int file)
    {
        if (file == PartsIndex)
            return Path.Join(root.Output, _partsName);
        var own = OwnPath(root, file);
        return File.Exists(own) ? own : OtherPaths(root, file).FirstOrDefault(File.Exists) ?? own;
    }

    private string OwnPath(Root root, int file) => Path.Join([root.Output, .. _layout.Files[file].Segments]);

    private IEnumerable<string> OtherPaths(Root root, int file) =>
        file == PartsIndex ? [] : SafeNames.Of(_layout.Files[file].Segments).Select(segments => Path.Join([root.Output, .. segments]));

    private bool IsWanted(TorrentFileEntry file) => _wanted.Contains(file.Index);

    private void WriteRun(int file, SafeFileHandle handle, ReadOnlySpan<byte> run, long position)
    {
        SafeFileHandle? written = null;
        _ledger.BeginWrite(file);
        try
        {
            Access.Write(handle, run, position);
            written = handle;
        }
        finally
        {
            _ledger.EndWrite(file, written);
        }
    }

    private void SetLength(int file, SafeFileHandle handle)
    {
        SafeFileHandle? changed = null;
        _ledger.BeginWrite(file);
        try
        {
            Access.SetLength(handle, _layout.Files[file].Length);
            changed = handle;
        }
        finally
        {
            _ledger.EndWrite(file, changed);
        }
    }

    private void DeleteParts()
    {
        var path = PartsPath;
        if (!File.Exists(path))
            return;
        try
        {
            _handles.CloseAll();
            File.Delete(path);
            _seen[PartsIndex] = false;
            _ledger.Forget(PartsIndex);
        }
        catch (Exception failure)
        {
            throw DiskFaults.Exception("delete", path, failure);
        }
    }

    /// <summary>Moves a file's bytes from the side file into a file of its own, which appears whole or not at all.</summary>
    private void Adopt(TorrentFileEntry file, Bitfield? have)
    {
        var path = PathOf(file.Index);
        if (file.Length == 0 || File.Exists(path) || !File.Exists(PartsPath) || _layout.PiecesOf(file.Index) is not var (first, last))
            return;
        var fresh = Path.Join(OutputFolder, FormattableString.Invariant($"{_partsName}.{file.Index}"));
        var isFound = false;
        var buffer = ArrayPool<byte>.Shared.Rent(CopyLength);
        try
        {
            using (var parts = File.OpenHandle(PartsPath, FileMode.Open, FileAccess.Read, Sharing))
            using (var target = File.OpenHandle(fresh, FileMode.Create, FileAccess.Write, Sharing))
            {
                RandomAccess.SetLength(target, file.Length);
                for (var piece = first.Value; piece <= last.Value; piece++)
                {
                    if (have is null ? piece != first.Value && piece != last.Value : !have[new PieceIndex(piece)])
                        continue;
                    var start = Math.Max(file.Offset, (long)piece * _layout.PieceLength);
                    var end = Math.Min(file.Offset + file.Length, (piece + 1L) * _layout.PieceLength);
                    isFound |= Copy(parts, target, start, end, file.Offset, buffer);
                }
            }
            if (!isFound && (have is null || !HasAny(have, first.Value, last.Value)))
            {
                File.Delete(fresh);
                return;
            }
            // The names that the file system takes are found out as for any other file: by making it.
            _handles.Return(_handles.Rent(file.Index, writable: true)!);
            _handles.CloseAll();
            path = PathOf(file.Index);
            File.Move(fresh, path, overwrite: true);
            _ledger.Forget(file.Index);
            _ledger.MarkDirty(file.Index);
        }
        catch (Exception failure)
        {
            File.Delete(fresh);
            // It was not there before: what is now is empty, and would be taken for the file itself the next time.
            _handles.CloseAll();
            if (File.Exists(PathOf(file.Index)))
                File.Delete(PathOf(file.Index));
            _seen[file.Index] = false;
            throw DiskFaults.Exception("create", path, failure);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        static bool HasAny(Bitfield have, int first, int last)
        {
            for (var piece = first; piece <= last; piece++)
            {
                if (have[new PieceIndex(piece)])
                    return true;
            }
            return false;
        }
    }

    /// <summary>Copies a range, zeros left out; returns whether there was anything else.</summary>
    private static bool Copy(SafeFileHandle from, SafeFileHandle to, long start, long end, long shift, byte[] buffer)
    {
        var isFound = false;
        while (start < end)
        {
            var read = RandomAccess.Read(from, buffer.AsSpan(0, (int)Math.Min(CopyLength, end - start)), start);
            if (read == 0)
                break;
            var run = buffer.AsSpan(0, read);
            if (run.ContainsAnyExcept((byte)0))
            {
                RandomAccess.Write(to, run, start - shift);
                isFound = true;
            }
            start += read;
        }
        return isFound;
    }

    /// <summary>Where a run lies: in its own file, or in the side file when its own is not wanted and does not exist anyway.</summary>
    private (int File, long Position) Place(FileSpan span)
    {
        var file = _layout.Files[span.FileIndex];
        if (IsWanted(file))
            return (span.FileIndex, span.FileOffset);
        if (_routes[span.FileIndex] == Route.Unknown)
            _routes[span.FileIndex] = File.Exists(PathOf(span.FileIndex)) ? Route.Own : Route.Parts;
        return _routes[span.FileIndex] == Route.Own ? (span.FileIndex, span.FileOffset) : (PartsIndex, file.Offset + span.FileOffset);
    }

    private void MakeEmptyFiles()
    {
        lock (_making)
            MakeEmptyFilesOnce();
    }

    private void MakeEmptyFilesOnce()
    {
        foreach (var file in _layout.Files)
        {
            if (file.Length > 0 || !IsWanted(file))
                continue;
            var path = PathOf(file.Index);
            try
            {
                // Not by way of the kept handles: one of them may belong to a file that was deleted.
                if (!File.Exists(path))
                    Open(file.Index, writable: true)!.Dispose();
            }
            catch (Exception failure)
            {
                throw DiskFaults.Exception("create", path, failure);
            }
        }
        Volatile.Write(ref _emptyFilesMade, true);
    }

    private SafeFileHandle? Open(int file, bool writable)
    {
        var path = PathOf(file);
        var exists = File.Exists(path);
        if (!writable && !exists)
            return null;
        if (!exists)
            RefuseToReplace(file, path);
        else if (!_ledger.IsOurs(file, path, now: true))
            throw DiskFaults.Changed("open", path, file);
        var handle = exists ? OpenExisting(file, path, writable) : Create(file, path);
        _seen[file] = true;
        _outputSeen = true;
        return handle;
    }

    private SafeFileHandle OpenExisting(int file, string path, bool writable)
    {
        RefuseEscape(path);
        if (!writable)
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, Sharing);
        return WithLength(file, File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, Sharing));
    }

    /// <summary>Makes a file under its own name, or the first other one that the file system takes.</summary>
    private SafeFileHandle Create(int file, string path)
    {
        var root = _root;
        Exception? refusal = null;
        foreach (var candidate in OtherPaths(root, file).Prepend(path).Distinct(StringComparer.Ordinal))
        {
            try
            {
                RefuseEscape(candidate);
                Directory.CreateDirectory(Path.GetDirectoryName(candidate)!);
                var space = _allocation == FileAllocation.Full && file != PartsIndex ? _layout.Files[file].Length : 0;
                var handle = WithLength(file, File.OpenHandle(candidate, FileMode.CreateNew, FileAccess.ReadWrite, Sharing, FileOptions.None, space));
                if (refusal is not null)
                {
                    root.Paths[file] = candidate;
                    _renamed.Enqueue((file, candidate));
                }
                return handle;
            }
            catch (IOException failure) when (IsTooLargeForVolume(file, failure))
            {
                throw new DiskFaultException(DiskFaults.NoSpace("create", candidate), failure);
            }
            catch (Exception failure) when (DiskFaults.IsNameRefused(failure))
            {
                refusal ??= failure;
            }
        }
        throw DiskFaults.Exception("create", path, refusal!);
    }

    /// <summary>Taking a file's space beforehand fails without the system's number of the error.</summary>
    private bool IsTooLargeForVolume(int file, IOException failure) =>
        _allocation == FileAllocation.Full && file != PartsIndex && failure.HResult == DiskFaults.NoNumber
        && Storage.OutputFolder.FreeBytes(OutputFolder) is { } free && free < _layout.Files[file].Length;

    private SafeFileHandle WithLength(int file, SafeFileHandle handle)
    {
        try
        {
            // The side file grows as it is written: its length says nothing.
            if (file != PartsIndex && RandomAccess.GetLength(handle) != _layout.Files[file].Length)
                SetLength(file, handle);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    // What was verified in it is gone with it; an empty file loses nothing.
    private void RefuseToReplace(int file, string path)
    {
        if (_outputSeen && !Directory.Exists(OutputFolder))
            throw DiskFaults.Vanished("open", OutputFolder);
        // The system says "permission denied" to this, which would send the user looking in the wrong place.
        if (Directory.Exists(path))
            throw new DiskFaultException(new DiskFault("open", path, "It is a folder.", IsFatal: true));
        if (_seen[file] && (file == PartsIndex || _layout.Files[file].Length > 0))
            throw DiskFaults.Vanished("open", path);
    }

    // The output folder itself may be a link, that is the user's choice; below it a link must stay inside.
    private void RefuseEscape(string path)
    {
        var target = Links.Resolve(path);
        if (!Links.IsWithin(target, Links.Resolve(OutputFolder)))
            throw new DiskFaultException(new DiskFault("open", path, $"A link leads out of the output folder, to {target}.", IsFatal: true));
    }

    /// <summary>The folder, and where in it each file lies, as far as that was looked up; the side file comes last.</summary>
    private sealed record Root(string Output, string?[] Paths);
}
