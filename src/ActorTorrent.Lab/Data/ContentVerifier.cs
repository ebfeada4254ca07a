using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using ActorTorrent.Wire.Metainfo;
using Microsoft.Win32.SafeHandles;

namespace ActorTorrent.Lab.Data;

/// <summary>Checks files on disk against generated content, from nothing but the files' bytes and the hashes.</summary>
internal sealed class ContentVerifier(GeneratedContent content, string folder)
{
    private const int MostDifferences = 10;

    private readonly ConcurrentQueue<string> _differences = new();

    public ContentVerdict Run(CancellationToken cancellation)
    {
        var options = new ParallelOptions { CancellationToken = cancellation };
        var layout = content.Layout;
        var handles = new SafeFileHandle?[layout.Files.Count];
        try
        {
            foreach (var file in layout.Files)
                handles[file.Index] = Open(file);
            var goodPieces = 0;
            Parallel.For(0, layout.PieceCount, options, index =>
            {
                if (IsGoodPiece(new PieceIndex(index), handles))
                    Interlocked.Increment(ref goodPieces);
                else
                    Report($"piece {index}: SHA-1 differs");
            });
            var goodFiles = 0;
            Parallel.ForEach(layout.Files, options, file =>
            {
                if (handles[file.Index] is not { } handle)
                    return;
                if (IsGoodFile(file, handle))
                    Interlocked.Increment(ref goodFiles);
                else
                    Report($"{file.Path}: SHA-256 differs");
            });
            return new ContentVerdict(layout.PieceCount, goodPieces, layout.Files.Count, goodFiles, [.. _differences]);
        }
        finally
        {
            foreach (var handle in handles)
                handle?.Dispose();
        }
    }

    private SafeFileHandle? Open(TorrentFileEntry file)
    {
        var path = GeneratedContent.PathOf(folder, file);
        if (!File.Exists(path))
        {
            Report($"{file.Path}: is not there");
            return null;
        }
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var length = RandomAccess.GetLength(handle);
        if (length == file.Length)
            return handle;
        Report($"{file.Path}: {length} bytes instead of {file.Length}");
        handle.Dispose();
        return null;
    }

    private bool IsGoodPiece(PieceIndex piece, SafeFileHandle?[] handles)
    {
        var size = content.Layout.PieceSize(piece);
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var at = 0;
            foreach (var span in content.Layout.Map(content.Layout.PieceOffset(piece), size))
            {
                if (handles[span.FileIndex] is not { } handle || !TryRead(handle, span.FileOffset, buffer.AsSpan(at, span.Length)))
                    return false;
                at += span.Length;
            }
            Span<byte> sha1 = stackalloc byte[SHA1.HashSizeInBytes];
            SHA1.HashData(buffer.AsSpan(0, size), sha1);
            return content.Metainfo.PieceHashes.Matches(piece, sha1);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool IsGoodFile(TorrentFileEntry file, SafeFileHandle handle)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(GeneratedContent.ChunkLength);
        try
        {
            for (var done = 0L; done < file.Length;)
            {
                var chunk = buffer.AsSpan(0, (int)Math.Min(GeneratedContent.ChunkLength, file.Length - done));
                if (!TryRead(handle, done, chunk))
                    return false;
                sha.AppendData(chunk);
                done += chunk.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return sha.GetHashAndReset().AsSpan().SequenceEqual(content.Sha256Of(file.Index));
    }

    private static bool TryRead(SafeFileHandle handle, long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            var count = RandomAccess.Read(handle, destination, offset);
            if (count == 0)
                return false;
            offset += count;
            destination = destination[count..];
        }
        return true;
    }

    private void Report(string difference)
    {
        if (_differences.Count < MostDifferences)
            _differences.Enqueue(difference);
    }
}
