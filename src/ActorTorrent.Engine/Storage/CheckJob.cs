using System.Buffers;
using System.Security.Cryptography;
using ActorTorrent.Engine.Hashing;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;

namespace ActorTorrent.Engine.Storage;

/// <summary>Hashes a run of pieces as they lie on disk.</summary>
internal sealed class CheckJob(
    IActorRef owner, CancellationToken cancelled, TorrentFiles files, FileLayout layout, PieceHashes hashes, int first, int count)
    : DiskJob(owner, isRead: false, cancelled)
{
    private const int ChunkLength = 256 << 10;

    private static readonly byte[] Zeros = new byte[ChunkLength];

    // Of the length asked for last; replaced whole, so threads may race for it.
    private static volatile Blank? _hashOfZeros;

    public int First => first;

    public int Count => count;

    /// <summary>Which pieces of the run match their hash.</summary>
    public bool[] Matched { get; } = new bool[count];

    /// <summary>The piece at which the disk failed; the ones after it were tried all the same.</summary>
    public PieceIndex? FailedAt { get; private set; }

    protected override string Subject => $"pieces {first} to {first + count - 1}";

    protected override void Work()
    {
        if (PieceBatch.Helps(layout.PieceLength) && count >= Sha1Group.Fewest)
        {
            using var batch = new PieceBatch(layout.PieceLength, (piece, sha1) => Matched[piece - first] = hashes.Matches(new PieceIndex(piece), sha1));
            LookAtEach(piece => Look(piece, batch), batch.HashAll);
            return;
        }
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkLength);
        try
        {
            LookAtEach(piece => Matched[piece.Value - first] = Matches(piece, chunk));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private void LookAtEach(Action<PieceIndex> look, Action? end = null)
    {
        DiskFaultException? failed = null;
        for (var i = 0; i < count && !IsCancelled; i++)
        {
            var piece = new PieceIndex(first + i);
            try
            {
                look(piece);
            }
            catch (DiskFaultException failure)
            {
                failed ??= failure;
                FailedAt ??= piece;
            }
        }
        end?.Invoke();
        if (failed is not null)
            throw failed;
    }

    /// <summary>Reads a piece and leaves its hash to the batch.</summary>
    private void Look(PieceIndex piece, PieceBatch batch)
    {
        var (offset, size) = (layout.PieceOffset(piece), layout.PieceSize(piece));
        if (!files.Exists(offset, size))
            return;
        var bytes = batch.Next(size);
        if (!files.TryRead(offset, bytes))
            return;
        // See Matches.
        if (bytes.ContainsAnyExcept((byte)0))
            batch.Add(piece.Value, size);
        else
            Matched[piece.Value - first] = hashes.Matches(piece, HashOfZeros(size));
    }

    private bool Matches(PieceIndex piece, byte[] chunk)
    {
        var offset = layout.PieceOffset(piece);
        var left = layout.PieceSize(piece);
        if (!files.Exists(offset, left))
            return false;
        // A sparse file's holes read as zeros, many times faster than they hash: a piece of nothing but zeros, most of a fresh
        // download, is told by the hash of zeros, which is computed once.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        var zeros = 0;
        var isBlank = true;
        while (left > 0)
        {
            var part = chunk.AsSpan(0, Math.Min(left, ChunkLength));
            if (!files.TryRead(offset, part))
                return false;
            offset += part.Length;
            left -= part.Length;
            if (isBlank && !part.ContainsAnyExcept((byte)0))
            {
                zeros += part.Length;
                continue;
            }
            if (isBlank)
                AppendZeros(hash, zeros);
            isBlank = false;
            hash.AppendData(part);
        }
        if (isBlank)
            return hashes.Matches(piece, HashOfZeros(zeros));
        Span<byte> sha1 = stackalloc byte[PieceHashes.HashLength];
        hash.GetHashAndReset(sha1);
        return hashes.Matches(piece, sha1);
    }

    private static byte[] HashOfZeros(int length)
    {
        if (_hashOfZeros is { } known && known.Length == length)
            return known.Sha1;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        AppendZeros(hash, length);
        var sha1 = hash.GetHashAndReset();
        _hashOfZeros = new Blank(length, sha1);
        return sha1;
    }

    private static void AppendZeros(IncrementalHash hash, int length)
    {
        for (; length > 0; length -= Math.Min(length, ChunkLength))
            hash.AppendData(Zeros, 0, Math.Min(length, ChunkLength));
    }

    private sealed record Blank(int Length, byte[] Sha1);
}
