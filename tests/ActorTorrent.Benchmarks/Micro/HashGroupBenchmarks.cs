using System.Security.Cryptography;
using ActorTorrent.Engine.Hashing;
using ActorTorrent.Engine.Storage;
using BenchmarkDotNet.Attributes;

namespace ActorTorrent.Benchmarks.Micro;

/// <summary>Pieces of 1 MiB hashed one by one and side by side. A group each: its bytes by the time are the rate.</summary>
public unsafe class HashGroupBenchmarks : IDisposable
{
    private const int PieceLength = 1 << 20;

    private PieceMemory[] _memory = [];
    private HashInput[] _pieces = [];
    private byte[] _sums = [];

    /// <summary>Pieces in a group.</summary>
    [Params(1, 2, 3, 4, 5, 6, 8, 16)]
    public int Pieces { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _memory = [.. Enumerable.Range(0, Pieces).Select(_ => new PieceMemory(PieceLength))];
        foreach (var memory in _memory)
            new Random(1).NextBytes(memory.Bytes);
        _pieces = [.. _memory.Select(memory => new HashInput(memory.Start, PieceLength))];
        _sums = new byte[Sha1Group.HashLength * Pieces];
    }

    [Benchmark(Baseline = true)]
    public void OneByOne()
    {
        foreach (var piece in _pieces)
            SHA1.HashData(piece.Span, _sums);
    }

    [Benchmark]
    public void SideBySide() => Sha1Group.HashInLanes(_pieces, _sums);

    [GlobalCleanup]
    public void Dispose()
    {
        foreach (var memory in _memory)
            memory.Dispose();
        _memory = [];
        GC.SuppressFinalize(this);
    }
}
