using System.Security.Cryptography;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using BenchmarkDotNet.Attributes;

namespace ActorTorrent.Benchmarks.Micro;

/// <summary>A piece of 1 MiB: its hash, and its blocks being copied into their slot. A block each.</summary>
public class HashBenchmarks
{
    private const int Blocks = 64;

    private readonly byte[] _bytes = PieceMessages.Make(Blocks);
    private readonly byte[] _slot = new byte[PieceMessages.PieceLength];
    private readonly PieceBufferPool _pool = new(PieceMessages.PieceLength, 4);

    [Benchmark(Baseline = true, OperationsPerInvoke = Blocks)]
    public int HashWhole()
    {
        Span<byte> sha1 = stackalloc byte[PieceHashes.HashLength];
        return SHA1.HashData(_slot, sha1);
    }

    [Benchmark(OperationsPerInvoke = Blocks)]
    public void CopyBlocks()
    {
        for (var block = 0; block < Blocks; block++)
            Data(block).CopyTo(_slot.AsSpan(block * FileLayout.BlockLength));
    }

    [Benchmark(OperationsPerInvoke = Blocks)]
    public void StoreBlocks()
    {
        var buffer = _pool.Rent(new PieceIndex(0), PieceMessages.PieceLength);
        for (var block = 0; block < Blocks; block++)
            buffer.TryStore(block * FileLayout.BlockLength, Data(block), peer: 1);
        buffer.Release();
    }

    private ReadOnlySpan<byte> Data(int block) => _bytes.AsSpan((block * PieceMessages.Length) + 13, FileLayout.BlockLength);
}
