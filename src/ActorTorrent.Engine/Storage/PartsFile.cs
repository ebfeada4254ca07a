using System.Buffers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Microsoft.Win32.SafeHandles;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// The sparse side file: bytes of files that the user does not want, needed to verify pieces that they share with wanted ones, at their
/// torrent offset. Nobody may read or write while bytes move out of it.
/// </summary>
/// <param name="layout">The files.</param>
/// <param name="paths">Where they and the side file lie.</param>
/// <param name="handles">Open files.</param>
/// <param name="opener">Knows which files were seen.</param>
/// <param name="ledger">Knows whether they are as we left them.</param>
internal sealed class PartsFile(FileLayout layout, FilePaths paths, FileHandles handles, FileOpener opener, FileLedger ledger)
{
    private const int CopyLength = 256 << 10;

    /// <summary>Whether it is there.</summary>
    public bool Exists => File.Exists(paths.Parts);

    /// <summary>Removes it, if it is there.</summary>
    public void Delete()
    {
        if (!Exists)
            return;
        var path = paths.Parts;
        try
        {
            handles.CloseAll();
            File.Delete(path);
            opener.Forget(paths.PartsIndex);
            ledger.Forget(paths.PartsIndex);
        }
        catch (Exception failure)
        {
            throw DiskFaults.Exception("delete", path, failure);
        }
    }

    /// <summary>Moves a file's bytes into a file of its own, which appears whole or not at all.</summary>
    /// <param name="file">The file; one that exists stays as it is.</param>
    /// <param name="have">The pieces whose bytes count; null when they are not known, then those at the file's edges do.</param>
    public void Adopt(TorrentFileEntry file, Bitfield? have)
    {
        var path = paths.Of(file.Index);
        if (file.Length == 0 || File.Exists(path) || !Exists || layout.PiecesOf(file.Index) is not var (first, last))
            return;
        var fresh = FormattableString.Invariant($"{paths.Parts}.{file.Index}");
        try
        {
            if (!CopyTo(fresh, file, first.Value, last.Value, have) && (have is null || !HasAny(have, first.Value, last.Value)))
            {
                File.Delete(fresh);
                return;
            }
            // The names that the file system takes are found out as for any other file: by making it.
            handles.Return(handles.Rent(file.Index, writable: true)!);
            handles.CloseAll();
            path = paths.Of(file.Index);
            File.Move(fresh, path, overwrite: true);
            ledger.Forget(file.Index);
            ledger.MarkDirty(file.Index);
        }
        catch (Exception failure)
        {
            File.Delete(fresh);
            // It was not there before: what is now is empty, and would be taken for the file itself the next time.
            handles.CloseAll();
            if (File.Exists(paths.Of(file.Index)))
                File.Delete(paths.Of(file.Index));
            opener.Forget(file.Index);
            throw DiskFaults.Exception("create", path, failure);
        }
    }

    private static bool HasAny(Bitfield have, int first, int last)
    {
        for (var piece = first; piece <= last; piece++)
        {
            if (have[new PieceIndex(piece)])
                return true;
        }
        return false;
    }

    /// <summary>Copies what counts of a file; false when there was nothing but zeros.</summary>
    private bool CopyTo(string fresh, TorrentFileEntry file, int first, int last, Bitfield? have)
    {
        var isFound = false;
        var buffer = ArrayPool<byte>.Shared.Rent(CopyLength);
        try
        {
            using var parts = File.OpenHandle(paths.Parts, FileMode.Open, FileAccess.Read, FileOpener.Sharing);
            using var target = File.OpenHandle(fresh, FileMode.Create, FileAccess.Write, FileOpener.Sharing);
            RandomAccess.SetLength(target, file.Length);
            for (var piece = first; piece <= last; piece++)
            {
                if (have is null ? piece != first && piece != last : !have[new PieceIndex(piece)])
                    continue;
                var start = Math.Max(file.Offset, (long)piece * layout.PieceLength);
                var end = Math.Min(file.Offset + file.Length, (piece + 1L) * layout.PieceLength);
                isFound |= CopyRange(parts, target, start, end, file.Offset, buffer);
            }
            return isFound;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Copies a range, zeros left out; returns whether there was anything else.</summary>
    private static bool CopyRange(SafeFileHandle from, SafeFileHandle to, long start, long end, long shift, byte[] buffer)
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
}
