using System.Numerics;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Coordination;

/// <summary>
/// A set of pieces, 64 a word, whose words can be laid over another set's: how the picker finds what a peer could give without looking at
/// the pieces one by one. Apart from <see cref="Bitfield"/> because that one is the wire's and counts.
/// </summary>
internal sealed class PieceSet(int count)
{
    private readonly ulong[] _words = new ulong[(count + 63) >> 6];

    public ReadOnlySpan<ulong> Words => _words;

    /// <summary>How many are in; counted anew each time.</summary>
    public int Count()
    {
        var pieces = 0;
        foreach (var word in _words)
            pieces += BitOperations.PopCount(word);
        return pieces;
    }

    public bool Contains(int piece) => (_words[piece >> 6] & (1UL << (piece & 63))) != 0;

    /// <summary>Adds a piece; returns whether it was not in already.</summary>
    public bool Add(int piece)
    {
        ref var word = ref _words[piece >> 6];
        var mask = 1UL << (piece & 63);
        if ((word & mask) != 0)
            return false;
        word |= mask;
        return true;
    }

    /// <summary>Takes a piece out; returns whether it was in.</summary>
    public bool Remove(int piece)
    {
        ref var word = ref _words[piece >> 6];
        var mask = 1UL << (piece & 63);
        if ((word & mask) == 0)
            return false;
        word &= ~mask;
        return true;
    }
}
