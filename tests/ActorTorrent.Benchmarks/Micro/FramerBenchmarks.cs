using ActorTorrent.Engine.Peers;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Peers;
using Akka.Actor;
using BenchmarkDotNet.Attributes;

namespace ActorTorrent.Benchmarks.Micro;

/// <summary>Framing: bytes that came in receives of some size become batches of blocks. A block each.</summary>
public class FramerBenchmarks
{
    private const int Blocks = 64;

    private readonly PeerMessageLimits _limits = new(1000, 1 << 20);
    private readonly InboundBatch _batch = new(0, new ReceiveCredit(1, ActorRefs.Nobody));
    private readonly Slab _slab;
    private readonly int _length;

    public FramerBenchmarks()
    {
        var bytes = PieceMessages.Make(Blocks);
        _slab = new SlabPool(bytes.Length, 1).Rent();
        bytes.CopyTo(_slab.Memory);
        _length = bytes.Length;
    }

    /// <summary>Bytes that one receive brings.</summary>
    [Params(1448, 16_384, 65_536, 262_144)]
    public int Receive { get; set; }

    [Benchmark(OperationsPerInvoke = Blocks)]
    public int Frame()
    {
        var found = 0;
        var parsed = 0;
        for (var filled = 0; filled < _length;)
        {
            filled = Math.Min(_length, filled + Receive);
            _batch.Begin(_slab);
            ReadOnlyMemory<byte> buffered = _slab.Memory[..filled];
            while (PeerMessageReader.TryRead(buffered[parsed..], _limits, out var message, out var consumed, out _) == PeerReadStatus.Read)
            {
                _batch.Add(message, consumed);
                parsed += consumed;
            }
            found += _batch.Count;
            _batch.Release();
        }
        return found;
    }
}
