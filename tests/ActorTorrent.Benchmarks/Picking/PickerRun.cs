using System.Diagnostics;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Benchmarks.Picking;

/// <summary>
/// Peers in turn pick a batch of blocks and deliver it. A fifth of them has everything, the others anything between a little and almost
/// all, in runs of pieces.
/// </summary>
internal sealed class PickerRun
{
    private const int BlocksPerPiece = 16;
    private const int Batch = 16;

    private readonly Random _random = new(7);
    private readonly PiecePicker _picker;
    private readonly int _pieces;
    private readonly int _peers;
    private readonly List<BlockRequest> _picked = new(Batch);
    private readonly List<(int Peer, BlockRequest Block)> _cancels = new(Batch);
    private readonly List<PieceIndex> _whole = new(Batch);

    public PickerRun(int pieces, int peers, bool isSequential)
    {
        _pieces = pieces;
        _peers = peers;
        const int PieceLength = BlocksPerPiece * FileLayout.BlockLength;
        var layout = new FileLayout([new TorrentFileEntry(0, ["file"], (long)pieces * PieceLength, 0)], PieceLength);
        var order = isSequential ? PieceOrder.Sequential : PieceOrder.RarestFirst;
        _picker = new PiecePicker(layout, new PiecePickerOptions { MaxOpenPieces = 1024, Order = order }, _random);
    }

    public PickerResult Measure()
    {
        var bitfields = Enumerable.Range(0, _peers).Select(PiecesOf).ToArray();
        var clock = Stopwatch.StartNew();
        for (var peer = 0; peer < _peers; peer++)
        {
            _picker.AddPeer(peer);
            _picker.PeerHas(peer, bitfields[peer]);
        }
        var bitfieldTime = clock.Elapsed;

        const int Haves = 200_000;
        clock.Restart();
        for (var i = 0; i < Haves; i++)
            _picker.PeerHas(_random.Next(_peers), new PieceIndex(_random.Next(_pieces)));
        var haveTime = clock.Elapsed;

        // A first part warms up; the second one is counted, as far as there is still something to pick.
        var turns = Math.Min(_pieces / 4, 20_000);
        for (var turn = 0; turn < turns; turn++)
            Turn(turn % _peers);
        GC.Collect();
        var blocks = 0L;
        var steps = _picker.Steps;
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        clock.Restart();
        for (var turn = 0; turn < turns; turn++)
            blocks += Turn(turn % _peers);
        var time = clock.Elapsed;
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        return new PickerResult(
            blocks,
            time.TotalNanoseconds / Math.Max(1, blocks),
            (double)(_picker.Steps - steps) / turns,
            (double)bytes / turns,
            haveTime.TotalNanoseconds / Haves,
            bitfieldTime.TotalMilliseconds / _peers);
    }

    private int Turn(int peer)
    {
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
            _picker.PieceVerified(piece);
        return _picked.Count;
    }

    private Bitfield PiecesOf(int peer)
    {
        var pieces = new Bitfield(_pieces);
        if (peer % 5 == 0)
        {
            pieces.SetAll();
            return pieces;
        }
        var density = (int)(100 * Math.Pow(_random.NextDouble(), 2));
        for (var piece = _random.Next(100); piece < _pieces; piece += 100)
        {
            for (var i = 0; i <= density && piece + i < _pieces; i++)
                pieces.Set(new PieceIndex(piece + i));
        }
        return pieces;
    }
}
