using System.Collections;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Coordination;

/// <summary>
/// Super-seeding (BEP 16): the first seed of a swarm pretends to have nothing and tells each peer of one piece at a time. A peer hears of its
/// next piece once the last one has been seen at somebody else, so that each piece leaves the seed about once. Pure: the owner tells peers what
/// this returns.
/// </summary>
internal sealed class SuperSeeder
{
    private readonly int _pieceCount;
    private readonly Random _random;

    // How often a piece was told to somebody, and how many peers have it.
    private readonly int[] _told;
    private readonly int[] _seen;
    private readonly Dictionary<int, Leecher> _peers = [];
    private readonly Dictionary<int, List<int>> _awaited = [];

    /// <param name="pieceCount">Pieces of the torrent.</param>
    /// <param name="random">Breaks ties among pieces.</param>
    public SuperSeeder(int pieceCount, Random random)
    {
        _pieceCount = pieceCount;
        _random = random;
        _told = new int[pieceCount];
        _seen = new int[pieceCount];
    }

    /// <summary>A peer came. Returns the piece to tell it of; null when it has all.</summary>
    /// <param name="peer">Its number.</param>
    public PieceIndex? Add(int peer)
    {
        var leecher = new Leecher(_pieceCount);
        _peers.Add(peer, leecher);
        return Tell(peer, leecher);
    }

    /// <summary>A peer left: what it was told and nobody else has is told to others again. Returns who is to be told of what because of that.</summary>
    public IReadOnlyList<(int Peer, PieceIndex Piece)> Remove(int peer)
    {
        if (!_peers.Remove(peer, out var leecher))
            return [];
        for (var piece = 0; piece < _pieceCount; piece++)
        {
            if (leecher.Has[piece])
                _seen[piece]--;
        }
        if (leecher.Waits is { } waits)
        {
            _told[waits]--;
            _awaited[waits].Remove(peer);
        }
        var tell = new List<(int, PieceIndex)>();
        if (_peers.Count == 1 && _peers.First() is var (last, alone) && alone.Waits is { } had && alone.Has[had])
            Next(last, tell);
        return tell;
    }

    /// <summary>A peer has a piece. Returns which peers are to be told of which pieces.</summary>
    /// <param name="peer">Its number.</param>
    /// <param name="piece">The piece.</param>
    public IReadOnlyList<(int Peer, PieceIndex Piece)> PeerHas(int peer, PieceIndex piece)
    {
        if (!_peers.TryGetValue(peer, out var leecher) || leecher.Has[piece.Value])
            return [];
        leecher.Has[piece.Value] = true;
        _seen[piece.Value]++;
        var tell = new List<(int, PieceIndex)>();
        // Whoever was told of it has passed it on: the piece was seen at somebody who was not told.
        if (leecher.Waits != piece.Value && _awaited.TryGetValue(piece.Value, out var waiting))
        {
            foreach (var other in waiting.ToArray())
                Next(other, tell);
        }
        // Others have it already, or there is nobody to pass it on to.
        else if (leecher.Waits == piece.Value && (_seen[piece.Value] > 1 || _peers.Count == 1))
        {
            Next(peer, tell);
        }
        return tell;
    }

    private void Next(int peer, List<(int Peer, PieceIndex Piece)> tell)
    {
        var leecher = _peers[peer];
        if (leecher.Waits is { } done)
            _awaited[done].Remove(peer);
        leecher.Waits = null;
        if (Tell(peer, leecher) is { } piece)
            tell.Add((peer, piece));
    }

    /// <summary>The piece that was told and is had least often, by lot among equals.</summary>
    private PieceIndex? Tell(int peer, Leecher leecher)
    {
        int best = -1, equals = 0;
        for (var piece = 0; piece < _pieceCount; piece++)
        {
            if (leecher.Has[piece] || leecher.Told[piece])
                continue;
            var order = best < 0 ? -1 : (_told[piece] + _seen[piece]).CompareTo(_told[best] + _seen[best]);
            if (order > 0)
                continue;
            equals = order < 0 ? 1 : equals + 1;
            if (order < 0 || _random.Next(equals) == 0)
                best = piece;
        }
        if (best < 0)
            return null;
        _told[best]++;
        leecher.Told[best] = true;
        leecher.Waits = best;
        if (!_awaited.TryGetValue(best, out var waiting))
            _awaited.Add(best, waiting = []);
        waiting.Add(peer);
        return new PieceIndex(best);
    }

    private sealed class Leecher(int pieceCount)
    {
        public BitArray Has { get; } = new(pieceCount);

        public BitArray Told { get; } = new(pieceCount);

        /// <summary>The piece that it was told of last and has not passed on yet.</summary>
        public int? Waits { get; set; }
    }
}
