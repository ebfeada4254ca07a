using ActorTorrent.Engine.Coordination;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using BenchmarkDotNet.Attributes;

namespace ActorTorrent.Benchmarks.Micro;

/// <summary>Picking: peers in turn pick 16 blocks, receive them, and pieces that are whole fail their hash, so that it never ends. A block each.</summary>
public class PickerBenchmarks
{
    private const int Batch = 16;
    private const int Turns = 256;

    private readonly List<BlockRequest> _picked = new(Batch);
    private readonly List<(int Peer, BlockRequest Block)> _cancels = new(Batch);
    private readonly List<PieceIndex> _whole = new(Batch);
    private PiecePicker _picker = null!;

    [Params(10, 1000)]
    public int Peers { get; set; }

    [Params(1000, 100_000)]
    public int Pieces { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var options = new PiecePickerOptions { MaxOpenPieces = 1024, Order = PieceOrder.RarestFirst };
        _picker = new PiecePicker(PieceMessages.Layout(Pieces), options, new Random(7));
        for (var peer = 0; peer < Peers; peer++)
        {
            var pieces = new Bitfield(Pieces);
            pieces.SetAll();
            _picker.AddPeer(peer);
            _picker.PeerHas(peer, pieces);
        }
    }

    [Benchmark(OperationsPerInvoke = Batch * Turns)]
    public int PickAndReceive()
    {
        var blocks = 0;
        for (var turn = 0; turn < Turns; turn++)
        {
            var peer = turn % Peers;
            _picked.Clear();
            _cancels.Clear();
            _whole.Clear();
            _picker.Pick(peer, Batch, _picked);
            foreach (var block in _picked)
            {
                _picker.BlockReceived(peer, block, _cancels);
                if (_picker.IsWhole(block.Piece))
                    _whole.Add(block.Piece);
            }
            foreach (var piece in _whole)
                _picker.PieceFailed(piece, exclusive: false);
            blocks += _picked.Count;
        }
        return blocks;
    }
}
