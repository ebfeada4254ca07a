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
/// verified pieces in it are gone too; <see cref="Rescan"/> starts over.
/// </remarks>
internal sealed class TorrentFiles : IDisposable
{
    private const FileShare Sharing = FileShare.ReadWrite | FileShare.Delete;

    private readonly FileLayout _layout;
    private readonly string _output;
    private readonly string _parts;
    private readonly IReadOnlySet<int>? _wanted;
    private readonly FileHandles _handles;
    private readonly Bitfield _wantedPieces;
    private readonly Route[] _routes;
    private readonly bool[] _seen;
    private bool _outputSeen;
    private bool _emptyFilesMade;

    /// <param name="layout">The files.</param>
    /// <param name="infoHash">Names the side file.</param>
    /// <param name="outputFolder">The folder that everything stays in.</param>
    /// <param name="wanted">Indices of the files to make; null for all.</param>
    /// <param name="openFiles">Files kept open.</param>
    public TorrentFiles(FileLayout layout, InfoHash infoHash, string outputFolder, IReadOnlySet<int>? wanted, int openFiles)
    {
        _layout = layout;
        _output = Path.GetFullPath(outputFolder);
        _parts = Path.Join(_output, $".{infoHash}.parts");
        _wanted = wanted;
        _handles = new FileHandles(openFiles, Open);
        _routes = new Route[layout.Files.Count];
        _seen = new bool[layout.Files.Count + 1];
        _wantedPieces = new Bitfield(layout.PieceCount);
        foreach (var file in layout.Files)
        {
            if (!IsWanted(file) || layout.PiecesOf(file.Index) is not { } pieces)
                continue;
            for (var piece = pieces.First.Value; piece <= pieces.Last.Value; piece++)
                _wantedPieces.Set(new PieceIndex(piece));
        }
    }

    private enum Route : byte
    {
        Unknown,
        Own,
        Parts,
    }

    /// <summary>Files that are open now.</summary>
    public int OpenCount => _handles.Count;

    /// <summary>The side file's path.</summary>
    public string PartsPath => _parts;

    private int PartsIndex => _layout.Files.Count;

    /// <summary>Where a file lies.</summary>
    public string PathOf(int file) =>
        file == PartsIndex ? _parts : Path.Join([_output, .. _layout.Files[file].Segments]);

    /// <summary>Whether every piece of every wanted file is there.</summary>
    public bool IsComplete(Bitfield have) => !_wantedPieces.HasAnyNotIn(have);

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
                    RandomAccess.Write(entry.Handle, run, position);
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
            new DiskFault("read", PathOf(missing), File.Exists(PathOf(missing)) ? "It is shorter than it was." : "It was there and is gone.", IsFatal: false));
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
    public void Complete()
    {
        MakeEmptyFiles();
        foreach (var file in _layout.Files)
        {
            if (!IsWanted(file))
                continue;
            var path = PathOf(file.Index);
            try
            {
                if (new FileInfo(path) is { Exists: true } info && info.Length > file.Length)
                    _handles.Return(_handles.Rent(file.Index, writable: true)!);
            }
            catch (Exception failure)
            {
                throw DiskFaults.Exception("write", path, failure);
            }
        }
        if (_wanted is not null || !File.Exists(_parts))
            return;
        try
        {
            File.Delete(_parts);
        }
        catch (Exception failure)
        {
            throw DiskFaults.Exception("delete", _parts, failure);
        }
    }

    /// <summary>Forgets which files were seen, so that missing ones may be made again.</summary>
    public void Rescan()
    {
        _handles.CloseAll();
        Array.Clear(_seen);
        Array.Clear(_routes);
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
                while (run.Length > 0)
                {
                    var read = RandomAccess.Read(entry.Handle, run, position);
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

    private bool IsWanted(TorrentFileEntry file) => !file.IsPadding && (_wanted is null || _wanted.Contains(file.Index));

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
        if (writable && !exists)
            RefuseToReplace(file, path);
        RefuseEscape(path);
        SafeFileHandle handle;
        if (writable)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, Sharing);
            try
            {
                // The side file grows as it is written: its length says nothing.
                if (file != PartsIndex && RandomAccess.GetLength(handle) != _layout.Files[file].Length)
                    RandomAccess.SetLength(handle, _layout.Files[file].Length);
            }
            catch
            {
                handle.Dispose();
                throw;
            }
        }
        else
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, Sharing);
        }
        _seen[file] = true;
        _outputSeen = true;
        return handle;
    }

    // What was verified in it is gone with it; an empty file loses nothing.
    private void RefuseToReplace(int file, string path)
    {
        if (_outputSeen && !Directory.Exists(_output))
            throw DiskFaults.Vanished("open", _output);
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
        if (!Links.IsWithin(target, Links.Resolve(_output)))
            throw new DiskFaultException(new DiskFault("open", path, $"A link leads out of the output folder, to {target}.", IsFatal: true));
    }
}
