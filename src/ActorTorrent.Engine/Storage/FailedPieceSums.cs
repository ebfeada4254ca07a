using System.Security.Cryptography;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Remembers of each piece that failed its hash a sum a block and who sent it. Once a good copy is there, whoever sent a
/// block with another sum is proven guilty, however many took part. Bounded: the piece that failed longest ago is forgotten first.
/// </summary>
/// <param name="capacity">Block sums that are kept at most.</param>
internal sealed class FailedPieceSums(int capacity)
{
    private const int CopiesPerPiece = 8;
    private const int SumLength = SHA1.HashSizeInBytes;

    private readonly Dictionary<PieceIndex, LinkedListNode<Failures>> _pieces = [];
    private readonly LinkedList<Failures> _oldestFirst = new();

    /// <summary>Block sums that are kept now.</summary>
    public int Count { get; private set; }

    /// <summary>Keeps the sums of a full piece that did not match its hash.</summary>
    public void Remember(PieceBuffer failed)
    {
        if (failed.BlockCount > capacity)
            return;
        if (!_pieces.TryGetValue(failed.Piece, out var node))
        {
            node = new LinkedListNode<Failures>(new Failures(failed.Piece));
            _pieces.Add(failed.Piece, node);
        }
        else
        {
            _oldestFirst.Remove(node);
        }
        _oldestFirst.AddLast(node);
        var copies = node.Value.Copies;
        if (copies.Count == CopiesPerPiece)
        {
            Count -= copies.Dequeue().Peers.Length;
        }
        copies.Enqueue(Copy.Of(failed));
        Count += failed.BlockCount;
        while (Count > capacity)
        {
            // The piece at hand comes last; it goes too only when its own copies pass the capacity.
            var oldest = _oldestFirst.First!.Value;
            Count -= oldest.Copies.Dequeue().Peers.Length;
            if (oldest.Copies.Count == 0)
                Forget(oldest.Piece);
        }
    }

    /// <summary>Names the peers that a good copy proves guilty, and forgets the piece.</summary>
    public IReadOnlyCollection<int> Judge(PieceBuffer good)
    {
        if (!_pieces.TryGetValue(good.Piece, out var node))
            return [];
        var liars = new HashSet<int>();
        Span<byte> sum = stackalloc byte[SumLength];
        for (var block = 0; block < good.BlockCount; block++)
        {
            SHA1.HashData(good.Block(block), sum);
            foreach (var copy in node.Value.Copies)
            {
                if (copy.Peers[block] != PieceBuffer.Unknown && !copy.SumOf(block).SequenceEqual(sum))
                    liars.Add(copy.Peers[block]);
            }
        }
        Forget(good.Piece);
        return liars;
    }

    private void Forget(PieceIndex piece)
    {
        if (!_pieces.Remove(piece, out var node))
            return;
        _oldestFirst.Remove(node);
        foreach (var copy in node.Value.Copies)
            Count -= copy.Peers.Length;
    }

    private sealed class Failures(PieceIndex piece)
    {
        public PieceIndex Piece { get; } = piece;

        public Queue<Copy> Copies { get; } = new();
    }

    private sealed class Copy(byte[] sums, int[] peers)
    {
        public int[] Peers { get; } = peers;

        public static Copy Of(PieceBuffer buffer)
        {
            var copy = new Copy(new byte[buffer.BlockCount * SumLength], new int[buffer.BlockCount]);
            for (var block = 0; block < buffer.BlockCount; block++)
            {
                SHA1.HashData(buffer.Block(block), copy.Slot(block));
                copy.Peers[block] = buffer.ContributorOf(block);
            }
            return copy;
        }

        public ReadOnlySpan<byte> SumOf(int block) => Slot(block);

        private Span<byte> Slot(int block) => sums.AsSpan(block * SumLength, SumLength);
    }
}
