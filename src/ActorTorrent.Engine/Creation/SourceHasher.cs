using System.Buffers;
using System.Security.Cryptography;
using ActorTorrent.Engine.Checking;
using ActorTorrent.Engine.Hashing;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using Microsoft.Win32.SafeHandles;

namespace ActorTorrent.Engine.Creation;

/// <summary>Hashes the pieces of a tree of files, on all cores, each reading its own stretch of the content.</summary>
internal sealed class SourceHasher : IDisposable
{
    private const int ChunkLength = 1 << 20;
    private const int BytesPerTurn = 4 << 20;
    private const int OpenFiles = 64;

    private readonly SourceTree _tree;
    private readonly FileLayout _layout;
    private readonly WorkProgress _progress;
    private readonly FileHandles _handles;
    private readonly byte[] _hashes;
    private readonly int _piecesPerTurn;
    private int _next;

    public SourceHasher(SourceTree tree, int pieceLength, WorkProgress progress)
    {
        _tree = tree;
        _progress = progress;
        var entries = new TorrentFileEntry[tree.Files.Count];
        var offset = 0L;
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new TorrentFileEntry(i, [tree.Name, .. tree.Files[i].Segments], tree.Files[i].Length, offset);
            offset += tree.Files[i].Length;
        }
        _layout = new FileLayout(entries, pieceLength);
        _handles = new FileHandles(OpenFiles, (file, _) => Open(_tree.Files[file].FullPath));
        _hashes = new byte[checked(_layout.PieceCount * PieceHashes.HashLength)];
        _piecesPerTurn = PieceBatch.PiecesFor(BytesPerTurn, pieceLength);
    }

    /// <summary>The SHA-1 of every piece, 20 bytes each, end to end.</summary>
    /// <exception cref="CreationException">A file cannot be read, or changed since it was listed.</exception>
    public async Task<byte[]> RunAsync(CancellationToken cancelled)
    {
        var turns = (_layout.PieceCount + _piecesPerTurn - 1) / _piecesPerTurn;
        await Cores.RunAsync(HashTurns, turns, cancelled).ConfigureAwait(false);
        foreach (var file in _tree.Files)
        {
            var info = new FileInfo(Links.Resolve(file.FullPath));
            if (!info.Exists || info.Length != file.Length || info.LastWriteTimeUtc != file.LastWrite)
                throw Changed(file);
        }
        return _hashes;
    }

    public void Dispose() => _handles.Dispose();

    private void HashTurns(CancellationToken stop)
    {
        if (PieceBatch.Helps(_layout.PieceLength))
        {
            using var batch = new PieceBatch(_layout.PieceLength, (piece, sha1) => sha1.CopyTo(HashOf(new PieceIndex(piece))));
            TakeTurns(piece =>
            {
                var size = _layout.PieceSize(piece);
                Read(_layout.PieceOffset(piece), batch.Next(size), stop);
                batch.Add(piece.Value, size);
            });
            batch.HashAll();
            return;
        }
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkLength);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        try
        {
            TakeTurns(piece =>
            {
                var (offset, size) = (_layout.PieceOffset(piece), _layout.PieceSize(piece));
                for (var done = 0; done < size; done += ChunkLength)
                {
                    var part = chunk.AsSpan(0, Math.Min(ChunkLength, size - done));
                    Read(offset + done, part, stop);
                    hash.AppendData(part);
                }
                hash.GetHashAndReset(HashOf(piece));
            });
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private void TakeTurns(Action<PieceIndex> hash)
    {
        while (true)
        {
            var end = Interlocked.Add(ref _next, _piecesPerTurn);
            var first = end - _piecesPerTurn;
            // The sum may pass the greatest number when there are nearly as many pieces.
            if (first < 0 || first >= _layout.PieceCount)
                return;
            for (var piece = first; piece < Math.Min((uint)end, (uint)_layout.PieceCount); piece++)
                hash(new PieceIndex(piece));
        }
    }

    private Span<byte> HashOf(PieceIndex piece) => _hashes.AsSpan(piece.Value * PieceHashes.HashLength, PieceHashes.HashLength);

    private void Read(long offset, Span<byte> into, CancellationToken stop)
    {
        foreach (var span in _layout.Map(offset, into.Length))
        {
            var file = _tree.Files[span.FileIndex];
            var run = into[..span.Length];
            into = into[span.Length..];
            try
            {
                var entry = _handles.Rent(span.FileIndex, writable: false)!;
                try
                {
                    for (var done = 0; done < run.Length;)
                    {
                        stop.ThrowIfCancellationRequested();
                        var part = run.Slice(done, Math.Min(ChunkLength, run.Length - done));
                        var read = RandomAccess.Read(entry.Handle, part, span.FileOffset + done);
                        if (read == 0)
                            throw Changed(file);
                        done += read;
                        _progress.Add(read);
                    }
                }
                finally
                {
                    _handles.Return(entry);
                }
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                throw Changed(file, e);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new CreationException(CreationFailure.Disk, $"{file.FullPath}: {DiskFaults.From("read", file.FullPath, e).Reason}", e);
            }
        }
    }

    private static SafeFileHandle Open(string path) =>
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);

    private static CreationException Changed(SourceFile file, Exception? cause = null) => new(
        CreationFailure.Changed, $"{file.FullPath}: it changed while it was hashed; try again when nobody writes to it.", cause);
}
