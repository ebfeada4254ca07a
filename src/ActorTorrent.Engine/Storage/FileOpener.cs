using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Metainfo;
using Microsoft.Win32.SafeHandles;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Opens a torrent's files, and makes them when they are to be written for the first time. It remembers which files it saw: one that is
/// gone later is a fault and not made anew. Nothing is opened that a link leads to outside the output folder.
/// </summary>
/// <param name="layout">The files.</param>
/// <param name="paths">Where they lie.</param>
/// <param name="ledger">Knows whether they are as we left them.</param>
/// <param name="allocation">How much of a file's space is taken when it is made.</param>
internal sealed class FileOpener(FileLayout layout, FilePaths paths, FileLedger ledger, FileAllocation allocation)
{
    /// <summary>How files are shared with other programs: they may do what they like, and the ledger sees it.</summary>
    public const FileShare Sharing = FileShare.ReadWrite | FileShare.Delete;

    private readonly bool[] _seen = new bool[layout.Files.Count + 1];
    private bool _outputSeen;

    /// <summary>How a file's length gets to the disk.</summary>
    public DiskAccess Access { get; set; } = DiskAccess.Direct;

    /// <summary>Whether bytes of a file were there that would be lost with it; an empty file loses nothing.</summary>
    public bool HasSeenBytes(int file) => _seen[file] && (file == paths.PartsIndex || layout.Files[file].Length > 0);

    /// <summary>A file is known to be there.</summary>
    public void Saw(int file)
    {
        _seen[file] = true;
        _outputSeen = true;
    }

    /// <summary>A file may be missing.</summary>
    public void Forget(int file) => _seen[file] = false;

    /// <summary>Every file may be missing, and the output folder too.</summary>
    public void ForgetAll()
    {
        Array.Clear(_seen);
        _outputSeen = false;
    }

    /// <summary>Opens a file, or makes it; null when it does not exist and is not to be written.</summary>
    public SafeFileHandle? Open(int file, bool writable)
    {
        var path = paths.Of(file);
        var exists = File.Exists(path);
        if (!writable && !exists)
            return null;
        if (!exists)
            RefuseToReplace(file, path);
        else if (!ledger.IsOurs(file, path, now: true))
            throw DiskFaults.Changed("open", path, file);
        var handle = exists ? OpenExisting(file, path, writable) : Create(file, path);
        Saw(file);
        return handle;
    }

    /// <summary>Cuts a file that is longer than it should be.</summary>
    public void Shorten(int file)
    {
        var path = paths.Of(file);
        if (new FileInfo(path) is not { Exists: true } info || info.Length <= layout.Files[file].Length)
            return;
        RefuseEscape(path);
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, Sharing);
        SetLength(file, handle);
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
        Exception? refusal = null;
        foreach (var candidate in paths.Candidates(file))
        {
            try
            {
                RefuseEscape(candidate);
                Directory.CreateDirectory(Path.GetDirectoryName(candidate)!);
                var space = allocation == FileAllocation.Full && file != paths.PartsIndex ? layout.Files[file].Length : 0;
                var handle = WithLength(file, File.OpenHandle(candidate, FileMode.CreateNew, FileAccess.ReadWrite, Sharing, FileOptions.None, space));
                if (refusal is not null)
                    paths.Rename(file, candidate);
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
        allocation == FileAllocation.Full && file != paths.PartsIndex && failure.HResult == DiskFaults.NoNumber
        && OutputFolder.FreeBytes(paths.Output) is { } free && free < layout.Files[file].Length;

    private SafeFileHandle WithLength(int file, SafeFileHandle handle)
    {
        try
        {
            // The side file grows as it is written: its length says nothing.
            if (file != paths.PartsIndex && RandomAccess.GetLength(handle) != layout.Files[file].Length)
                SetLength(file, handle);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private void SetLength(int file, SafeFileHandle handle)
    {
        SafeFileHandle? changed = null;
        ledger.BeginWrite(file);
        try
        {
            Access.SetLength(handle, layout.Files[file].Length);
            changed = handle;
        }
        finally
        {
            ledger.EndWrite(file, changed);
        }
    }

    // What was verified in it is gone with it.
    private void RefuseToReplace(int file, string path)
    {
        if (_outputSeen && !Directory.Exists(paths.Output))
            throw DiskFaults.Vanished("open", paths.Output);
        // The system says "permission denied" to this, which would send the user looking in the wrong place.
        if (Directory.Exists(path))
            throw new DiskFaultException(new DiskFault("open", path, "It is a folder.", IsFatal: true));
        if (HasSeenBytes(file))
            throw DiskFaults.Vanished("open", path);
    }

    // The output folder itself may be a link, that is the user's choice; below it a link must stay inside.
    private void RefuseEscape(string path)
    {
        var target = Links.Resolve(path);
        if (!Links.IsWithin(target, Links.Resolve(paths.Output)))
            throw new DiskFaultException(new DiskFault("open", path, $"A link leads out of the output folder, to {target}.", IsFatal: true));
    }
}
