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
    private readonly FileLayout _layout;
    private readonly FilePaths _paths;
    private readonly FileOpener _opener;
    private readonly FileHandles _handles;
    private readonly FileLedger _ledger;
    private readonly PartsFile _parts;
    private readonly Lock _making = new();
    private readonly Route[] _routes;
    private volatile WantedFiles _wanted;
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
        _paths = new FilePaths(layout, $".{infoHash}.parts", outputFolder);
        _ledger = new FileLedger(layout.Files.Count + 1);
        _opener = new FileOpener(layout, _paths, _ledger, allocation);
        _handles = new FileHandles(openFiles, _opener.Open);
        _parts = new PartsFile(layout, _paths, _handles, _opener, _ledger);
        _routes = new Route[layout.Files.Count];
        _wanted = new WantedFiles(layout, wanted);
    }

    /// <summary>Counts the buffers that blocks for peers are read into; null when nobody does.</summary>
    public LoanCount? ReadLoans { get; init; }

    /// <summary>How bytes get to the files and back.</summary>
    public DiskAccess Access
    {
        get => _opener.Access;
        init => _opener.Access = value;
    }

    private enum Route : byte
    {
        Unknown,
        Own,
        Parts,
    }

    /// <summary>Files that are open now.</summary>
    public int OpenCount => _handles.Count;

    /// <summary>The folder that everything is in now.</summary>
    public string OutputFolder => _paths.Output;

    /// <summary>The side file's path.</summary>
    public string PartsPath => _paths.Parts;

    /// <summary>Which files the user wants now.</summary>
    public WantedFiles Wanted => _wanted;

    /// <summary>The side file's place behind the torrent's own files.</summary>
    public int PartsIndex => _paths.PartsIndex;

    /// <summary>Where a file lies, or would lie if it were made and the file system took its name.</summary>
    public string PathOf(int file) => _paths.Of(file);

    /// <summary>A file that got another name than the torrent's since the last call; false when there is none.</summary>
    public bool TryTakeRenamed(out int file, out string path) => _paths.TryTakeRenamed(out file, out path);

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
                _opener.Shorten(file.Index);
            }
            catch (Exception failure)
            {
                throw DiskFaults.Exception("write", path, failure);
            }
        }
        if (_wanted.IsAll)
            _parts.Delete();
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
            if (stamps[file].IsMissing && _opener.HasSeenBytes(file))
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
            _opener.Saw(file);
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
                    _parts.Adopt(file, have);
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
        if (!_parts.Exists)
            return;
        foreach (var file in _layout.Files)
        {
            if (_wanted.Contains(file.Index))
                _parts.Adopt(file, have);
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
        _paths.SwitchTo(outputFolder);
        _handles.CloseAll();
    }

    /// <summary>Forgets which files were seen, so that missing ones may be made again.</summary>
    public void Rescan()
    {
        _handles.CloseAll();
        _opener.ForgetAll();
        Array.Clear(_routes);
        _paths.Forget();
        for (var file = 0; file <= PartsIndex; file++)
            _ledger.Forget(file);
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
                    _opener.Open(file.Index, writable: true)!.Dispose();
            }
            catch (Exception failure)
            {
                throw DiskFaults.Exception("create", path, failure);
            }
        }
        Volatile.Write(ref _emptyFilesMade, true);
    }
}
