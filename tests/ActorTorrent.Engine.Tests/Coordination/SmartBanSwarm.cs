using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.Coordination;

/// <summary>
/// Honest peers and liars in one download, with the real picker, the real piece buffers and the real block sums, and nothing else: no sockets, no
/// clock, every choice by the seed. It keeps the books that the coordinator and its storage keep.
/// </summary>
internal sealed class SmartBanSwarm
{
    private const int MostSteps = 400_000;
    private const int Parole = -7;

    private readonly Random _random;
    private readonly FileLayout _layout;
    private readonly PiecePicker _picker;
    private readonly PieceBufferPool _pool;
    private readonly FailedPieceSums _sums = new(1 << 16);
    private readonly Dictionary<PieceIndex, PieceBuffer> _buffers = [];
    private readonly Dictionary<int, List<BlockRequest>> _outstanding = [];
    private readonly Dictionary<int, double> _lies = [];
    private readonly Dictionary<int, int> _trust = [];
    private readonly HashSet<(PieceIndex Piece, int Block)> _spoiled = [];
    private readonly List<(int Peer, BlockRequest Block)> _cancels = [];
    private int _nextPeer;

    public SmartBanSwarm(int seed)
    {
        _random = new Random(seed);
        var pieceLength = FileLayout.BlockLength * _random.Next(1, 7);
        _layout = PiecePickerModel.LayoutOf(_random.Next(2, 25), pieceLength, _random.Next(1, pieceLength));
        _picker = new PiecePicker(_layout, new PiecePickerOptions { MaxRequestersPerBlock = _random.Next(1, 3), UnprovenBlocks = _random.Next(2) == 0 ? 8 : int.MaxValue }, new Random(seed + 1));
        _pool = new PieceBufferPool(pieceLength, 64);
        var honest = _random.Next(1, 5);
        for (var i = 0; i < honest; i++)
            Join(lies: 0);
        for (var liars = _random.Next(0, 5); liars > 0; liars--)
            Join(_random.Next(3) switch { 0 => 1, 1 => 0.5, _ => 0.05 });
    }

    public HashSet<int> Liars { get; } = [];

    public HashSet<int> Banned { get; } = [];

    /// <summary>Those who sent a bad block of a piece that was put together and failed.</summary>
    public HashSet<int> Guilty { get; } = [];

    /// <summary>Those who were on parole at some time.</summary>
    public HashSet<int> OnParole { get; } = [];

    public bool IsComplete => _picker.IsComplete;

    public void Run()
    {
        for (var step = 0; step < MostSteps && !IsComplete; step++)
        {
            var peer = _outstanding.Keys.ElementAt(_random.Next(_outstanding.Count));
            var owed = _outstanding[peer];
            switch (_random.Next(20))
            {
                case < 6:
                    var picked = new List<BlockRequest>();
                    _picker.Pick(peer, _random.Next(1, 20), picked);
                    owed.AddRange(picked);
                    break;
                case < 18 when owed.Count > 0:
                    var at = _random.Next(owed.Count);
                    var block = owed[at];
                    owed.RemoveAt(at);
                    Deliver(peer, block);
                    break;
                case 18 when owed.Count > 0 && _random.Next(10) == 0:
                    // It chokes us: what it owed will not come, or late.
                    _picker.ReturnAll(peer);
                    Discard();
                    owed.Clear();
                    break;
                case 19 when _random.Next(60) == 0:
                    // It leaves, and comes back as somebody new.
                    var lies = _lies[peer];
                    Leave(peer);
                    Join(lies);
                    break;
            }
        }
    }

    private void Join(double lies)
    {
        var peer = _nextPeer++;
        _outstanding[peer] = [];
        _lies[peer] = lies;
        _trust[peer] = 0;
        if (lies > 0)
            Liars.Add(peer);
        var all = new Bitfield(_layout.PieceCount);
        all.SetAll();
        _picker.AddPeer(peer);
        _picker.PeerHas(peer, all);
    }

    private void Leave(int peer)
    {
        _outstanding.Remove(peer);
        _picker.RemovePeer(peer);
        Discard();
    }

    private void Deliver(int peer, BlockRequest block)
    {
        if (!_picker.WasRequested(peer, block))
            return;
        var isBad = _random.NextDouble() < _lies[peer];
        var data = new byte[block.Length];
        data[0] = (byte)block.Piece.Value;
        data[^1] = (byte)(block.Block + 1);
        if (isBad)
            data[block.Length / 2] ^= 0x40;
        // As storage does, and then the coordinator.
        PieceBuffer? buffer = null;
        if (!_picker.Have[block.Piece] && !_buffers.TryGetValue(block.Piece, out buffer))
            _buffers[block.Piece] = buffer = _pool.Rent(block.Piece, _layout.PieceSize(block.Piece));
        if (buffer is not null && buffer.TryStore(block.Offset, data, peer) && isBad)
            _spoiled.Add((block.Piece, block.Block));
        _cancels.Clear();
        if (_picker.BlockReceived(peer, block, _cancels) != BlockBooking.Accepted && !_picker.IsOpen(block.Piece))
            Drop(block.Piece);
        if (buffer is { IsFull: true } && _buffers.ContainsKey(block.Piece))
            Judge(buffer);
    }

    private void Judge(PieceBuffer buffer)
    {
        var piece = buffer.Piece;
        _buffers.Remove(piece);
        var contributors = buffer.Contributors();
        var bad = Enumerable.Range(0, buffer.BlockCount).Where(block => _spoiled.Contains((piece, block))).ToList();
        _spoiled.RemoveWhere(one => one.Piece == piece);
        foreach (var peer in contributors)
            Trust(peer, bad.Count == 0 ? 1 : -2);
        if (bad.Count == 0)
        {
            _picker.PieceVerified(piece);
            foreach (var liar in _sums.Judge(buffer))
                Ban(liar);
        }
        else
        {
            foreach (var block in bad)
                Guilty.Add(buffer.ContributorOf(block));
            _sums.Remember(buffer);
            _picker.PieceFailed(piece, exclusive: true, contributors);
            if (contributors.Count == 1)
                Ban(contributors.First());
        }
        buffer.Release();
    }

    private void Trust(int peer, int points)
    {
        _trust[peer] = Math.Min(20, _trust[peer] + points);
        if (_trust[peer] <= Parole)
            OnParole.Add(peer);
        _picker.SetParole(peer, _trust[peer] <= Parole);
    }

    private void Ban(int peer)
    {
        if (Banned.Add(peer) && _outstanding.ContainsKey(peer))
            Leave(peer);
    }

    private void Discard()
    {
        var discarded = new List<PieceIndex>();
        _picker.TakeDiscarded(discarded);
        foreach (var piece in discarded)
            Drop(piece);
    }

    private void Drop(PieceIndex piece)
    {
        if (_buffers.Remove(piece, out var buffer))
            buffer.Release();
        _spoiled.RemoveWhere(one => one.Piece == piece);
    }
}
